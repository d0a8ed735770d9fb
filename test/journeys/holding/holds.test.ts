import { describe, expect, it } from "vitest";
import { pause, resume } from "../../../src/watchdog/policies/operate.ts";
import type { TickReport } from "../../../src/watchdog/tick/report.ts";
import { HOUR, MINUTE } from "../../support/world.ts";
import {
  about,
  holding,
  inConsole,
  kindsOf,
  ofSources,
  puts,
  SCHEDULE,
  START,
  shown,
  storm,
  stormy,
} from "./storm.ts";

const HELD_BY = 30;

function last(reports: readonly TickReport[]): TickReport {
  const report = reports.at(-1);
  if (report === undefined) throw new Error("no tick");
  return report;
}

const longestMs = (reports: readonly TickReport[]): number =>
  Math.max(...reports.map(({ startedAt, finishedAt }) => Date.parse(finishedAt) - Date.parse(startedAt)));

/** Of whose runs nothing is left when the hour ends. */
const SHORT = {
  starts: {
    actor: "acme/shop",
    cost: 12,
    usageLagMs: 0,
    readyForMs: 0,
    ends: { afterMs: 2 * MINUTE, status: "SUCCEEDED" as const },
  },
};

describe("a budget that holds", () => {
  it("disables the schedule behind it, once and written first, and lets it go when its window ends", async () => {
    const watched = await storm();
    await watched.ticks(HELD_BY);
    expect(shown(watched)?.isEnabled).toBe(false);
    expect(await kindsOf(watched)).toEqual(["source.held"]);
    expect(puts(watched)).toHaveLength(1);
    const [held] = await ofSources(watched);
    expect(held?.change).toMatchObject({
      scheduleId: SCHEDULE,
      name: "prices",
      until: "2026-11-24T01:00:00.000Z",
    });
    const started = watched.runIds().length;
    await watched.ticks(10);
    expect(watched.runIds()).toHaveLength(started);
    watched.advance(HOUR / 4);
    await watched.ticks(2);
    expect(await kindsOf(watched)).toEqual(["source.held", "source.released", "source.held"]);
  });

  it("only says so in observe mode, and calls nothing", async () => {
    const watched = await storm({ ...holding(), mode: "observe" });
    const reports = await watched.ticks(HELD_BY);
    expect(puts(watched)).toEqual([]);
    expect(await kindsOf(watched)).toEqual([]);
    expect(reports.at(-1)?.decisions.map(({ action }) => action)).toContain("hold-sources");
  });

  it("says which schedule goes on where the deployment does not allow holds", async () => {
    const watched = await storm(holding(), { allowHolds: false });
    const reports = await watched.ticks(HELD_BY);
    expect(puts(watched)).toEqual([]);
    expect(about(last(reports), "hold:")).toEqual([
      expect.stringMatching(/^hold:schedulePrices0001 schedule prices .*goes on starting runs.*allowHolds/),
    ]);
  });

  it("holds none where maxHolds is 0", async () => {
    const watched = await storm(holding(2, {}, { maxHolds: 0 }));
    const reports = await watched.ticks(HELD_BY);
    expect(puts(watched)).toEqual([]);
    expect(about(last(reports), "hold:most")).toHaveLength(1);
  });

  it("leaves alone what somebody else has disabled", async () => {
    const watched = await storm();
    await watched.ticks(5);
    inConsole(watched, { isEnabled: false });
    await watched.ticks(HELD_BY);
    expect(await kindsOf(watched)).toEqual([]);
    expect(puts(watched)).toHaveLength(1);
  });

  it("neither holds nor lets go while paused", async () => {
    const watched = await storm(holding(), {}, stormy(SHORT));
    await watched.ticks(HELD_BY);
    await pause(watched.ports, { by: "ada", reason: "a migration" });
    watched.advance(HOUR);
    await watched.ticks(2);
    expect(shown(watched)?.isEnabled).toBe(false);
    await resume(watched.ports, "ada", "done");
    await watched.ticks(1);
    expect((await kindsOf(watched)).slice(0, 2)).toEqual(["source.held", "source.released"]);
  });
});

