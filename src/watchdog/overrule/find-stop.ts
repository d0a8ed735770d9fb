import type { Exemption } from "../../policy/index.ts";
import { entriesIn, whyDamaged } from "../audit/entry-in.ts";
import { findEntries } from "../audit/find-entries.ts";
import type { Entry, EntryKind } from "../model/entry.ts";
import type { ValidExemption } from "../model/exemption.ts";
import type { ReadPorts } from "../model/ports.ts";
import { type NotUndone, refuse } from "./undo-wish.ts";

/** A stop that was promised: its `abort.intended`, and the entry by which it was named. */
export type Stop = {
  readonly intent: Entry;
  readonly runId: string;
  readonly life: number;
  readonly named: Entry;
};

const OF_A_STOP: readonly EntryKind[] = [
  "abort.intended",
  "abort.requested",
  "abort.failed",
  "abort.forced",
  "abort.unconfirmed",
  "abort.confirmed",
];

const NO_STOP: Partial<Record<EntryKind, string>> = {
  "step.notified": "is a notice",
  "abort.observed": "is of a stop that was only observed",
  "abort.held": "is of a stop that was held back",
  "abort.withdrawn": "is of a stop that was let go before anything was called",
  "abort.moot": "says that the run ended otherwise before the abort took effect",
  "run.undone": "is an undo itself",
  "stop.judged": "says how a stop was judged",
};

/** What closes an intent whose abort did not take. */
const NEVER_TOOK: readonly EntryKind[] = ["abort.withdrawn", "abort.moot"];

const noStop = ({ entryId, kind }: Entry): NotUndone =>
  refuse(
    "no-stop",
    `Entry ${entryId} (${kind}) ${NO_STOP[kind] ?? "is about the control plane"}: there is nothing to undo.`,
  );

/** The stop that an entry's id, or the beginning of one, stands for, or a run's id: its last. */
export async function findStop(
  { audit, clock }: Pick<ReadPorts, "audit" | "clock">,
  id: string,
): Promise<Stop | NotUndone> {
  const found = await findEntries(audit, id, clock.now());
  if (found.kind === "ambiguous") {
    const ids = found.entryIds.join(", ");
    return refuse(
      "no-such-entry",
      `${found.entryIds.length} entries begin with ${id}: ${ids}. Give one of them.`,
    );
  }
  const damaged = whyDamaged(found.entries);
  if (damaged) return refuse("no-such-entry", damaged);
  const entries = entriesIn(found.entries);
  const isOne = entries[0]?.entryId.startsWith(id) === true;
  // The id of a run stands for its last stop.
  const named = isOne ? entries[0] : entries.findLast(({ kind }) => kind === "abort.intended");
  if (named === undefined) {
    const problem =
      entries.length === 0
        ? `There is no run or entry ${id} in the audit.`
        : `The audit has no stop of ${id}: there is nothing to undo.`;
    return refuse("no-such-entry", `${problem} Stops are listed by: watchdog audit list`);
  }
  const { subject, chain } = named;
  if (!OF_A_STOP.includes(named.kind) || subject.kind !== "run") return noStop(named);
  const intentId = named.intentId ?? named.entryId;
  const stored = await audit.readChain(chain);
  const missing = whyDamaged(stored);
  if (missing) return refuse("no-such-entry", missing);
  const story = entriesIn(stored);
  const intent = story.find(({ entryId }) => entryId === intentId);
  if (intent === undefined) {
    return refuse("no-such-entry", `The intent ${intentId} of entry ${named.entryId} is not in the audit.`);
  }
  const closing = story.find((each) => each.intentId === intentId && NEVER_TOOK.includes(each.kind));
  if (closing) return noStop(closing);
  return { intent, runId: subject.runId, life: subject.life, named };
}

/** Whom the exemption of an undo protects. */
export const subjectOf = ({ runId }: Stop) => ({ kind: "run", id: runId }) as const;

/** The exemption that stands for a subject, if it was granted to undo that stop. */
export const oursOf = (stands: Exemption | undefined, { intent }: Stop): ValidExemption | undefined =>
  stands?.kind === "valid" && stands.undoOf === intent.entryId ? stands : undefined;
