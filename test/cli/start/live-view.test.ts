import { describe, expect, it } from "vitest";
import { budgetTexts } from "../../../cli/lines/budget-lines.ts";
import { entryLine } from "../../../cli/lines/lines.ts";
import { bar } from "../../../cli/show/bar.ts";
import { painter, widthOf, written } from "../../../cli/show/terminal.ts";
import { liveFrame } from "../../../cli/start/live-frame.ts";
import { LiveView } from "../../../cli/start/live-view.ts";
import { PlainView } from "../../../cli/start/plain-view.ts";
import type { Moment } from "../../../cli/start/view.ts";
import { type BudgetView, NO_BUDGETS } from "../../../src/watchdog/explain/budget-view.ts";
import { queryRuns } from "../../../src/watchdog/explain/query.ts";
import { actorOf, type Entry } from "../../../src/watchdog/model/entry.ts";
import { actingIn, HOSTILE } from "../../support/hostile.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";
import { widthOf as widthShown } from "../support.ts";

const paint = painter({ colour: true });

/** So many runs, the first of them near its limit. */
async function moment(runs: number): Promise<Moment> {
  const near = { ...HEALTHY, cost: { startUsd: 4, thenUsdPerHour: 0 } };
  const watched = await watch(worldOf(near, ...Array.from({ length: runs - 1 }, () => HEALTHY)), {
    policy: fiveUsd(),
  });
  const report = await watched.tick();
  return {
    now: new Date(watched.emulator.clock.now()),
    runs: (await queryRuns(watched.ports)).runs,
    budgets: NO_BUDGETS,
    nameOf: () => "acme/a-name-that-is-longer-than-most",
    report,
    ticks: 7,
    stopped: 2,
    observed: 0,
    held: 1,
    warned: 3,
    savedMicroUsd: 12_340_000,
  };
}

const entry = {
  kind: "abort.intended",
  at: "2026-09-01T08:00:00.000Z",
  runId: "iOIRSSnkEYKwhMeAJ",
  ruleId: "no-run-over-5-usd",
  evidence: { metric: "usageTotalUsd", measured: 7, limit: 5, unit: "USD" },
} as unknown as Entry;

/** A screen that keeps what was written. */
function screen(columns: number) {
  let written = "";
  return {
    columns,
    rows: 24,
    write: (text: string) => {
      written += text;
    },
    written: () => written,
  };
}

describe("liveFrame()", () => {
  it.each([32, 40, 60, 68, 69, 80, 120, 200])("is readable at %d columns, no line wider", async (columns) => {
    const lines = liveFrame(await moment(3), { columns, rows: 24, paint });
    for (const line of lines) expect(widthOf(line)).toBeLessThan(columns);
    expect(lines.join("\n")).toMatch(/ac.*\$4\.00\/\$5\.00/);
    expect(lines.join("\n")).toContain("stopped 2");
  });

  it.each([4, 8, 12, 24])("is no taller than %d rows allow", async (rows) => {
    for (const columns of [40, 80]) {
      const lines = liveFrame(await moment(20), { columns, rows, paint });
      expect(lines.length).toBeLessThan(rows);
    }
  });

  it("says under observe what it would have stopped", async () => {
    const now = await moment(1);
    const observed = { ...now, observed: 4, report: { ...now.report, mode: "observe" as const } };
    const text = liveFrame(observed, { columns: 120, rows: 24, paint: (_format, plain) => plain }).join("\n");
    expect(text).toContain("would have stopped 4, stopped 2");
  });

  it("shows spend and time against their limits, what was done and what it saved", async () => {
    const text = liveFrame(await moment(3), { columns: 80, rows: 24, paint: (_format, plain) => plain });
    expect(text.join("\n")).toMatch(/acme\/a-name\S*… {2}running {3}█{7}░{2} {2}\$4\.00\/\$5\.00/);
    expect(text.join("\n")).toContain("stopped 2, held 1, warned 3; saved about $12.34 so far (an estimate)");
  });

  it("leaves out what has no room, and says how many", async () => {
    const lines = liveFrame(await moment(20), { columns: 80, rows: 14, paint });
    expect(lines.length).toBeLessThan(14);
    expect(lines.at(-1)).toContain("… and 13 more");
  });
});

describe("bar()", () => {
  it.each([
    [0, "░░░░"],
    [0.5, "██░░"],
    [0.99, "███░"],
    [1, "████"],
    [7, "████"],
  ])("draws %d as %s", (share, drawn) => {
    expect(bar(share, 4)).toBe(drawn);
  });
});

