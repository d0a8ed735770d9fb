import { type Entry, type EntryDraft, GENESIS } from "../../../src/watchdog/model/entry.ts";
import type { Tampering } from "../../../src/watchdog/model/notice.ts";
import type { NameOf } from "../../../src/watchdog/notify/known-names.ts";

/** Entries as a watchdog writes them, of one afternoon: what their notices look like is kept in test/notices. */

export const PLACE = {
  account: "acme",
  stack: "RunWatchdog-acme",
  runner: "npx apify-run-watchdog",
} as const;

const SHOP = "hG7kPq2LmN4vX8sYz";
const NIGHTLY = "Zk3mT9bQwE5rUy1oP";
const TASK = "tA5kS2hOpEu7RunAl";

/** What the state table knows of names. */
export const nameOf: NameOf = (kind, id) =>
  (
    ({ actor: { [SHOP]: "acme/shop-products" }, task: { [TASK]: "shop-eu" }, schedule: {} })[kind] as Record<
      string,
      string
    >
  )[id];

const RUN = "iOIRSSnkEYKwhMeAJ";
const INTENT = "5b1f0c2d9e8a7b6c5d4e";

const entry = (draft: Partial<EntryDraft> & Pick<EntryDraft, "kind" | "entryId">): Entry => ({
  at: "2026-11-24T12:03:10.000Z",
  subject: { kind: "run", runId: RUN, life: 0 },
  by: "watchdog",
  account: PLACE.account,
  chain: draft.subject?.kind === "control" ? "control" : `run#${RUN}`,
  sequence: 3,
  previous: GENESIS,
  ...draft,
});

const ofRun = {
  runId: RUN,
  actorId: SHOP,
  actorTaskId: TASK,
  ruleId: "no-run-over-5-usd",
  step: { at: 100, do: "abort" },
  mode: "enforce",
  policyVersion: 3,
  owner: "data-team@acme.example",
  evidence: {
    metric: "usageTotalUsd",
    measured: 5.12,
    limit: 5,
    unit: "USD",
    observedAt: "2026-11-24T12:01:02.000Z",
    source: "detail",
    basis: "actual",
  },
  run: {
    status: "RUNNING",
    startedAt: "2026-11-24T09:40:00.000Z",
    origin: "SCHEDULER",
    usageTotalUsd: 5.12,
  },
} satisfies Partial<EntryDraft>;

export const stopped = entry({
  ...ofRun,
  kind: "abort.confirmed",
  entryId: "0a1b2c3d4e5f60718293",
  run: { ...ofRun.run, status: "ABORTED", finishedAt: "2026-11-24T12:01:41.000Z", usageTotalUsd: 5.19 },
  finalUsageTotalUsd: 5.19,
  overshootUsd: 0.19,
  intentId: INTENT,
  next: "nothing: it has ended",
  overrule: `watchdog undo ${INTENT} --until 6h --reason "…"`,
});

export const unconfirmed = entry({
  ...ofRun,
  kind: "abort.unconfirmed",
  entryId: "1a1b2c3d4e5f60718293",
  reason: "it is still RUNNING 5m after Apify took the call",
  intentId: INTENT,
  next: "the watchdog goes on looking; look at the run in Apify Console, too",
  overrule: `watchdog exempt add --run ${RUN} --until 24h --reason "…"`,
});

/** A step that only notifies, at a share of the limit. */
export const warned = (at: number, entryId = `2a1b2c3d4e5f607182${String(at).padStart(2, "0")}`): Entry =>
  entry({
    ...ofRun,
    kind: "step.notified",
    entryId,
    step: { at, do: "notify" },
    evidence: { ...ofRun.evidence, measured: (5 * at) / 100 },
    next: "at 100% ($5.00) Apify is asked to end it gracefully",
    overrule: `watchdog exempt add --run ${RUN} --until 24h --reason "…"`,
  });

/** A stop that a guard held, of another run each time. */
export const held = (number: number): Entry =>
  entry({
    ...ofRun,
    kind: "abort.held",
    entryId: `3a1b2c3d4e5f607182${String(number).padStart(2, "0")}`,
    runId: `held${String(number).padStart(13, "0")}`,
    actorId: NIGHTLY,
    guard: "perHour",
    next: "the next tick decides again, and stops it as soon as there is room",
    overrule: `watchdog exempt add --run held${String(number).padStart(13, "0")} --until 24h --reason "…"`,
  });

