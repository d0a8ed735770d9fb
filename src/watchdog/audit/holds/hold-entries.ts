import type { Entry } from "../../model/entry.ts";
import type { FreedSource, Leaves } from "../../model/holds/hold.ts";

/** What entries say of a schedule that is held, or was. */
export type HoldChange = {
  readonly scheduleId: string;
  readonly name?: string;
  readonly until?: string;
  readonly modifiedAt?: string;
  readonly stops?: number;
  readonly reason?: string;
  /** It is disabled, and the watchdog does not enable it. */
  readonly isLeftDisabled?: boolean;
  /** Why it is left so. */
  readonly leaves?: Leaves;
  /** It is not held again until then, although a rule asks for it. */
  readonly frees?: { readonly why: FreedSource["why"]; readonly until: string };
};

/** Does an entry of this kind close a hold? */
export const isHoldClosing = (kind: string): boolean => kind === "source.released" || kind === "source.left";

/** The promises among these entries that none of them closes: an entry that goes on with one is no promise. */
export function openHoldsIn(entries: readonly Entry[]): readonly Entry[] {
  const closed = new Set(entries.flatMap(({ kind, intentId }) => (isHoldClosing(kind) ? [intentId] : [])));
  return entries.filter(
    ({ kind, entryId, intentId }) => kind === "source.held" && intentId === undefined && !closed.has(entryId),
  );
}