describe("a hold that Apify does not make", () => {
  const failing = (kind: "update-schedule" | "schedules" | "schedule", fault: object, world = stormy()) =>
    ({ ...world, faults: [{ match: { kind }, fault, times: 1_000 }] }) as ReturnType<typeof stormy>;

  it("is an attention from the third minute on, for as long as it lasts", async () => {
    const watched = await storm(holding(), {}, failing("update-schedule", { kind: "status", status: 500 }));
    const overdue = (await watched.ticks(HELD_BY)).map((report) => about(report, "overdue:").length);
    expect(shown(watched)?.isEnabled).toBe(true);
    const held = new Date((await ofSources(watched))[0]?.at ?? 0);
    const first = (held.getTime() - START.getTime()) / MINUTE;
    expect(overdue.indexOf(1)).toBeLessThanOrEqual(first + 3);
    expect(about(await watched.tick(), "overdue:")).toEqual([
      expect.stringMatching(
        /schedule prices .*was to be disabled at 2026-11-24 00:\d\d UTC.*goes on starting/,
      ),
    ]);
    watched.emulator.faults.clear();
    await watched.ticks(2);
    expect(about(await watched.tick(), "overdue:")).toEqual([]);
  });

  it("takes little of a tick's time where the list of schedules hangs", async () => {
    const watched = await storm(holding(), {}, failing("schedules", { kind: "hang" }));
    const reports = await watched.ticks(HELD_BY);
    expect(await kindsOf(watched)).toEqual(["source.held"]);
    expect(longestMs(reports)).toBeLessThanOrEqual(15_000);
  });

  it("takes no more than a share of it where each of many schedules hangs", async () => {
    const [first] = stormy().schedules ?? [];
    if (first === undefined) throw new Error("no schedule");
    const many = Array.from({ length: 8 }, (_, i) => ({
      ...first,
      id: `schedulePrices000${i}`,
      name: `p${i}`,
    }));
    const world = failing("schedule", { kind: "hang" }, { ...stormy(), schedules: many });
    const watched = await storm(holding(), {}, world);
    expect(longestMs(await watched.ticks(5))).toBeLessThanOrEqual(45_000);
  });
});

describe("a hold ends", () => {
  it("with a raise of its budget", async () => {
    const watched = await storm();
    await watched.ticks(HELD_BY);
    await watched.push(holding(1000));
    await watched.ticks(1);
    expect(shown(watched)?.isEnabled).toBe(true);
    expect((await ofSources(watched)).at(-1)).toMatchObject({
      kind: "source.released",
      change: { reason: "an-hour has room again" },
    });
  });

  it.each([
    ["enabled it", { isEnabled: true }, true, 0],
    ["changed it and left it disabled", { title: "mine" }, false, 1],
    ["enabled and changed it", { isEnabled: true, cronExpression: "*/5 * * * *" }, true, 0],
  ])("when somebody %s, and what they made of it stays", async (_what, change, isEnabled, attentions) => {
    const watched = await storm();
    await watched.ticks(HELD_BY);
    watched.advance(1_000);
    inConsole(watched, change);
    await watched.ticks(3);
    watched.advance(10 * MINUTE);
    const report = await watched.tick();
    expect(shown(watched)?.isEnabled).toBe(isEnabled);
    expect(await kindsOf(watched)).toEqual(["source.held", "source.left"]);
    expect(puts(watched)).toHaveLength(2);
    expect(about(report, `left:${SCHEDULE}`)).toHaveLength(attentions);
    if (!isEnabled) {
      inConsole(watched, { isEnabled: true });
      await watched.ticks(1);
      expect(about(await watched.tick(), "left:")).toEqual([]);
    }
  });

  it("when the schedule is deleted", async () => {
    const watched = await storm(holding(), {}, stormy({ edits: [{ atMs: 40 * MINUTE, isDeleted: true }] }));
    await watched.ticks(45);
    expect((await ofSources(watched)).map(({ kind, change }) => `${kind} ${change?.reason}`)).toEqual([
      "source.held undefined",
      "source.left it was deleted",
    ]);
  });
});
