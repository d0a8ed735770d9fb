import type { Control, OpenIntent } from "../../model/control.ts";
import { type Entry, isClosing, runChain } from "../../model/entry.ts";

/** A stop whose closing entry is still to come. */
export type UnclosedIntent = { readonly intentId: string; readonly runId: string; readonly at: string };

/** The intents of a run's chain that nothing closes. */
export function unclosedIn(entries: readonly Entry[]): readonly UnclosedIntent[] {
  const closed = new Set(entries.flatMap(({ kind, intentId }) => (isClosing(kind) ? [intentId] : [])));
  return entries.flatMap(({ kind, entryId, runId = "", at }) =>
    kind === "abort.intended" && !closed.has(entryId) ? [{ intentId: entryId, runId, at }] : [],
  );
}

/**
 * What the control state and a chain of intents say of each other: an intent that neither was closed nor is known is
 * pursued by nobody, and one that was never written stops a run past the audit.
 */
export function* compareIntents(
  chain: string,
  unclosed: readonly UnclosedIntent[],
  { openIntents }: Pick<Control, "openIntents">,
): Generator<string> {
  const isOf = ({ runId }: OpenIntent): boolean => runChain(runId) === chain;
  const known = new Set(openIntents.filter(isOf).map(({ intentId }) => intentId));
  for (const { intentId } of unclosed) {
    if (known.delete(intentId)) continue;
    yield `its intent ${intentId} has no closing entry, and the control state does not know it: was the state table restored?`;
  }
  for (const intentId of known)
    yield `the control state holds an open intent ${intentId} that the chain does not have, or has closed`;
}
