import { several } from "../ground/during.ts";
import type { CostMissing, FieldChange, ShownAs, Stale } from "../world/answers.ts";
import type { CostCurve } from "../world/cost-curve.ts";
import type { AbortBehaviour, RunOrigin, RunScript } from "../world/script.ts";
import { type Service, USUAL_SHARES } from "../world/services.ts";

/** A script with every default filled in. */
export type Character = {
  readonly origin: RunOrigin;
  readonly readyForMs: number;
  readonly cost: CostCurve;
  readonly spendsOn: Readonly<Partial<Record<Service, number>>>;
  readonly usageLagMs: number;
  readonly usageRefreshMs: number;
  readonly settlesInMs: number;
  readonly settlesInSteps: number | undefined;
  /** No figures of cost at all, in this form. */
  readonly hidesCost: "absent" | "null" | undefined;
  readonly costMissing: readonly CostMissing[];
  readonly stale: readonly Stale[];
  readonly fields: readonly FieldChange[];
  readonly keepsFinishedAt: boolean;
  readonly timestamps: "microseconds" | undefined;
  readonly shownAs: readonly ShownAs[];
  readonly ends: RunScript["ends"];
  readonly rxBytesPerSec: number;
  readonly idleAfterMs: number;
  readonly restartsEveryMs: number;
  readonly onAbort: AbortBehaviour;
  readonly generalAccess: "FOLLOW_USER_SETTING" | "RESTRICTED";
  readonly scheduleId: string | undefined;
  readonly tellsEventUsage: boolean;
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
    settlesInSteps: script.settlesInSteps,
    hidesCost: typeof script.costMissing === "string" ? script.costMissing : undefined,
    costMissing: typeof script.costMissing === "string" ? [] : several(script.costMissing),
    stale: several(script.stale),
    fields: several(script.fields),
    keepsFinishedAt: script.keepsFinishedAt ?? false,
    timestamps: script.timestamps,
    shownAs: several(script.shownAs),
    ends: script.ends,
    rxBytesPerSec: script.rxBytesPerSec ?? 50_000,
    idleAfterMs: script.idleAfterMs ?? Number.POSITIVE_INFINITY,
    restartsEveryMs: script.restartsEveryMs ?? Number.POSITIVE_INFINITY,
    onAbort: script.onAbort ?? { kind: "drains", forMs: 3_000 },
    generalAccess: script.generalAccess ?? "FOLLOW_USER_SETTING",
    scheduleId: script.scheduleId,
    tellsEventUsage: script.tellsEventUsage ?? false,
  };
}
