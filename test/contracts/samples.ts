import type { Exemption, Run } from "../../src/policy/index.ts";
import { type ControlState, EMPTY_CONTROL, type OpenIntent } from "../../src/watchdog/model/control.ts";
import {
  type EntryDraft,
  type Head,
  runChain,
  type SealedEntry,
  seal,
} from "../../src/watchdog/model/entry.ts";
import type { LiveRun } from "../../src/watchdog/model/live.ts";
import type { LedgerWrite, RunRecord } from "../../src/watchdog/model/ports.ts";

export const NOON = new Date("2026-11-24T12:00:00.000Z");
export const later = (ms: number): Date => new Date(NOON.getTime() + ms);

export const run = (overrides: Partial<Run> = {}): Run => ({
  id: "run-1",
  actorId: "actor-1",
  status: "RUNNING",
  startedAt: NOON,
  origin: "API",
  ...overrides,
});

export const liveRun = (overrides: Partial<Run> = {}): LiveRun => ({
  run: run(overrides),
  observedAt: NOON,
  source: "list",
  life: { number: 0, since: NOON, looks: {} },
  said: [],
});

export const record = (overrides: Partial<RunRecord> = {}): RunRecord => ({
  run: run(),
  life: 0,
  recordedAt: NOON,
  version: 1,
  ...overrides,
});

/** Records a run anew after `expectedVersion` recordings, all that it cost in `spend`. */
export const ledgerWrite = (
  overrides: Partial<Run> = {},
  { expectedVersion = 0, ...rest }: Partial<LedgerWrite> = {},
): LedgerWrite => ({
  record: record({ run: run(overrides), version: expectedVersion + 1 }),
  expectedVersion,
  spend: {},
  ...rest,
});

export function controlState(overrides: Partial<ControlState> = {}): ControlState {
  const { version: _version, exemptions: _exemptions, ...state } = EMPTY_CONTROL;
  return { ...state, ...overrides };
}

export const EXEMPTION: Exemption & { kind: "valid" } = {
  kind: "valid",
  subject: { kind: "run", id: "run-1" },
  until: later(60_000),
  ceilingMicroUsd: 5_000_000,
  owner: "ops",
  reason: "import",
  grantedAt: NOON,
  noticedAt: later(50_000),
  undoOf: "intent-1",
};

export const openIntent = (overrides: Partial<OpenIntent> = {}): OpenIntent => ({
  intentId: "intent-1",
  runId: "run-1",
  life: 0,
  actorId: "actor-1",
  ruleId: "rule-1",
  step: { at: 100, do: "abort" },
  policyVersion: 1,
  at: NOON,
  evidence: {
    metric: "runTime",
    measured: 2,
    limit: 1,
    unit: "s",
    observedAt: NOON.toISOString(),
    source: "list",
    basis: "actual",
  },
  claim: { tickId: "tick-1", until: later(20_000) },
  callSent: false,
  ...overrides,
});

export const draft = (overrides: Partial<EntryDraft> = {}): EntryDraft => ({
  entryId: "entry-1",
  kind: "abort.held",
  at: NOON.toISOString(),
  subject: { kind: "run", runId: "run-1", life: 0 },
  runId: "run-1",
  by: "watchdog",
  ...overrides,
});

/** An entry of the chain of `run-1` behind `tail`, unless another chain is named. */
export const sealed = (
  account: string,
  tail?: Head,
  overrides: Partial<EntryDraft> = {},
  chain: string = runChain("run-1"),
): SealedEntry => seal(draft(overrides), account, chain, tail);

export const headOf = ({ entry, hash }: SealedEntry): Head => ({ sequence: entry.sequence, hash });

export async function collect<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const each of source) all.push(each);
  return all;
}

/** How many of these were done, and the errors of the others. */
export async function outcomes(attempts: readonly Promise<unknown>[]) {
  const settled = await Promise.allSettled(attempts);
  return {
    done: settled.filter(({ status }) => status === "fulfilled").length,
    errors: settled.flatMap((each) => (each.status === "rejected" ? [each.reason as Error] : [])),
  };
}
