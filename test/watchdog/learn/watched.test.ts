import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../support/fast-check.ts";
import { parsePolicy, toUsd } from "../../../src/policy/index.ts";
import { backtest } from "../../../src/watchdog/learn/backtest.ts";
import type { Past } from "../../../src/watchdog/learn/past.ts";
import type { LiveRun } from "../../../src/watchdog/model/live.ts";
import { watchedOf } from "../../../src/watchdog/observe/curve/trail.ts";
import { remember } from "../../../src/watchdog/observe/remember.ts";
import { past, START } from "./past-runs.ts";

const MINUTE = 60_000;
const LOOKS_MS = MINUTE;
/** From a look to the reading that follows it. */
const READ_AFTER_MS = 400;

type Lived = {
  readonly readyMinutes: number;
  readonly parts: readonly { readonly minutes: number; readonly usd: number; readonly jumps: boolean }[];
  readonly stoppingMinutes: number;
  readonly firstLookMs: number;
  /** When Apify shows it in a status that is not known. */
  readonly strange: { readonly fromMinute: number; readonly minutes: number };
  /** When a reading after each look leaves out what the run has cost. */
  readonly untold: { readonly fromMinute: number; readonly minutes: number };
};

const minutesSometime = fc.record({
  fromMinute: fc.integer({ min: 0, max: 60 }),
  minutes: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 30 })),
});

/** Of parts that cost so many micro-dollars at most. */
const livedFor = (most: number): fc.Arbitrary<Lived> =>
  fc.record({
    readyMinutes: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 })),
    parts: fc.array(
      fc.record({
        minutes: fc.integer({ min: 1, max: 40 }),
        usd: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: most }).map(toUsd)),
        jumps: fc.boolean(),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    stoppingMinutes: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 10 })),
    firstLookMs: fc.integer({ min: 0, max: LOOKS_MS }),
    strange: minutesSometime,
    untold: minutesSometime,
  });

/** What a run has cost after so many minutes of running. */
function costAfter({ parts }: Lived, minutes: number): number {
  let [left, usd] = [minutes, 0];
  for (const part of parts) {
    if (left <= 0) break;
    usd += part.jumps ? part.usd : part.usd * Math.min(1, left / part.minutes);
    left -= part.minutes;
  }
  return usd;
}

const minutesOf = ({ parts }: Lived): number => parts.reduce((sum, { minutes }) => sum + minutes, 0);

type Seen = {
  readonly at: number;
  readonly status: string;
  readonly usd: number;
  readonly isUntold: boolean;
};

const isIn = (minutes: number, { fromMinute, minutes: forMinutes }: Lived["untold"]): boolean =>
  minutes >= fromMinute && minutes < fromMinute + forMinutes;

/** The run, as it is looked at once a minute. */
function looksAt(run: Lived): { readonly looks: readonly Seen[]; readonly endMs: number } {
  const runs = run.readyMinutes + minutesOf(run);
  const endMs = (runs + run.stoppingMinutes) * MINUTE;
  const looks: Seen[] = [];
  for (let ms = run.firstLookMs; ms < endMs; ms += LOOKS_MS) {
    const minutes = ms / MINUTE;
    const known = minutes < run.readyMinutes ? "READY" : minutes < runs ? "RUNNING" : "ABORTING";
    const status = isIn(minutes, run.strange) ? "MIGRATING" : known;
    const usd = costAfter(run, Math.min(runs, minutes) - run.readyMinutes);
    looks.push({ at: START + ms, status, usd, isUntold: isIn(minutes, run.untold) });
  }
  return { looks, endMs };
}

const micro = (usd: number): number => Math.round(usd * 1e6);