export const spent = entry({
  kind: "step.notified",
  entryId: "4a1b2c3d4e5f60718293",
  subject: { kind: "budget", ruleId: "shop-monthly", group: SHOP, from: "2026-11-01T00:00:00.000Z" },
  chain: `budget#shop-monthly#${SHOP}#2026-11-01T00:00:00.000Z`,
  ruleId: "shop-monthly",
  step: { at: 100, do: "abort" },
  mode: "enforce",
  policyVersion: 3,
  evidence: {
    metric: "spentUsd",
    measured: 301.4,
    limit: 300,
    unit: "USD",
    observedAt: "2026-11-24T12:03:00.000Z",
    source: "list",
    basis: "actual",
    budget: {
      per: "month",
      each: "actor",
      group: SHOP,
      from: "2026-11-01T00:00:00.000Z",
      to: "2026-12-01T00:00:00.000Z",
    },
  },
  next: "its runs are stopped on sight until 2026-12-01 00:00 UTC, when the next window begins, or until it is raised or exempt",
  overrule: 'watchdog exempt add --rule shop-monthly --until 24h --reason "…"',
} as Partial<EntryDraft> & Pick<EntryDraft, "kind" | "entryId">);

const ofControl = {
  subject: { kind: "control" },
  by: "arn:aws:sts::123456789012:assumed-role/ops/ann",
} as const;

export const paused = entry({
  ...ofControl,
  kind: "control.paused",
  entryId: "5a1b2c3d4e5f60718293",
  change: { reason: "month-end crawl" },
});

export const resumed = entry({
  ...ofControl,
  kind: "control.resumed",
  entryId: "5b1b2c3d4e5f60718293",
  change: { reason: "the crawl is done" },
});

export const pushed = entry({
  ...ofControl,
  kind: "policy.pushed",
  entryId: "6a1b2c3d4e5f60718293",
  change: { version: 4, previousVersion: 3, reason: "shop relaunch", document: { version: 1, rules: [] } },
});

export const fellBack = entry({
  ...ofControl,
  by: "watchdog",
  kind: "policy.fell-back",
  entryId: "6b1b2c3d4e5f60718293",
  change: { version: 4, inForce: 3, problem: "rules: got [], wanted at least one" },
});

export const granted = entry({
  ...ofControl,
  kind: "exemption.granted",
  entryId: "7a1b2c3d4e5f60718293",
  change: {
    subject: { kind: "actor", id: SHOP },
    until: "2026-11-25T12:00:00.000Z",
    ceilingUsd: 40,
    owner: "ann",
    reason: "relaunch",
  },
});

export const ending = entry({
  ...granted,
  by: "watchdog",
  kind: "exemption.ending",
  entryId: "7b1b2c3d4e5f60718293",
});

export const acknowledged = entry({
  ...ofControl,
  kind: "attention.acknowledged",
  entryId: "7c1b2c3d4e5f60718293",
  change: { attention: "weaker:pause", until: "2026-11-27T12:00:00.000Z", reason: "migration" },
});

export const loop = entry({
  ...ofControl,
  by: "watchdog",
  kind: "loop.begun",
  entryId: "7d1b2c3d4e5f60718293",
  change: {
    subject: { kind: "actor", id: SHOP },
    reason: "its runs were stopped 3 times in 12m and came back each time, which costs 4.20 USD an hour",
    stops: 3,
  },
});

export const undone = entry({
  ...ofRun,
  ...ofControl,
  subject: { kind: "run", runId: RUN, life: 0 },
  kind: "run.undone",
  entryId: "8a1b2c3d4e5f60718293",
  reason: "it was almost done",
  change: { exemption: { until: "2026-11-24T18:00:00.000Z", ceilingUsd: 10 } },
});

export const TAMPERING: Tampering = {
  id: "111200000000012345678",
  change: "changed",
  at: "2026-11-24T12:10:00.000Z",
  chain: `run#${RUN}`,
  sequence: 3,
  was: { entryId: stopped.entryId, kind: stopped.kind, hash: "9f".repeat(32) },
  hashNow: "a7".repeat(32),
};
