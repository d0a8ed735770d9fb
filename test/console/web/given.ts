import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { Part } from "../../../console/api.ts";
import type { Line } from "../../../console/web/state.ts";
import type { Budget, Entry, Run, Runs, Share, Status } from "../../../console/web/told.ts";

export const NOW = new Date("2026-12-01T12:00:00.000Z");
export const at = (secs: number): string => new Date(NOW.getTime() + secs * 1000).toISOString();
export const OPEN: Line = { kind: "open" };
export const LOST: Line = { kind: "lost", since: new Date(at(-42)), refused: false };

export const known = (value: unknown, secs = 0): Part => ({ kind: "known", value, at: at(secs) });
export const failed = (last?: unknown): Part => ({
  kind: "failed",
  says: "the table is not to be read",
  at: at(-5),
  ...(last !== undefined && { last: { value: last, at: at(-120) } }),
});
export const slow = (last?: unknown): Part => ({
  kind: "slow",
  since: at(-12),
  ...(last !== undefined && { last: { value: last, at: at(-120) } }),
});

/** What a person reads of it. */
export const textOf = (node: VNode): string =>
  renderToString(node)
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .replaceAll("&#39;", "'")
    .trim();

export const share = (given: Partial<Share> = {}): Share => ({
  ruleId: "no-run-over-5-usd",
  mode: "enforce",
  metric: "usageTotalUsd",
  measured: 1,
  limit: 5,
  unit: "USD",
  share: 0.2,
  exempt: false,
  ...given,
});

export const run = (runId: string, given: Partial<Run> = {}): Run => ({
  runId,
  actorId: "v9OuJUZPJtjHQDm1O",
  actor: "acme/shop",
  status: "RUNNING",
  startedAt: at(-600),
  observedAt: at(-20),
  usageTotalUsd: 1,
  shares: [share()],
  stopping: false,
  unconfirmedAt: null,
  held: null,
  exempt: false,
  noLimit: null,
  scheduleHeld: null,
  ...given,
});

export const runs = (all: readonly Run[], given: Partial<Runs> = {}): Runs => ({
  asOf: at(-20),
  completeAt: at(-22),
  budgets: { groups: [], unknown: [] },
  runs: all,
  ...given,
});

export const status = (given: Partial<Status> = {}): Status => ({
  target: { kind: "stack", name: "RunWatchdog", account: "default" },
  guarding: "guarding",
  alive: true,
  lastCompleteAt: at(-23),
  lastTickAt: at(-20),
  lastTickComplete: true,
  skipped: {},
  mode: "enforce",
  policyVersion: 3,
  rules: { enforcing: 2, observing: 1 },
  fellBack: null,
  paused: null,
  live: 0,
  budgets: { groups: [], unknown: [] },
  blockedStops: { runs: 0, usdPerHour: 0 },
  blind: [],
  attention: [],
  openIntents: 0,
  recipients: null,
  notified: null,
  ...given,
});

/** Half of the day is over at `NOW`. */
export const budget = (given: Partial<Budget> = {}): Budget => ({
  ruleId: "daily",
  mode: "enforce",
  budget: {
    per: "day",
    each: "account",
    group: "account",
    from: "2026-12-01T00:00:00.000Z",
    to: "2026-12-02T00:00:00.000Z",
  },
  spent: 20,
  limit: 50,
  share: 0.4,
  ...given,
});

export const entry = (kind: string, given: Partial<Entry> = {}): Entry => ({
  entryId: `${kind}-1`,
  kind,
  at: at(-60),
  sequence: 1,
  by: "watchdog",
  ...given,
});
