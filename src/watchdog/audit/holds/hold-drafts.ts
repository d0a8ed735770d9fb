import { sameRef } from "../../model/control.ts";
import { CONTROL_CHAIN, type EntryDraft, entryIdOf } from "../../model/entry.ts";
import type { FreedSource, Leaves, SourceHold } from "../../model/holds/hold.ts";
import { WATCHDOG } from "../drafts.ts";
import type { HoldChange } from "./hold-entries.ts";

const whose = ({ scheduleId, name }: Pick<SourceHold, "scheduleId" | "name">) => ({
  scheduleId,
  ...(name !== undefined && { name }),
});

/** Who has a schedule held: the watchdog for a rule, or a person. */
const byOf = ({ cause }: Pick<SourceHold, "cause">): string => (cause.kind === "hand" ? cause.by : WATCHDOG);

export const holdIdOf = (scheduleId: string, actionId: string): string =>
  entryIdOf(CONTROL_CHAIN, "source.held", scheduleId, actionId);

/** What the promise rests on, where a budget asks for it. */
export type HoldBasis = Pick<EntryDraft, "step" | "mode" | "evidence" | "owner">;

/** The promise: what the schedule was, and until when it is to be disabled. */
export function heldDraft(hold: SourceHold, basis: HoldBasis, tickId: string): EntryDraft {
  const { cause, at, until, modifiedAt, policyVersion } = hold;
  return {
    entryId: hold.holdId,
    kind: "source.held",
    at: at.toISOString(),
    subject: { kind: "control" },
    ...(cause.kind === "budget" && { ruleId: cause.ruleId }),
    ...(policyVersion !== undefined && sameRef({ ...hold, policyVersion })),
    ...basis,
    by: byOf(hold),
    tickId,
    overrule: `watchdog release ${hold.scheduleId} --reason "…"`,
    next: `it is enabled again when ${until.toISOString().slice(0, 16).replace("T", " ")} UTC is reached, or nothing asks for it any more`,
    change: {
      ...whose(hold),
      cause: { ...cause, ...(cause.kind === "budget" && { from: cause.from.toISOString() }) },
      until: until.toISOString(),
      modifiedAt: modifiedAt.toISOString(),
      state: hold.state,
      ...(cause.kind === "loop" && { stops: cause.stops }),
      ...(cause.kind === "hand" && { reason: cause.reason }),
    } satisfies HoldChange & Record<string, unknown>,
  };
}

/** How a hold ended, and what that means for its schedule. */
export type HoldEnd = {
  readonly kind: "source.released" | "source.left";
  readonly reason: string;
  readonly leaves?: Leaves | undefined;
  readonly frees?: FreedSource | undefined;
};

/** That it is over. Each hold has one, whoever writes it. */
export function holdClosedDraft(
  hold: SourceHold,
  { kind, reason, leaves, frees }: HoldEnd,
  { at, tickId }: { readonly at: Date; readonly tickId: string },
): EntryDraft {
  const { cause, policyVersion, letGo } = hold;
  return {
    entryId: entryIdOf(hold.holdId, "closed"),
    kind,
    at: at.toISOString(),
    subject: { kind: "control" },
    ...(cause.kind === "budget" && { ruleId: cause.ruleId }),
    ...(policyVersion !== undefined && sameRef({ ...hold, policyVersion })),
    by: kind === "source.released" && letGo ? letGo.by : WATCHDOG,
    tickId,
    intentId: hold.holdId,
    change: {
      ...whose(hold),
      reason,
      ...(leaves && { isLeftDisabled: true, leaves }),
      ...(frees && { frees: { why: frees.why, until: frees.until.toISOString() } }),
    } satisfies HoldChange,
  };
}

/** That it goes on, on another account than before: of the same promise. */
export const extendedDraft = (hold: SourceHold, basis: HoldBasis, tickId: string, at: Date): EntryDraft => ({
  ...heldDraft({ ...hold, at }, basis, tickId),
  entryId: entryIdOf(hold.holdId, JSON.stringify(hold.cause), hold.until.toISOString()),
  intentId: hold.holdId,
});
