import canonicalize from "canonicalize";
import { HOUR_MS } from "../../policy/index.ts";
import { type Entry, GENESIS, type Head, sha256 } from "../model/entry.ts";

/**
 * A checkpoint says where the chains stood that grew in a span of time. It is kept twice: as lines in a log outside of the
 * tables, which name every head, and as an entry of the control chain with the digest of these lines. So neither can be
 * changed without the other.
 */

/** What both of them say. Times are ISO 8601 in UTC; the span is from after `from` to `to`, by when entries are dated. */
export type CheckpointFacts = {
  /** From 1. */
  readonly number: number;
  readonly from: string;
  readonly to: string;
  /** The digest of the checkpoint before it, or 64 zeros for the first. */
  readonly previous: string;
};

export type Heads = ReadonlyMap<string, Head>;

/** An entry may come into the store, or its index, so long after the time that it is dated at: each span begins so much earlier. */
export const LATE_MS = HOUR_MS;

/** A line stays far below the 256 KB that a log takes of one: about 110 bytes a head. */
const HEADS_IN_A_LINE = 1_000;
/** The mark of our lines, and the version of their form. */
const MARK = "apifyRunWatchdogCheckpoint";
const FORM = 1;

type NamedHead = readonly [chain: string, sequence: number, hash: string];

const named = (heads: Heads): readonly NamedHead[] =>
  [...heads].map(([chain, { sequence, hash }]) => [chain, sequence, hash] as const).sort(byChain);

const byChain = ([a]: NamedHead, [b]: NamedHead): number => (a < b ? -1 : a > b ? 1 : 0);

export const digestOf = (account: string, { number, from, to, previous }: CheckpointFacts, heads: Heads) =>
  sha256(canonicalize({ account, number, from, to, previous, heads: named(heads) }) ?? "");

/** The lines of one checkpoint. */
export function linesOf(account: string, facts: CheckpointFacts, heads: Heads): readonly string[] {
  const all = named(heads);
  const parts = Math.max(1, Math.ceil(all.length / HEADS_IN_A_LINE));
  const digest = digestOf(account, facts, heads);
  return Array.from({ length: parts }, (_, index) =>
    JSON.stringify({
      [MARK]: FORM,
      account,
      ...facts,
      digest,
      part: index + 1,
      parts,
      heads: all.slice(index * HEADS_IN_A_LINE, (index + 1) * HEADS_IN_A_LINE),
    }),
  );
}

/** A line of a checkpoint, as read back. */
export type Part = CheckpointFacts & {
  readonly account: string;
  readonly digest: string;
  readonly parts: number;
  readonly part: number;
  readonly heads: Heads;
};

const isHead = (value: unknown): value is NamedHead =>
  Array.isArray(value) &&
  typeof value[0] === "string" &&
  Number.isSafeInteger(value[1]) &&
  typeof value[2] === "string";

/** `undefined` for what is no line of ours: somebody else may write to the log, too. */
export function partIn(text: string): Part | undefined {
  try {
    const { [MARK]: form, heads, ...rest } = JSON.parse(text);
    if (form !== FORM || !Array.isArray(heads) || !heads.every(isHead)) return undefined;
    return {
      ...rest,
      heads: new Map(heads.map(([chain, sequence, hash]) => [chain, { sequence, hash }])),
    };
  } catch {
    return undefined;
  }
}

/** A checkpoint as the control chain tells it. */
export type ToldCheckpoint = CheckpointFacts & {
  readonly digest: string;
  readonly sequence: number;
  readonly at: string;
};

/** The checkpoints among the entries of the control chain, the oldest first. */
export const checkpointsIn = (entries: readonly Entry[]): readonly ToldCheckpoint[] =>
  entries.flatMap(({ kind, sequence, at, change }) =>
    kind === "audit.checkpoint" && typeof change?.number === "number"
      ? [{ ...(change as CheckpointFacts & { readonly digest: string }), sequence, at }]
      : [],
  );

/** What the next checkpoint goes on from. */
export const factsAfter = (
  last: Pick<ToldCheckpoint, "number" | "digest"> | undefined,
  span: Pick<CheckpointFacts, "from" | "to">,
): CheckpointFacts => ({ number: (last?.number ?? 0) + 1, ...span, previous: last?.digest ?? GENESIS });
