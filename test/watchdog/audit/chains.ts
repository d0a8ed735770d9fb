import { verifyChain } from "../../../src/watchdog/audit/verify/verify-chain.ts";
import {
  type EntryDraft,
  type Head,
  runChain,
  type SealedEntry,
  seal,
} from "../../../src/watchdog/model/entry.ts";
import type { StoredEntry } from "../../../src/watchdog/model/ports.ts";
import { at } from "../../support/builders.ts";

export const CHAIN = runChain("run1");
/** The entry that is the ith of its chain. */
export const draft = (i: number): EntryDraft => ({
  entryId: `entry${i}`,
  kind: "abort.held",
  at: at(i).toISOString(),
  subject: { kind: "run", runId: "run1", life: 0 },
  runId: "run1",
  actorId: "actor1",
  ruleId: "rule1",
  by: "watchdog",
  reason: `reason ${i}`,
});

export const store = ({ entry, text, hash }: SealedEntry): StoredEntry => ({
  chain: entry.chain,
  sequence: entry.sequence,
  text,
  hash,
  copies: {
    entryId: entry.entryId,
    kind: entry.kind,
    at: entry.at,
    ...(entry.runId && { runId: entry.runId }),
    ...(entry.actorId && { actorId: entry.actorId }),
    ...(entry.ruleId && { ruleId: entry.ruleId }),
  },
});

/** As a store gives it. */
export type Chain = { readonly stored: readonly StoredEntry[]; readonly head: Head | undefined };

export function chainOf(drafts: readonly EntryDraft[], chain = CHAIN): Chain {
  const stored: StoredEntry[] = [];
  let head: Head | undefined;
  for (const each of drafts) {
    const sealed = seal(each, "acme", chain, head);
    stored.push(store(sealed));
    head = { sequence: sealed.entry.sequence, hash: sealed.hash };
  }
  return { stored, head };
}

export const five = chainOf([1, 2, 3, 4, 5].map(draft));

/** What is found in a chain, against the head of `five` where no other is given. */
export const findings = (
  stored: readonly StoredEntry[],
  head: Head | "no head" | undefined = five.head,
): readonly string[] =>
  verifyChain(CHAIN, stored, head === "no head" ? undefined : head).map(
    ({ sequence, problem }) => `${sequence ?? "-"}: ${problem}`,
  );
