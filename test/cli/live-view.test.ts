import { describe, expect, it } from "vitest";
import { bar, liveFrame } from "../../cli/live-frame.ts";
import { LiveView } from "../../cli/live-view.ts";
import { painter, widthOf } from "../../cli/terminal.ts";
import type { Moment } from "../../cli/view.ts";
import { NO_BUDGETS } from "../../src/watchdog/budget-view.ts";
import type { Entry } from "../../src/watchdog/entry.ts";
import { queryRuns } from "../../src/watchdog/query.ts";
import { fiveUsd, HEALTHY, watch, worldOf } from "../support/world.ts";

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
