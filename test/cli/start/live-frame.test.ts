import { describe, expect, it } from "vitest";
import { budgetTexts } from "../../../cli/lines/budget-lines.ts";
import { entryLine } from "../../../cli/lines/lines.ts";
import { bar } from "../../../cli/show/bar.ts";
import { painter, widthOf } from "../../../cli/show/terminal.ts";
import { liveFrame } from "../../../cli/start/live-frame.ts";
import { PlainView } from "../../../cli/start/plain-view.ts";
import type { Moment } from "../../../cli/start/view.ts";
import type { BudgetView } from "../../../src/watchdog/explain/budget-view.ts";
import { actorOf, type Entry } from "../../../src/watchdog/model/entry.ts";
import { moment } from "./moment.ts";

const paint = painter({ colour: true });

describe("liveFrame()", () => {
  it.each([32, 40, 60, 68, 69, 80, 120, 200])("is readable at %d columns, no line wider", async (columns) => {
    const lines = liveFrame(await moment(3), { columns, rows: 24, paint });
    for (const line of lines) expect(widthOf(line)).toBeLessThan(columns);
    expect(lines.join("\n")).toMatch(/ac.*\$4\.00\/\$5\b/);
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
    const observed = { ...now, observed: 4 };
    const text = liveFrame(observed, { columns: 120, rows: 24, paint: (_format, plain) => plain }).join("\n");
    expect(text).toContain("would have stopped 4, stopped 2");
  });

  it("says of an account of one's own that it only reads, and what enforcing would have saved", async () => {
    const now = { ...(await moment(1)), isReadOnly: true, observed: 2, forgoneMicroUsd: 3_200_000 };
    const at = { columns: 80, rows: 24, paint: (_format: unknown, plain: string) => plain };
    const text = liveFrame(now, at).join("\n");
    expect(text).toContain("UTC  watching, read-only: 1 live run");
    expect(text).toContain("would have stopped 2, held 1");
    expect(text).toContain("enforcing would have saved $3.20: what those 2 runs have cost since");
    expect(text).not.toMatch(/saved about|, stopped/);
    expect(liveFrame({ ...now, observed: 0 }, at).join("\n")).not.toContain("saved");
  });

  it("says in its first line that it is paused, by whom and why", async () => {
    const now = await moment(1);
    const pause = { by: "ana", reason: "a release", since: now.now, at: now.now };
    const paused = { ...now, control: { ...now.control, pause } };
    const [, first] = liveFrame(paused, { columns: 80, rows: 24, paint: (_format, plain) => plain });
    expect(first).toBe("PAUSED by ana, until resumed: a release");
  });

  it("has each run's id at 80 columns, and its nearest limit as a bar", async () => {
    const now = await moment(2);
    const lines = liveFrame(now, { columns: 80, rows: 24, paint: (_format, plain) => plain });
    for (const { live } of now.runs)
      expect(lines.filter((line) => line.startsWith(live.run.id))).toHaveLength(1);
    expect(lines.join("\n")).toMatch(/\$4\.00\/\$5 +1h {2}█{8}░{2} {2}80%/);
  });

  it("shows spend and time against their limits, what was done and what it saved", async () => {
    const text = liveFrame(await moment(3), { columns: 80, rows: 24, paint: (_format, plain) => plain });
    expect(text.join("\n")).toMatch(/acme\/a-name\S*… {6}\$4\.00\/\$5 /);
    expect(text.join("\n")).toContain("stopped 2, held 1, warned 3");
    expect(text.join("\n")).toContain("saved about $12.34 so far, had they gone on");
  });

  it("leaves out what has no room, and says how many", async () => {
    const lines = liveFrame(await moment(20), { columns: 80, rows: 14, paint });
    expect(lines.length).toBeLessThan(14);
    expect(lines.at(-1)).toMatch(/… and 1\d more; /);
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
    spent: spentUsd,
    limit: 50,
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
