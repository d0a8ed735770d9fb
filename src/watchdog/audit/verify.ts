import canonicalize from "canonicalize";
import { type Entry, GENESIS, type Head, sha256 } from "../model/entry.ts";
import type { AuditStore, StoredEntry } from "../model/ports.ts";

/** One thing that is not as it was written. */
export type Finding = { readonly chain: string; readonly sequence?: number; readonly problem: string };

export type Verification = {
  readonly chains: number;
  readonly entries: number;
  /** Chains that no head vouches for: a cut tail would not show there. */
  readonly withoutHead: number;
  readonly findings: readonly Finding[];
};

const COPIED = ["entryId", "kind", "at", "runId", "actorId", "ruleId"] as const;

function parse(text: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
}

/** Text that no canonical form can be given, such as a number out of range, is not in canonical form. */
function isCanonical(entry: Entry, text: string): boolean {
  try {
    return canonicalize(entry) === text;
  } catch {
    return false;
  }
}

/** What is wrong with one entry in itself: text against hash, form, place and indexed copies. */
function* checkEntry(stored: StoredEntry): Generator<string> {
  if (sha256(stored.text) !== stored.hash) yield "its text was changed: the hash does not fit";
  const entry = parse(stored.text);
  if (entry === undefined) return yield "its text is no JSON object";
  if (!isCanonical(entry, stored.text)) yield "its text is not in canonical form";
  if (entry.chain !== stored.chain || entry.sequence !== stored.sequence) {
    yield `it says that it is ${entry.chain} ${entry.sequence}: it was moved`;
  }
  for (const name of COPIED) {
    if (entry[name] !== stored.copies[name]) yield `the indexed copy of ${name} differs from its text`;
  }
}

/**
 * Finds entries of one chain that were changed, removed, reordered or cut off. `head` is what the state table
 * remembers of the chain's end; without it a cut tail can't be seen.
 */
export function verifyChain(chain: string, stored: readonly StoredEntry[], head?: Head): readonly Finding[] {
  const findings: Finding[] = [];
  const say = (problem: string, sequence?: number) =>
    findings.push({ chain, ...(sequence !== undefined && { sequence }), problem });
  let expected = 1;
  let previous = GENESIS;
  for (const each of stored) {
    if (each.sequence !== expected) say(`entries ${expected} to ${each.sequence - 1} are missing`, expected);
    for (const problem of checkEntry(each)) say(problem, each.sequence);
    const linked = parse(each.text)?.previous === previous;
    if (!linked && each.sequence === expected) say("it does not follow the entry before it", each.sequence);
    expected = each.sequence + 1;
    previous = each.hash;
  }
  const last = stored.at(-1);
  if (head && head.sequence > (last?.sequence ?? 0)) {
    say(`its end was cut: ${last?.sequence ?? 0} entries stand, ${head.sequence} were written`);
  } else if (head && last && head.sequence === last.sequence && head.hash !== last.hash) {
    say("its last entry is not the one that was written", last.sequence);
  } else if (head && last && head.sequence < last.sequence) {
    say("it goes on behind the end that was written", head.sequence + 1);
  }
  return findings;
}

/** The audit may grow while it is verified: what looks wrong is read again this often before it is believed. */
const MAX_LOOKS = 3;

/** What verifying reads. */
export type Verifiable = Pick<AuditStore, "list" | "heads" | "readChain">;

async function headsOf(audit: Verifiable): Promise<Map<string, Head>> {
  const heads = new Map<string, Head>();
  for await (const { chain, head } of audit.heads()) heads.set(chain, head);
  return heads;
}

/** Verifies every chain that the state table knows of, and every one that the index shows in the span. */
export async function verifyAll(
  audit: Verifiable,
  span: { readonly from: Date; readonly to: Date },
): Promise<Verification> {
  const chains = new Set<string>();
  for await (const { chain } of audit.list(span)) chains.add(chain);
  let heads = await headsOf(audit);
  for (const chain of heads.keys()) chains.add(chain);

  const lengths = new Map<string, number>();
  let suspects = new Map<string, readonly Finding[]>([...chains].map((chain) => [chain, []]));
  for (let look = 0; look < MAX_LOOKS && suspects.size > 0; look++) {
    if (look > 0) heads = await headsOf(audit);
    const wrong = new Map<string, readonly Finding[]>();
    for (const chain of suspects.keys()) {
      const stored = await audit.readChain(chain);
      lengths.set(chain, stored.length);
      const findings = verifyChain(chain, stored, heads.get(chain));
      if (findings.length > 0) wrong.set(chain, findings);
    }
    suspects = wrong;
  }
  return {
    chains: chains.size,
    entries: [...lengths.values()].reduce((sum, length) => sum + length, 0),
    withoutHead: [...chains].filter((chain) => !heads.has(chain)).length,
    findings: [...suspects.values()].flat(),
  };
}
