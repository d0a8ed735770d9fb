import { canonical, type EntryFields, sha256 } from "../entry-text.ts";
import type { SeenEntry } from "../history.ts";

type Finding = readonly [promise: string, text: string];

const EVERY = ["entryId", "kind", "at", "account", "chain", "sequence", "previous", "subject", "by"] as const;
const EVIDENCE = ["metric", "measured", "limit", "unit", "observedAt", "source", "basis"] as const;

/** Chains as they grow: each entry must follow the one before it, in a form that can be recomputed. */
export class Chains {
  readonly #account: string;
  readonly #tails = new Map<string, { readonly sequence: number; readonly hash: string }>();
  readonly #entryIds = new Set<string>();

  constructor(account: string) {
    this.#account = account;
  }

  *check(seen: SeenEntry, entry: EntryFields): Generator<Finding> {
    const tail = this.#tails.get(seen.chain) ?? { sequence: 0, hash: "0".repeat(64) };
    this.#tails.set(seen.chain, seen);
    if (sha256(seen.text) !== seen.hash) yield ["P10", "its hash is not that of its text"];
    if (canonical(entry) !== seen.text) yield ["P10", "its text is not in canonical form"];
    if (entry.chain !== seen.chain || entry.sequence !== seen.sequence || entry.account !== this.#account) {
      yield ["P10", `it says that it is ${entry.account} ${entry.chain} ${entry.sequence}`];
    }
    if (seen.sequence !== tail.sequence + 1)
      yield ["P10", `it follows ${tail.sequence} with ${seen.sequence}`];
    if (entry.previous !== tail.hash) yield ["P10", "it does not name the hash of the entry before it"];
    const id = `${seen.chain} ${entry.entryId}`;
    if (this.#entryIds.has(id)) yield ["P3", `its entryId ${entry.entryId} stands in the chain twice`];
    this.#entryIds.add(id);
    yield* checkFields(entry);
  }
}

/** An entry alone must say what, when, by whom, and of a run: on which rule, policy and evidence. */
function* checkFields(entry: EntryFields): Generator<Finding> {
  const lacking: string[] = EVERY.filter((name) => entry[name] === undefined);
  const isOfRun = entry.subject?.kind === "run";
  if (isOfRun || entry.subject?.kind === "budget") {
    if (isOfRun && entry.runId === undefined) lacking.push("runId");
    for (const name of ["ruleId", "step", "policyVersion", "evidence", "tickId"] as const) {
      if (entry[name] === undefined) lacking.push(name);
    }
    lacking.push(
      ...EVIDENCE.filter((name) => entry.evidence?.[name] === undefined).map((n) => `evidence.${n}`),
    );
  }
  if (lacking.length > 0) yield ["P9", `it lacks ${lacking.join(", ")}`];
}
