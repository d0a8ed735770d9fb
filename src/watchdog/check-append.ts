import type { ExemptionSubject } from "../policy/index.ts";
import { CONTROL_CHAIN, runChain } from "./entry.ts";
import type { Append } from "./ports.ts";

const RUN_CHAINS = runChain("");

/**
 * What every audit store asks of an append before it writes anything. A failure is a mistake in our own code.
 */
export function checkAppend({ sealed, control, exemption }: Append, account: string): void {
  const { chain, account: owner } = sealed.entry;
  if (owner !== account) throw new Error(`an entry of account "${owner}" in the audit of "${account}"`);
  if (chain !== CONTROL_CHAIN && !(chain.startsWith(RUN_CHAINS) && chain !== RUN_CHAINS)) {
    throw new Error(`a chain is "${CONTROL_CHAIN}" or "${RUN_CHAINS}" and a run's id, got "${chain}"`);
  }
  if (control) return;
  if (chain === CONTROL_CHAIN) throw new Error("an entry of the control chain goes with a control state");
  if (exemption) throw new Error("an exemption goes with a control state: its version is what readers go by");
}

/** What the conflict says when an exemption is not the one that a write was to meet. */
export const anotherStands = ({ kind, id }: ExemptionSubject): string =>
  `the exemption of ${kind} ${id} is not the one that was seen`;
