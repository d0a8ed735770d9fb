import { changeControl, readChain } from "../audit/append.ts";
import { WATCHDOG } from "../audit/drafts.ts";
import { type PolicyInForce, stateOf } from "../model/control.ts";
import { CONTROL_CHAIN, type EntryDraft, entryIdOf } from "../model/entry.ts";
import { type Noting, skip, type Timed, type Writing } from "../model/pass.ts";

const KIND = "policy.fell-back";

/** What is said of a fallback, wherever it is told. */
export const fallbackText = ({ version, fellBack }: PolicyInForce): string =>
  `policy version ${fellBack?.version} can't be used; ${version} stays in force`;

function draftOf({ ports, tick }: Timed, { version, fellBack }: PolicyInForce): EntryDraft {
  return {
    // Once per version that can't be used, by whichever tick is the first to see it.
    entryId: entryIdOf(CONTROL_CHAIN, KIND, fellBack?.version),
    kind: KIND,
    at: ports.clock.now().toISOString(),
    subject: { kind: "control" },
    by: WATCHDOG,
    tickId: tick.id,
    change: { version: fellBack?.version, inForce: version, problem: fellBack?.problem },
  };
}

/** Counts that an earlier policy stands in for one that can't be used, and writes it down once. */
export async function noteFallback(
  pass: Timed & Noting & Pick<Writing, "ports">,
  inForce: PolicyInForce,
): Promise<void> {
  if (inForce.fellBack === undefined) return;
  skip(pass, fallbackText(inForce));
  const { ports } = pass;
  const draft = draftOf(pass, inForce);
  const { entries } = await readChain(ports, CONTROL_CHAIN);
  if (entries.some(({ entryId }) => entryId === draft.entryId)) return;
  const bad = inForce.fellBack.version;
  await changeControl(ports, (control) =>
    control.policyVersion === bad ? { next: stateOf(control), draft, chain: CONTROL_CHAIN } : undefined,
  );
}
