import { type MicroUsd, type Observation, toUsd } from "../../policy/index.ts";
import { type EntryDraft, entryIdOf } from "../model/entry.ts";
import { runFigures } from "../model/evidence.ts";
import type { ValidExemption } from "../model/exemption.ts";
import type { Timed } from "../model/pass.ts";
import type { Stop } from "./find-stop.ts";
import type { UndoWish } from "./undo-wish.ts";

/** What an undo is at: the reading that it goes by, and the exemption that stands for it. */
export type Going = {
  readonly observation: Observation;
  readonly exemption: ValidExemption;
  readonly limitMicroUsd?: MicroUsd;
};

/** Apify's answer to the call, or that the run was found alive without one. */
export type Alive = { readonly answer: "taken" | "found"; readonly status: string };

/** Speaks of the life that was stopped, and of its intent's rule and evidence, as every entry about an intent does. */
export function undoneDraft(
  { ports, tick }: Timed,
  { intent, named }: Stop,
  { by, reason, timeoutSecs }: UndoWish,
  { observation, exemption }: Going,
  { answer, status }: Alive,
): EntryDraft {
  const { actorId, actorTaskId, ruleId, step, mode, policyVersion, policyHash, evidence, owner } = intent;
  const { also: _also, ...own } = evidence ?? {};
  const { until, ceilingMicroUsd } = exemption;
  const now = ports.clock.now().toISOString();
  return {
    entryId: entryIdOf(intent.entryId, "run.undone"),
    kind: "run.undone",
    at: now,
    subject: intent.subject,
    runId: observation.run.id,
    ...(actorId !== undefined && { actorId }),
    ...(actorTaskId !== undefined && { actorTaskId }),
    ...(ruleId !== undefined && { ruleId }),
    ...(step && { step }),
    ...(mode !== undefined && { mode }),
    ...(policyVersion !== undefined && { policyVersion }),
    ...(policyHash !== undefined && { policyHash }),
    ...(owner !== undefined && { owner }),
    ...(evidence && { evidence: own as typeof evidence }),
    run: runFigures(observation.run),
    by,
    reason,
    tickId: tick.id,
    intentId: intent.entryId,
    change: {
      intentId: intent.entryId,
      entryId: named.entryId,
      exemption: {
        until: until.toISOString(),
        ...(ceilingMicroUsd !== undefined && { ceilingUsd: toUsd(ceilingMicroUsd) }),
      },
      ...(answer === "taken" && timeoutSecs !== undefined && { timeoutSecs }),
      ...(answer === "taken" && { resurrectedAt: now }),
      status,
    },
  };
}