describe("LiveView", () => {
  it.each(HOSTILE)("shows a text that would %s, and keeps its picture", async (_what, text) => {
    const at = screen(120);
    const view = new LiveView(at, paint);
    const now = { ...(await moment(2)), nameOf: () => text };
    for (const { live } of now.runs) (live.run as { status: string }).status = text;
    view.say(text);
    view.entry({ ...entry, runId: text, ruleId: text, by: text }, text);
    view.moment(now);
    // Hiding the cursor, and going up to wipe: those are the view's own.
    const begin = "\u001b";
    const told = at
      .written()
      .replaceAll(`${begin}[?25l`, "")
      .replace(new RegExp(`(${begin}\\[\\d+A)?\r${begin}\\[J`, "g"), "");
    expect(actingIn(told, { colours: true })).toEqual([]);
    expect(told).toContain("<<\\");
    for (const line of liveFrame(now, { ...at, paint }))
      expect(widthShown(written(line))).toBe(widthOf(line));
  });

  it("keeps what happened and draws the rest anew", async () => {
    const at = screen(80);
    const view = new LiveView(at, paint);
    const now = await moment(2);
    view.moment(now);
    const height = liveFrame(now, { ...at, paint }).length;
    view.entry(entry, "acme/shop");
    expect(at.written()).toContain(`\u001b[${height}A`);
    expect(at.written().split("STOPPING")).toHaveLength(2);
  });

  it("wipes what a terminal that was made narrower has broken into more lines", async () => {
    const at = { ...screen(120), columns: 120 };
    const view = new LiveView(at, paint);
    const now = await moment(2);
    view.moment(now);
    const broken = liveFrame(now, { ...at, paint }).reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / 60)),
      0,
    );
    at.columns = 60;
    view.moment(now);
    expect(at.written()).toContain(`\u001b[${broken}A`);
  });

  it("gives back the cursor at the end, and wipes what moved", async () => {
    const at = screen(80);
    const view = new LiveView(at, paint);
    view.moment(await moment(1));
    view.end();
    expect(at.written()).toMatch(/\[J\s?.\[\?25h$/s);
  });

  it("breaks a long entry after the run, so that the reason is not cut", async () => {
    const at = screen(60);
    const view = new LiveView(at, (_format, text) => text);
    view.entry(entry, "acme/shop-products");
    view.end();
    expect(at.written()).toContain("iOIRSSnkEYKwhMeAJ\n                   cost $7.00 of $5.00");
  });
});

describe("budgets in a view", () => {
  const view = (group: string, spentUsd: number, guard?: "unfilledWindow"): BudgetView => ({
    ruleId: "a",
    mode: "enforce",
    budget: {
      per: "day",
      each: group === "account" ? "account" : "actor",
      group,
      from: "2026-09-01T00:00:00.000Z",
      to: "2026-09-02T00:00:00.000Z",
    },
    spentUsd,
    limitUsd: 50,
    share: spentUsd / 50,
    reached: [],
    ...(guard && { guard }),
  });
  const withBudgets = async (...groups: readonly BudgetView[]): Promise<Moment> => ({
    ...(await moment(3)),
    budgets: { groups, unknown: [] },
  });
  const plainPaint = (_format: unknown, text: string): string => text;

  it.each([32, 80, 120])("are one line of the live picture at %d columns, no wider", async (columns) => {
    const budgets = [view("account", 31.2), view("actor1", 4)];
    const lines = liveFrame(await withBudgets(...budgets), { columns, rows: 24, paint: plainPaint });
    const told = lines.filter((line) => line.includes("budgets"));
    expect(told).toHaveLength(1);
    for (const line of lines) expect(widthOf(line)).toBeLessThan(columns);
    if (columns > 32) expect(told[0]).toContain("budgets  the account $31.20 of $50.00 a day");
    if (columns === 120)
      expect(told[0]).toContain("; acme/a-name-that-is-longer-than-most $4.00 of $50.00 a day");
  });

  it("take no line where there are none", async () => {
    const lines = liveFrame(await moment(3), { columns: 80, rows: 24, paint: plainPaint });
    expect(lines.join("\n")).not.toContain("budgets");
  });

  it.each([80, 120])(
    "stand in the plain log at %d columns with what holds them, and none is cut",
    async (columns) => {
      const out: string[] = [];
      const plain = new PlainView({ columns, out: (line) => void out.push(...[line].flat()) });
      plain.moment({ ...(await withBudgets(view("account", 31.2, "unfilledWindow"))), ticks: 61 });
      for (const line of out) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(out.join(" ").replace(/\s+/g, " ")).toMatch(
        /\d\d:\d\d budgets the account \$31\.20 of \$50\.00 a day \(stops nothing yet: the ledger does not go back to its window's beginning\)/,
      );
    },
  );

  it("name three of a rule, and count the rest", () => {
    const groups = [5, 4, 3, 2, 1].map((spentUsd) => view(`actor${spentUsd}`, spentUsd));
    const texts = budgetTexts({ groups, unknown: [{ ruleId: "b", reason: "nobody told" }] }, (id) => id);
    expect(texts).toEqual([
      "actor5 $5.00 of $50.00 a day",
      "actor4 $4.00 of $50.00 a day",
      "actor3 $3.00 of $50.00 a day",
      "2 more of a",
      "b not known: nobody told",
    ]);
  });

  it("have the Actor's name before their entries, and none before the account's", () => {
    const evidence = (each: string, group: string) => ({
      metric: "budget",
      measured: 5,
      limit: 5,
      unit: "USD",
      budget: { per: "day", each, group, from: "", to: "" },
    });
    const of = (each: string, group: string) =>
      ({
        kind: "step.notified",
        at: "2026-09-01T08:00:00.000Z",
        subject: { kind: "budget", ruleId: "a", group, from: "" },
        ruleId: "a",
        step: { at: 100, do: "abort" },
        evidence: evidence(each, group),
      }) as unknown as Entry;
    expect(actorOf(of("actor", "actor1"))).toBe("actor1");
    expect(actorOf(of("account", "account"))).toBeUndefined();
    expect(entryLine(of("actor", "actor1"), "acme/shop")).toBe(
      "08:00  SPENT       acme/shop  Actor actor1 spent $5.00 of $5.00 a day (a), at 100%",
    );
    expect(entryLine(of("account", "account"), "")).toBe(
      "08:00  SPENT       the account spent $5.00 of $5.00 a day (a), at 100%",
    );
  });
});
