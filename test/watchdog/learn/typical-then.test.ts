import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../support/fast-check.ts";
import { parsePolicy, typicalOf } from "../../../src/policy/index.ts";
import { backtest } from "../../../src/watchdog/learn/backtest.ts";
import type { Past } from "../../../src/watchdog/learn/past.ts";
import { past, START, steady } from "./past-runs.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const RULES = {
  usd: { limit: { timesTypical: { usd: 2, samples: 3, floor: 0.1 } } },
  runTime: { limit: { timesTypical: { runTime: 2, samples: 3, floor: "1m" } } },
} as const;

const tried = (runs: readonly Past[], ...rules: readonly object[]) =>
  backtest(
    parsePolicy({
      version: 1,
      mode: "observe",
      rules: rules.map((rule, i) => ({ id: `r${i}`, steps: [{ at: "100%", do: "abort" }], ...rule })),
    }),
    { source: "ledger", from: new Date(START), until: new Date(START + 40 * DAY), runs, open: 0 },
    () => ({}),
  );

/** Runs of one task that burn evenly, watched from their start to their end. */
const world = fc
  .array(
    fc.record({
      afterMinutes: fc.integer({ min: 1, max: 240 }),
      minutes: fc.integer({ min: 2, max: 400 }),
      usd: fc.integer({ min: 5, max: 1_000 }).map((cents) => cents / 100),
      isHealthy: fc.boolean(),
    }),
    { minLength: 8, maxLength: 30 },
  )
  .map((all) => {
    let at = START;
    return all.map(({ afterMinutes, minutes, usd, isHealthy }, i): Past => {
      at += afterMinutes * MINUTE;
      const [startedAt, finishedAt] = [new Date(at), new Date(at + minutes * MINUTE)];
      const lastLookAt = new Date(finishedAt.getTime() - MINUTE);
      const status = isHealthy ? "SUCCEEDED" : "FAILED";
      return {
        ...past(i, usd, { startedAt, finishedAt, status }),
        curve: [
          { at: startedAt, microUsd: 0 },
          { at: lastLookAt, microUsd: Math.round((usd * 1e6 * (minutes - 1)) / minutes) },
        ],
        watched: { from: startedAt, activeUntil: lastLookAt },
      };
    });
  });

const startOf = ({ run }: Past): number => run.startedAt.getTime();
const endOf = ({ run }: Past): number => Number(run.finishedAt);

/** What a tick that looks once a minute decides, which reads what is typical when it first needs it, and again a day later. */
function decided(runs: readonly Past[], kind: keyof typeof RULES, firstReadMs: number): Map<string, number> {
  const stops = new Map<string, number>();
  const since = new Map<string, number>();
  let [readAt, typical] = [Number.NEGATIVE_INFINITY, typicalOf([], new Date(START))];
  const end = Math.max(...runs.map(endOf));
  for (let now = START + firstReadMs; now < end; now += MINUTE) {
    const live = runs.filter((each) => startOf(each) <= now && now < endOf(each));
    if (live.length === 0) continue;
    const isKnown = Object.keys(typical).length > 0;
    if (now - readAt >= (isKnown ? DAY : DAY / 24)) {
      const ended = runs.filter((each) => endOf(each) <= now && each.run.status === "SUCCEEDED");
      [readAt, typical] = [now, typicalOf(ended.map(({ run }) => run).slice(-100), new Date(now))];
    }
    const usual = kind === "usd" ? typical.usageTotalMicroUsd : typical.runTimeSecs;
    for (const each of live) {
      const { id, usageTotalMicroUsd = 0 } = each.run;
      const ran = now - startOf(each);
      const own = kind === "usd" ? (usageTotalMicroUsd * ran) / (endOf(each) - startOf(each)) : ran / 1000;
      const floor = kind === "usd" ? 100_000 : 60;
      const isAt = usual !== undefined && usual.runs >= 3 && own >= 2 * Math.max(usual.median, floor);
      if (!isAt) since.delete(id);
      else if (!since.has(id)) since.set(id, now);
      else if (!stops.has(id)) stops.set(id, now);
    }
  }
  return stops;
}

describe("a back-test of a limit on what is typical", () => {
  it.each(["usd", "runTime"] as const)("says by %s what ticks decided, within its ranges", (kind) => {
    let [decisions, sure] = [0, 0];
    fc.assert(
      fc.property(world, fc.integer({ min: 0, max: MINUTE - 1 }), (runs, firstReadMs) => {
        const truly = decided(runs, kind, firstReadMs);
        const said = new Map(tried(runs, RULES[kind]).stops.map((stop) => [stop.runId, stop]));
        for (const { runId, sure: isSure } of said.values()) {
          if (!isSure) continue;
          sure++;
          expect([...truly.keys()]).toContain(runId);
        }
        for (const [runId, at] of truly) {
          decisions++;
          const { from, to } = said.get(runId)?.at ?? expect.fail(`no stop of ${runId}`);
          expect(at).toBeGreaterThanOrEqual(from.getTime());
          expect(at).toBeLessThanOrEqual(to.getTime() + MINUTE + 1_000);
        }
      }),
      { numRuns: 40, endOnFailure: true },
    );
    expect(decisions).toBeGreaterThan(20);
    expect(sure).toBeGreaterThan(5);
  });

  it("goes by what was typical then: what comes later changes nothing before it", () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 0, max: 10 * 24 * 60 }), (runs, cut) => {
        const end = START + cut * MINUTE;
        const stopped = (found: ReturnType<typeof backtest>) =>
          found.stops.filter(({ runId, at }) => at.to.getTime() < end && ended.has(runId));
        const known = runs.filter((each) => startOf(each) < end);
        const ended = new Set(known.filter((each) => endOf(each) < end).map(({ run }) => run.id));
        const rules = [RULES.usd, RULES.runTime];
        expect(stopped(tried(known, ...rules))).toEqual(stopped(tried(runs, ...rules)));
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it("says nothing of the first runs, and is not what a later one would have gone by", () => {
    const cheap = steady(30, 2);
    const high = Array.from({ length: 30 }, (_, i) => past(30 + i, 9));
    const rule = { limit: { timesTypical: { usd: 3 } } };
    const { stops, coverage } = tried([...cheap, ...high], rule);
    expect(stops.find(({ runId }) => runId === "run30")).toMatchObject({ ruleId: "r0", sure: false });
    expect(stops.some(({ runId }) => Number(runId.slice(3)) < 30)).toBe(false);
    expect(coverage.notSimulated).toContain(
      "what was typical by runs from before this history: timesTypical goes by the runs in it that had succeeded by then",
    );
  });
});
