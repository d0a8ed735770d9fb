import type { Entry } from "../model/entry.ts";
import type { AuditRecord, DeadLetters, Notice, Outbox, Tampering } from "../model/notice.ts";
import { errorText } from "../model/pass.ts";
import type { Log, StateStore } from "../model/ports.ts";
import { bundlesOf, fitting } from "./bundles.ts";
import { gathered } from "./gather.ts";
import { highestSteps } from "./highest-steps.ts";
import { knownNames, type NameOf } from "./known-names.ts";
import { noticeOf } from "./notice-of.ts";
import type { Place } from "./place.ts";
import { tamperingNotice } from "./tampering-notice.ts";

export type AnnouncePorts = {
  readonly place: Place;
  readonly outboxes: readonly Outbox[];
  readonly deadLetters: DeadLetters;
  readonly state: Pick<StateStore, "readNames" | "markTampering">;
  readonly log: Pick<Log, "warn">;
  /** Rings: an entry was changed or removed. */
  readonly ring: (tampering: Tampering) => void;
};

/** With a time, by which channels date what they send: without, a channel would refuse all that is in one message with it. */
const isEntry = (entry: Entry | null): entry is Entry =>
  entry?.kind !== undefined && entry.entryId !== undefined && !Number.isNaN(Date.parse(entry.at));

type Read = { readonly entries: readonly Entry[]; readonly letters: readonly object[] };

/** What is no entry becomes a dead letter: no later try could read it either, and the others must not wait for it. */
function readEntries(records: readonly AuditRecord[], log: AnnouncePorts["log"]): Read {
  const entries: Entry[] = [];
  const letters: object[] = [];
  const passOver = (place: string, why: string): void => {
    log.warn("an entry can't be read and is passed over", { place, why });
    letters.push({ unreadable: place, why });
  };
  for (const record of records) {
    if (record.kind === "unreadable") passOver(record.place, record.why);
    if (record.kind !== "entry") continue;
    try {
      const entry = JSON.parse(record.text) as Entry | null;
      if (isEntry(entry)) entries.push(entry);
      else passOver(record.place, "it is no entry");
    } catch {
      passOver(record.place, "it is no JSON");
    }
  }
  return { entries, letters };
}

/** An entry that no notice can be made of is a dead letter, too. */
function compose(entries: readonly Entry[], nameOf: NameOf, { place, log }: AnnouncePorts) {
  const letters: object[] = [];
  const notices = entries.flatMap((entry) => {
    try {
      return fitting(noticeOf(entry, nameOf, place));
    } catch (error) {
      log.warn("an entry can't be put into words and is passed over", {
        entry: entry.entryId,
        error: errorText(error),
      });
      letters.push({ unreadable: entry.entryId, why: errorText(error) });
      return [];
    }
  });
  return { notices, letters };
}

/** Puts notices into every outbox that wants them. What one does not take becomes dead letters; the others don't notice. */
export async function post(
  notices: readonly Notice[],
  { place, outboxes, deadLetters, log }: Omit<AnnouncePorts, "state" | "ring">,
  letters: readonly object[] = [],
): Promise<void> {
  const refused = await Promise.all(
    outboxes.map(async (outbox) => {
      const wanted = highestSteps(notices.filter(({ kind }) => outbox.kinds.has(kind)));
      const shown = outbox.forPeople ? gathered(wanted, place) : wanted;
      const { left, why } = await outbox.put(bundlesOf(shown, outbox.mostTogether));
      if (left.length > 0) log.warn("an outbox does not take notices", { channel: outbox.name, why });
      return left.map((message) => ({ channel: outbox.name, notices: message }));
    }),
  );
  const dead = [...letters, ...refused.flat()];
  if (dead.length > 0) await deadLetters.put(dead);
}

/**
 * Announces what the stream of the audit shows: each new entry to the channels that take its kind, and each entry that was
 * changed or removed to all that take that. Throws only when nothing of it is safe anywhere: then all of it is to be tried
 * again.
 */
export async function announce(ports: AnnouncePorts, records: readonly AuditRecord[]): Promise<void> {
  const tamperings = records.flatMap((record) => (record.kind === "tampering" ? record.tampering : []));
  // First of all: whatever fails behind it, the alarm rings.
  for (const tampering of tamperings) ports.ring(tampering);
  const { entries, letters } = readEntries(records, ports.log);
  const nameOf = await knownNames(ports.state, entries, (error) =>
    ports.log.warn("names can't be read: notices have ids alone", { error: errorText(error) }),
  );
  const composed = compose(entries, nameOf, ports);
  const notices = [...tamperings.map((each) => tamperingNotice(each, ports.place)), ...composed.notices];
  await post(notices, ports, [...letters, ...composed.letters]);
  await mark(tamperings, ports);
}

/** Last: the next tick writes down what is known already. Where it can't be marked, a person has it as a dead letter. */
async function mark(
  [first, ...others]: readonly Tampering[],
  { state, deadLetters, log }: Pick<AnnouncePorts, "state" | "deadLetters" | "log">,
): Promise<void> {
  if (first === undefined) return;
  try {
    await state.markTampering([first, ...others]);
  } catch (error) {
    log.warn("a tampering can't be marked for the audit", { error: errorText(error) });
    await deadLetters.put([{ unmarked: [first, ...others] }]);
  }
}
