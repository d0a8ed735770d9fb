import { describe, expect, it } from "vitest";
import type { Run } from "../../../src/policy/index.ts";
import { historyInLedger, historyOnApify } from "../../../src/watchdog/learn/history.ts";
import type { RunItem, RunsOnApify, RunsPage, StoredEntry } from "../../../src/watchdog/model/ports.ts";
import { past } from "./past-runs.ts";

const FROM = new Date("2026-09-01T00:00:00Z");
const UNTIL = new Date("2026-10-01T00:00:00Z");
const NEVER = new AbortController().signal;
const slept: number[] = [];
const clock = {
  now: () => UNTIL,
  monotonicMs: () => 0,
  async sleep(ms: number) {
    slept.push(ms);
  },
};
const young = { finishedAt: new Date(UNTIL.getTime() - 60_000) };

describe("historyOnApify()", () => {
  const pages: readonly (readonly Run[])[] = [
    [past(2, 1).run, past(0, 1).run, past(1, 1, { status: "RUNNING" }).run],
    [past(2, 1).run, past(3, 1, { status: "ABORTED" }).run, past(4, 1, young).run],
  ];

  it("reads page after page without haste, each run once, in the order in which they began", async () => {
    slept.length = 0;
    const asked: unknown[] = [];
    const none = (): never => expect.fail("not asked for");
    const apify: RunsOnApify = {
      listRuns: none,
      readRun: none,
      async runsPage(filter, place): Promise<RunsPage> {
        asked.push(filter);
        const at = place?.offset ?? 0;
        return {
          runs: pages[at] ?? [],
          observedAt: UNTIL,
          malformed: 1,
          ...(at === 0 && { next: { offset: 1 } }),
        };
      },
    };
    const history = await historyOnApify({ apify, clock }, { from: FROM, until: UNTIL }, NEVER);
    expect(history.runs.map(({ run, stopped }) => [run.id, stopped])).toEqual([
      ["run0", false],
      ["run2", false],
      ["run3", true],
    ]);
    expect(history).toMatchObject({ source: "apify", from: FROM, until: UNTIL, open: 2, malformed: 2 });
    expect(slept).toEqual([500]);
    expect(asked[0]).toEqual({ startedAfter: FROM, startedBefore: UNTIL });
  });
});

describe("historyInLedger()", () => {
  const item = (run: Run, more: Partial<RunItem> = {}): RunItem => ({
    run,
    life: 0,
    recordedAt: UNTIL,
    version: 1,
    curve: [],
    ...more,
  });
  const entry = (kind: string, runId: string): StoredEntry => ({
    chain: `run#${runId}`,
    sequence: 1,
    text: JSON.stringify({ kind, runId }),
    hash: "",
    copies: { entryId: `${kind}-${runId}`, kind, at: UNTIL.toISOString(), runId },
  });
  const judged = (runId: string, verdict: string): StoredEntry => ({
    ...entry("stop.judged", runId),
    text: JSON.stringify({
      kind: "stop.judged",
      subject: { kind: "run", runId, life: 0 },
      runId,
      intentId: `stop-of-${runId}`,
      change: { verdict },
    }),
  });
  const unpriced = past(6, undefined).run;
  const items = [
    item(past(5, 1).run, { life: 1 }),
    item(past(0, 1, { status: "ABORTED" }).run),
    item(past(1, 1, { status: "ABORTED" }).run),
    item(past(2, 1, { status: "ABORTED" }).run, { watched: { from: FROM } }),
    item(past(3, 1, { status: "RUNNING" }).run),
    item(past(4, 1, { startedAt: new Date("2026-08-31T23:00:00Z") }).run),
    item(unpriced, { spent: { at: UNTIL, microUsd: 7 } }),
    item(past(7, 1, young).run),
    item(past(8, 1, young).run, { settledAt: UNTIL }),
  ];
  const ports = {
    clock,
    state: {
      readRun: async () => undefined,
      readRuns: async () => new Map(),
      async *allRuns() {
        yield* items;
      },
    },
    audit: {
      async *list() {
        yield entry("abort.intended", "run0");
        yield entry("abort.confirmed", "run0");
        yield entry("abort.confirmed", "run1");
        yield entry("run.undone", "run1");
        yield judged("run2", "wrong");
        yield judged("run6", "wrong");
        yield judged("run6", "planned");
      },
    },
  };

  it("has what ended and rests, and knows what the watchdog stopped and nobody took back", async () => {
    const history = await historyInLedger(ports as never, { from: FROM, until: UNTIL });
    expect(history.runs.map(({ run, stopped, lives }) => [run.id, stopped, lives])).toEqual([
      ["run0", true, 1],
      ["run1", false, 1],
      ["run2", false, 1],
      ["run5", false, 2],
      ["run6", false, 1],
      ["run8", false, 1],
    ]);
    expect(history.runs[4]?.run.usageTotalMicroUsd).toBe(7);
    const told = history.runs.flatMap(({ run, toldAt }) => (toldAt ? [[run.id, toldAt]] : []));
    expect(told).toEqual([["run2", UNTIL]]);
    const verdicts = history.runs.flatMap(({ run, verdict }) => (verdict ? [[run.id, verdict]] : []));
    expect(verdicts).toEqual([
      ["run2", "wrong"],
      ["run6", "planned"],
    ]);
  });
});
