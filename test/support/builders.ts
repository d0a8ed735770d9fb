import {
  type Blast,
  type BudgetRule,
  type ControlView,
  DEFAULT_LOOP,
  type Exemption,
  type LedgerView,
  type Life,
  type LimitRule,
  type Observation,
  type Policy,
  type RecentIntent,
  type Run,
  type Step,
} from "../../src/policy/index.ts";
import type { OpenIntent } from "../../src/watchdog/model/control.ts";
import type { LiveRun } from "../../src/watchdog/model/live.ts";

/** Noon of a fixed day. */
export const NOON = new Date("2026-11-24T12:00:00.000Z");

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** So many seconds after noon; before it when negative. */
export const at = (secs: number): Date => new Date(NOON.getTime() + secs * 1000);

export const usd = (amount: number): number => Math.round(amount * 1_000_000);

/** Every status of Apify's, and one that it has not yet. */
export const STATUSES = [
  "READY",
  "RUNNING",
  "TIMING-OUT",
  "ABORTING",
  "SUCCEEDED",
  "FAILED",
  "TIMED-OUT",
  "ABORTED",
  "A-STATUS-OF-TOMORROW",
] as const;

/** A run that started an hour ago and has cost 1 USD. */
export const run = (overrides: Partial<Run> = {}): Run => ({
  id: "run1",
  actorId: "actor1",
  status: "RUNNING",
  startedAt: at(-HOUR),
  origin: "API",
  usageTotalMicroUsd: usd(1),
  ...overrides,
});

/** A run whose cost Apify does not tell. */
export function runOfUnknownCost(overrides: Partial<Run> = {}): Run {
  const { usageTotalMicroUsd: _unknown, ...rest } = run(overrides);
  return rest;
}

export const life = (overrides: Partial<Life> = {}): Life => ({
  number: 0,
  since: at(-HOUR),
  looks: {},
  ...overrides,
});

/** A run listed at noon, in its first life. */
export function observation(overrides: Partial<Observation> = {}): Observation {
  const observed = overrides.run ?? run();
  return {
    run: observed,
    observedAt: NOON,
    source: "list",
    life: life({ since: observed.startedAt }),
    ...overrides,
  };
}

export const step = (share: number, action: Step["do"]): Step => ({ at: share, do: action });

/** No run over 5 USD. */
export const rule = (overrides: Partial<LimitRule> = {}): LimitRule => ({
  id: "no-run-over-5-usd",
  limit: { metric: "usageTotalUsd", value: usd(5) },
  steps: [{ at: 100, do: "abort" }],
  ...overrides,
});

/** Enforces, with room for every stop. */
export const policy = (overrides: Partial<Policy> = {}): Policy => ({
  version: 1,
  mode: "enforce",
  timeZone: "UTC",
  escalation: { forceAfterSecs: 60, alarmAfterSecs: 300 },
  guards: {
    maxAborts: { perTick: 1000, perHour: 1000, percentOfLive: 100 },
    loop: DEFAULT_LOOP,
    maxHolds: 10,
    staleAfterSecs: 600,
  },
  rules: [rule()],
  ...overrides,
});

/** 50 USD a day for the whole account. */
export const budgetRule = (overrides: Partial<BudgetRule> = {}): BudgetRule => ({
  id: "all-50-usd-a-day",
  budget: { of: "usd", limit: usd(50), per: "day", each: "account", timeZone: "UTC" },
  steps: [{ at: 100, do: "abort" }],
  ...overrides,
});

/** A ledger that is complete and up to date at noon, with this much spent by API runs of `actor1` since ten. */
export const ledgerOf = (spentUsd: number, overrides: Partial<LedgerView> = {}): LedgerView => ({
  recorded: {
    cells: ["2026-11-24", "2026-11-24T10"].map((slot) => ({
      slot,
      actorId: "actor1",
      origin: "API",
      microUsd: usd(spentUsd),
    })),
    nameOf: () => ({}),
  },
  live: [],
  readAt: NOON,
  completeSince: at(-30 * DAY),
  lastCompleteAt: at(-MINUTE),
  looks: {},
  ...overrides,
});

export const maxAborts = (
  overrides: Partial<Policy["guards"]["maxAborts"]> = {},
): Pick<Policy, "guards"> => ({
  guards: {
    maxAborts: { perTick: 1000, perHour: 1000, percentOfLive: 100, ...overrides },
    loop: DEFAULT_LOOP,
    maxHolds: 10,
    staleAfterSecs: 600,
  },
});

export const control = (overrides: Partial<ControlView> = {}): ControlView => ({
  exemptions: [],
  recentIntents: [],
  openRunIds: new Set(),
  ...overrides,
});

/** Of `run1`, for another hour. */
export const exemption = (overrides: Partial<Exemption & { kind: "valid" }> = {}): Exemption => ({
  kind: "valid",
  subject: { kind: "run", id: "run1" },
  until: at(HOUR),
  owner: "ada",
  reason: "backfill",
  ...overrides,
});

/** Made ten minutes ago by a tick that is over. */
export const recentIntent = (overrides: Partial<RecentIntent> = {}): RecentIntent => ({
  runId: "earlier1",
  life: 0,
  at: at(-10 * MINUTE),
  tickId: "tick-before",
  tickEndsBy: at(-9 * MINUTE),
  ...overrides,
});

/** This tick, which started a second ago. */
export const blast = (liveRunIds: Iterable<string> = [], overrides: Partial<Blast["tick"]> = {}): Blast => ({
  tick: { id: "tick-now", startedAt: at(-1), ...overrides },
  liveRunIds: new Set(liveRunIds),
});

/** An intent written a second ago for a run over 5 USD, by the tick that looks at it, before any call. */
export const openIntent = (overrides: Partial<OpenIntent> = {}): OpenIntent => ({
  intentId: "intent1",
  runId: "run1",
  life: 0,
  actorId: "actor1",
  ruleId: "no-run-over-5-usd",
  step: { at: 100, do: "abort" },
  policyVersion: 1,
  at: at(-1),
  evidence: {
    metric: "usageTotalUsd",
    measured: 7,
    limit: 5,
    unit: "USD",
    observedAt: at(-2).toISOString(),
    source: "detail",
    basis: "actual",
  },
  claim: { tickId: "tick-now", until: at(19) },
  callSent: false,
  ...overrides,
});

/** A run as remembered from a listing at noon. */
export function liveRun(overrides: Partial<LiveRun> = {}): LiveRun {
  const { run: seen, observedAt, source, life: known } = observation(overrides);
  return { run: seen, observedAt, source, life: known, said: [], ...overrides };
}
