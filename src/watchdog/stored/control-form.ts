import * as v from "valibot";
import type { HoldCause } from "../../policy/index.ts";
import type { ControlState, OpenIntent } from "../model/control.ts";
import type { EntryEvidence } from "../model/entry.ts";
import type { SourceHold } from "../model/holds/hold.ts";
import { count, isoDate, list, number } from "./forms.ts";

const step = v.looseObject({
  at: number,
  do: v.picklist(["notify", "abort", "abort-now"]),
  basis: v.exactOptional(v.picklist(["estimate", "projected"])),
});
const entryStep = v.looseObject({ at: number, do: v.string(), basis: v.exactOptional(v.string()) });

const measured = { metric: v.string(), measured: number, limit: number, unit: v.string() };
const evidence: v.GenericSchema<unknown, EntryEvidence> = v.looseObject({
  ...measured,
  observedAt: v.string(),
  source: v.string(),
  basis: v.string(),
  facts: v.exactOptional(v.record(v.string(), number)),
  budget: v.exactOptional(
    v.looseObject({ per: v.string(), each: v.string(), group: v.string(), from: v.string(), to: v.string() }),
  ),
  also: v.exactOptional(list(v.looseObject({ ruleId: v.string(), step: entryStep, ...measured }))),
});

const openIntent: v.GenericSchema<unknown, OpenIntent> = v.looseObject({
  intentId: v.string(),
  runId: v.string(),
  life: count,
  actorId: v.string(),
  actorTaskId: v.exactOptional(v.string()),
  ruleId: v.string(),
  step,
  policyVersion: count,
  policyHash: v.exactOptional(v.string()),
  at: isoDate,
  evidence,
  claim: v.looseObject({ tickId: v.string(), until: isoDate }),
  callSent: v.boolean(),
  callLost: v.exactOptional(v.boolean()),
  requestedAt: v.exactOptional(isoDate),
  forcedAt: v.exactOptional(isoDate),
  forceAnswered: v.exactOptional(v.boolean()),
  forceSpared: v.exactOptional(v.boolean()),
  unconfirmedAt: v.exactOptional(isoDate),
  missingSince: v.exactOptional(isoDate),
  order: v.exactOptional(v.looseObject({ by: v.string(), reason: v.string() })),
  owner: v.exactOptional(v.string()),
  usageTotalUsd: v.exactOptional(number),
});

const cause: v.GenericSchema<unknown, HoldCause> = v.variant("kind", [
  v.looseObject({ kind: v.literal("budget"), ruleId: v.string(), group: v.string(), from: isoDate }),
  v.looseObject({ kind: v.literal("loop"), stops: count }),
  v.looseObject({ kind: v.literal("hand"), by: v.string(), reason: v.string() }),
]);

const hold: v.GenericSchema<unknown, SourceHold> = v.looseObject({
  holdId: v.string(),
  scheduleId: v.string(),
  name: v.exactOptional(v.string()),
  cause,
  policyVersion: v.exactOptional(count),
  policyHash: v.exactOptional(v.string()),
  at: isoDate,
  until: isoDate,
  modifiedAt: isoDate,
  state: v.string(),
  claim: v.looseObject({ tickId: v.string(), until: isoDate }),
  madeAt: v.exactOptional(isoDate),
  letGo: v.exactOptional(v.looseObject({ at: isoDate, by: v.string(), reason: v.string() })),
  goneAt: v.exactOptional(isoDate),
  measured: v.exactOptional(number),
});
const freed = v.looseObject({
  scheduleId: v.string(),
  until: isoDate,
  why: v.picklist(["released", "enabled", "refused"]),
});
const left = v.looseObject({
  scheduleId: v.string(),
  name: v.exactOptional(v.string()),
  holdId: v.string(),
  at: isoDate,
  reason: v.picklist(["changed", "refused"]),
  goneAt: v.exactOptional(isoDate),
});
const source = v.looseObject({ kind: v.picklist(["schedule", "task", "actor"]), id: v.string() });

/** Without the head, which only an append moves. */
export type HeadlessState = Omit<ControlState, "head">;
export const controlForm: v.GenericSchema<unknown, HeadlessState> = v.looseObject({
  revision: count,
  format: v.exactOptional(count),
  apifyUserId: v.exactOptional(v.string()),
  policyVersion: v.exactOptional(count),
  deployedPolicy: v.exactOptional(v.looseObject({ hash: v.string(), version: count })),
  pause: v.exactOptional(
    v.looseObject({ since: isoDate, until: v.exactOptional(isoDate), by: v.string(), reason: v.string() }),
  ),
  acknowledged: v.exactOptional(
    list(v.looseObject({ id: v.string(), by: v.string(), reason: v.string(), at: isoDate, until: isoDate })),
  ),
  loops: v.exactOptional(list(v.looseObject({ source, since: isoDate }))),
  drill: v.exactOptional(v.looseObject({ id: v.string(), by: v.string(), at: isoDate, until: isoDate })),
  recentIntents: list(
    v.looseObject({
      runId: v.string(),
      life: count,
      // Absent in what was stopped before these were kept.
      source: v.exactOptional(source),
      startedAt: v.exactOptional(isoDate),
      burnMicroUsdPerHour: v.exactOptional(number),
      usageTotalMicroUsd: v.exactOptional(number),
      at: isoDate,
      tickId: v.string(),
      tickEndsBy: isoDate,
    }),
  ),
  openIntents: list(openIntent),
  holds: v.exactOptional(list(hold)),
  freed: v.exactOptional(list(freed)),
  left: v.exactOptional(list(left)),
});

export const exemptionForm = v.looseObject({
  name: v.exactOptional(v.string()),
  until: isoDate,
  ceilingMicroUsd: v.exactOptional(v.pipe(number, v.minValue(0))),
  owner: v.string(),
  reason: v.string(),
  grantedAt: v.exactOptional(isoDate),
  noticedAt: v.exactOptional(isoDate),
  undoOf: v.exactOptional(v.string()),
});
