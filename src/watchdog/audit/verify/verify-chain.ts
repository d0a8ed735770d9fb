import canonicalize from "canonicalize";
import { type Entry, GENESIS, type Head, sha256 } from "../../model/entry.ts";
import type { StoredEntry } from "../../model/ports.ts";

/** One thing that is not as it was written. */
export type Finding = { readonly chain: string; readonly sequence?: number; readonly problem: string };

const COPIED = ["entryId", "kind", "at", "runId", "actorId", "ruleId"] as const;

/** `undefined` for what is no JSON object. */
export function parse(text: string): Entry | undefined {
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
