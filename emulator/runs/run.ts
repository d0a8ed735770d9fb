import type { Actor, Task } from "../world/actor.ts";
import type { CostCurve } from "../world/cost-curve.ts";
import type { AbortBehaviour, RunOrigin, RunScript, RunStatus } from "../world/script.ts";
import { type Service, USUAL_SHARES } from "../world/services.ts";

/** A status and the instant (epoch ms) from which it holds. */
export type Change = { readonly atMs: number; readonly status: RunStatus };

/**
 * One life of a run: from its start, or a resurrection, to its next end. `changes` holds what has happened and what
 * will if nobody interferes, ascending; an interference at T replaces all after T, so the past can always be read.
 */
export type Life = { readonly startedAtMs: number; changes: readonly Change[]; forced: boolean };

/** A script with every default filled in. */
export type Character = {
  readonly origin: RunOrigin;
  readonly readyForMs: number;
  readonly cost: CostCurve;
  readonly spendsOn: Readonly<Partial<Record<Service, number>>>;
  readonly usageLagMs: number;
  readonly usageRefreshMs: number;
  readonly settlesInMs: number;
  readonly costMissing: "absent" | "null" | undefined;
  readonly ends: RunScript["ends"];
  readonly rxBytesPerSec: number;
  readonly idleAfterMs: number;
  readonly restartsEveryMs: number;
  readonly onAbort: AbortBehaviour;
  readonly generalAccess: "FOLLOW_USER_SETTING" | "RESTRICTED";
  readonly scheduleId: string | undefined;
};

/** What a caller may set for a run when it starts or is resurrected. */
export type RunOptions = {
  readonly build: string;
  readonly timeoutSecs: number;
  readonly memoryMbytes: number;
  readonly maxItems: number | undefined;
  readonly maxTotalChargeUsd: number | undefined;
  readonly restartOnError: boolean;
};

/** A run: who it is, how it behaves, its lives so far, and the little that callers can write to it. */
export type Run = {
  readonly id: string;
  readonly actor: Actor;
  readonly task: Task | undefined;
  readonly startedAtMs: number;
  readonly character: Character;
  readonly storeIds: { readonly keyValue: string; readonly dataset: string; readonly queue: string };
  readonly lives: Life[];
  options: RunOptions;
  message: { readonly text: string; readonly isTerminal: boolean } | undefined;
  rebootCount: number;
  metamorphCount: number;
  deletedAtMs: number | undefined;
  /** Events charged through the API, beyond those that the cost curve stands for. */
  readonly charges: { readonly atMs: number; readonly event: string; readonly count: number }[];
};

/** The script's defaults, in one place. */
export function character(script: RunScript): Character {
  const cost = script.cost ?? 0.2;
  return {
    origin: script.origin ?? "API",
    readyForMs: script.readyForMs ?? 1_500,
    cost: typeof cost === "number" ? { thenUsdPerHour: cost } : cost,
    spendsOn: script.spendsOn ?? USUAL_SHARES,
    usageLagMs: script.usageLagMs ?? 8_000,
    usageRefreshMs: script.usageRefreshMs ?? 0,
    settlesInMs: script.settlesInMs ?? 12_000,
    costMissing: script.costMissing,
    ends: script.ends,
    rxBytesPerSec: script.rxBytesPerSec ?? 50_000,
    idleAfterMs: script.idleAfterMs ?? Number.POSITIVE_INFINITY,
    restartsEveryMs: script.restartsEveryMs ?? Number.POSITIVE_INFINITY,
    onAbort: script.onAbort ?? { kind: "drains", forMs: 3_000 },
    generalAccess: script.generalAccess ?? "FOLLOW_USER_SETTING",
    scheduleId: script.scheduleId,
  };
}