/** The run as it is recorded after these looks. */
function recorded(run: Lived): Past {
  const { looks, endMs } = looksAt(run);
  const finishedAt = new Date(START + endMs);
  const ended = past(0, costAfter(run, minutesOf(run)), { finishedAt, status: "ABORTED" });
  let live: LiveRun | undefined;
  for (const { at, status, usd, isUntold } of looks) {
    const { finishedAt: _end, usageTotalMicroUsd: _final, ...then } = { ...ended.run, status };
    const told = { ...then, usageTotalMicroUsd: micro(usd) };
    live = remember(live, { run: told, observedAt: new Date(at), source: "list" });
    if (isUntold)
      live = remember(live, { run: then, observedAt: new Date(at + READ_AFTER_MS), source: "detail" });
  }
  live = remember(live, { run: ended.run, observedAt: new Date(START + endMs + 20_000), source: "detail" });
  const watched = watchedOf(live);
  const curve = (live.trail?.open ?? []).map(({ at, microUsd }) => ({
    at: new Date(Math.floor(at.getTime() / 1000) * 1000),
    microUsd,
  }));
  return { ...ended, curve, lives: 1, ...(watched && { watched }) };
}

const isActive = ({ status }: Seen): boolean => status === "READY" || status === "RUNNING";

describe("of a run that was watched, a back-test says what was decided of it", () => {
  const RULES = {
    cost: {
      limit: { usageTotalUsd: 1 },
      is: (look: Seen) => isActive(look) && !look.isUntold && micro(look.usd) >= 1_000_000,
    },
    cents: {
      limit: { usageTotalUsd: 0.04 },
      is: (look: Seen) => isActive(look) && !look.isUntold && micro(look.usd) >= 40_000,
    },
    runTime: {
      limit: { runTime: "50m" },
      is: (look: Seen, run: Lived) => {
        const ready = looksAt(run).looks.findLast(({ status }) => status === "READY");
        const until = ready ? ready.at + (ready.isUntold ? READ_AFTER_MS : 0) : START;
        return look.status === "RUNNING" && look.at >= until + 50 * MINUTE;
      },
    },
    queueTime: {
      limit: { queueTime: "10m" },
      is: (look: Seen) => look.status === "READY" && look.at >= START + 10 * MINUTE,
    },
    abortingTime: {
      limit: { abortingTime: "5m" },
      is: (look: Seen, run: Lived) => {
        const since = looksAt(run).looks.find(({ status }) => status === "ABORTING")?.at ?? Number.NaN;
        return look.status === "ABORTING" && look.at >= since + 5 * MINUTE;
      },
    },
  } as const;

  it.each(Object.keys(RULES) as (keyof typeof RULES)[])(
    "by %s: within its range, and if it is sure",
    (kind) => {
      const { limit, is } = RULES[kind];
      const policy = parsePolicy({
        version: 1,
        rules: [
          { id: "r", limit, steps: [{ at: "100%", do: kind === "abortingTime" ? "abort-now" : "abort" }] },
        ],
      });
      let [decisions, sure] = [0, 0];
      fc.assert(
        fc.property(livedFor(kind === "cents" ? 60_000 : 3_000_000), (run) => {
          const decided = looksAt(run).looks.find((look) => is(look, run));
          const { stops } = backtest(
            policy,
            {
              source: "ledger",
              from: new Date(START),
              until: new Date(START + 40 * 60 * MINUTE),
              runs: [recorded(run)],
              open: 0,
            },
            () => ({}),
          );
          const [stop] = stops;
          if (stop?.sure) {
            sure++;
            expect(decided).toBeDefined();
          }
          if (decided === undefined) return;
          decisions++;
          expect(stop).toBeDefined();
          // A second more: points of the curve are kept to the second.
          expect(decided.at).toBeGreaterThanOrEqual(stop?.at.from.getTime() ?? Number.NaN);
          expect(decided.at).toBeLessThanOrEqual((stop?.at.to.getTime() ?? Number.NaN) + LOOKS_MS + 1_000);
        }),
      );
      expect(decisions).toBeGreaterThan(10);
      expect(sure).toBeGreaterThan(5);
    },
  );
});
