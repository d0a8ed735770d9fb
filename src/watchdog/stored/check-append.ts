import type { ExemptionSubject } from "../../policy/index.ts";
import { BUDGET_CHAINS, CONTROL_CHAIN, RUN_CHAINS } from "../model/entry.ts";
import { subjectWords } from "../model/exemption.ts";
import type { Append } from "../model/ports.ts";

const isNamed = (chain: string): boolean =>
  chain === CONTROL_CHAIN ||
  [RUN_CHAINS, BUDGET_CHAINS].some((prefix) => chain.startsWith(prefix) && chain !== prefix);

/**
 * What every audit store asks of an append before it writes anything. A failure is a mistake in our own code.
 */
export function checkAppend({ sealed, control, exemption }: Append, account: string): void {
  const { chain, account: owner } = sealed.entry;
  if (owner !== account) throw new Error(`an entry of account "${owner}" in the audit of "${account}"`);
  if (!isNamed(chain)) {
    throw new Error(
      `a chain is "${CONTROL_CHAIN}", "${RUN_CHAINS}" and a run's id, or "${BUDGET_CHAINS}" and a budget's window, got "${chain}"`,
    );
  }
  if (control) return;
  if (chain === CONTROL_CHAIN) throw new Error("an entry of the control chain goes with a control state");
  if (exemption) throw new Error("an exemption goes with a control state: its version is what readers go by");
}

/** What the conflict says when an exemption is not the one that a write was to meet. */
export const anotherStands = (subject: ExemptionSubject): string =>
  `the exemption of ${subjectWords(subject)} is not the one that was seen`;
