import { HOUR_MS } from "../../../policy/index.ts";
import { CONTROL_CHAIN, type Entry, type Head } from "../../model/entry.ts";
import { minuteOf } from "../../model/minute.ts";
import type { LoggedLine } from "../../model/ports.ts";
import { checkpointsIn, digestOf, LATE_MS, type Part, partIn, type ToldCheckpoint } from "../checkpoint.ts";
import type { Finding } from "./verify-chain.ts";

/** A line is written just before the entry that it goes with. One that came so much later was put there afterwards. */
const LATEST_LINE_MS = HOUR_MS;

/** A head as a line names it, and when the log took that line. */
type Witness = Head & { readonly loggedAt: Date };

/** A checkpoint of the control chain that stands whole in the log. */
type Sealed = ToldCheckpoint & { readonly loggedAt: Date };

/** What the log says, put in order. */
export type Witnesses = {
  /** Of each chain the heads that were named, the earliest line first. */
  readonly heads: ReadonlyMap<string, readonly Witness[]>;
  readonly sealed: readonly Sealed[];
  /** What is wrong with the checkpoints themselves. */
  readonly findings: readonly Finding[];
  /** Of the first and the last one. */
  readonly span?: { readonly count: number; readonly from: string; readonly to: string };
};

type LoggedPart = Part & { readonly loggedAt: Date };

/** Reads the log of checkpoints, and holds the control chain's against it. */
export async function readWitnesses(
  lines: AsyncIterable<LoggedLine>,
  controlChain: readonly Entry[],
): Promise<Witnesses> {
  const parts: LoggedPart[] = [];
  for await (const { text, loggedAt } of lines) {
    const part = partIn(text);
    if (part) parts.push({ ...part, loggedAt });
  }
  parts.sort((a, b) => a.loggedAt.getTime() - b.loggedAt.getTime());
  const told = checkpointsIn(controlChain);
  const findings: Finding[] = [];
  const sealed = told.flatMap((each) => {
    const found = inLog(each, parts);
    if (!("problem" in found)) return [found];
    findings.push({ chain: CONTROL_CHAIN, sequence: each.sequence, problem: found.problem });
    return [];
  });
  const [first, last] = [told[0], told.at(-1)];
  return {
    heads: headsIn(parts),
    sealed,
    findings,
    ...(first && last && { span: { count: told.length, from: first.from, to: last.to } }),
  };
}

/** The lines of a checkpoint, the earliest of each part; or why it is not in the log as it was made. */
function inLog(told: ToldCheckpoint, parts: readonly LoggedPart[]): Sealed | { readonly problem: string } {
  const what = `checkpoint ${told.number} of ${minuteOf(told.at)} UTC`;
  const byPart = new Map<number, LoggedPart>();
  for (const each of parts) {
    if (each.digest === told.digest && !byPart.has(each.part)) byPart.set(each.part, each);
  }
  const own = [...byPart.values()];
  const heads = new Map(own.flatMap((part) => [...part.heads]));
  const [one] = own;
  if (one?.parts !== own.length || digestOf(one.account, told, heads) !== told.digest) {
    return {
      problem: `${what} is not in the log of checkpoints as it was made: the log was deleted, in whole or in part, or is another one than then`,
    };
  }
  const loggedAt = new Date(Math.max(...own.map((part) => part.loggedAt.getTime())));
  if (loggedAt.getTime() - new Date(told.at).getTime() > LATEST_LINE_MS) {
    return {
      problem: `${what} was put into the log of checkpoints only at ${minuteOf(loggedAt)} UTC: the log was made again`,
    };
  }
  return { ...told, loggedAt };
}

function headsIn(parts: readonly LoggedPart[]): ReadonlyMap<string, readonly Witness[]> {
  const heads = new Map<string, Witness[]>();
  for (const { heads: named, loggedAt } of parts) {
    for (const [chain, head] of named) {
      const known = heads.get(chain) ?? [];
      // The earliest line that names a place wins: what comes later may be made up.
      if (known.some(({ sequence }) => sequence === head.sequence)) continue;
      heads.set(chain, [...known, { ...head, loggedAt }]);
    }
  }
  return heads;
}

type Placed = Pick<Entry, "sequence" | "at"> & { readonly hash: string };

/** What the checkpoints know of one chain, and is not so any more: rewritten, gone, or written after the time it is dated at. */
export function* compareCheckpoints(
  { heads, sealed }: Witnesses,
  chain: string,
  entries: readonly Placed[],
): Generator<Omit<Finding, "chain">> {
  const named = heads.get(chain) ?? [];
  const bySequence = new Map(entries.map((entry) => [entry.sequence, entry]));
  for (const { sequence, hash, loggedAt } of named) {
    const stands = bySequence.get(sequence);
    const when = `the checkpoint that was logged at ${minuteOf(loggedAt)} UTC`;
    if (stands === undefined) yield { sequence, problem: `it is gone: ${when} names it` };
    else if (stands.hash !== hash)
      yield { sequence, problem: `it is not the one that ${when} names: the chain was rewritten` };
  }
  for (const { sequence, at } of entries) {
    const due = firstAfter(sealed, at);
    if (due === undefined) continue;
    const isNamed = named.some((each) => each.sequence >= sequence && each.loggedAt <= due.loggedAt);
    if (isNamed) continue;
    const problem = `it is dated ${minuteOf(at)} UTC, and checkpoint ${due.number} of ${minuteOf(due.at)} UTC does not know it: it was written afterwards`;
    yield { sequence, problem };
    return;
  }
}

/** The checkpoint that must know an entry of that date at the latest. `undefined`: none yet, or it is from before the first. */
function firstAfter(sealed: readonly Sealed[], at: string): Sealed | undefined {
  const [first] = sealed;
  if (first === undefined || at <= first.from) return undefined;
  const known = new Date(new Date(at).getTime() + LATE_MS).toISOString();
  return sealed.find(({ to }) => to >= known);
}
