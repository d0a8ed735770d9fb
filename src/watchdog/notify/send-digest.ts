import { DAY_MS } from "../../policy/index.ts";
import type { Entry } from "../model/entry.ts";
import { errorText } from "../model/pass.ts";
import type { AuditStore, StateStore } from "../model/ports.ts";
import { type AnnouncePorts, post } from "./announce.ts";
import { DigestTally } from "./digest.ts";
import { digestNotice } from "./digest-notice.ts";
import { knownNames } from "./known-names.ts";
import { printableEntry } from "./printable-entry.ts";

const SPAN_MS = { daily: DAY_MS, weekly: 7 * DAY_MS } as const;
export type DigestSpan = keyof typeof SPAN_MS;

type DigestPorts = Omit<AnnouncePorts, "ring" | "state"> & {
  readonly state: Pick<StateStore, "readNames">;
} & { readonly audit: Pick<AuditStore, "list"> };

const read = (text: string): Entry | undefined => {
  try {
    const entry = JSON.parse(text) as Entry | null;
    return entry?.kind === undefined ? undefined : printableEntry(entry);
  } catch {
    return undefined;
  }
};

/** What the audit says of the day or the week until then, to all channels that take digests. Throws when it can't be read. */
export async function sendDigest(ports: DigestPorts, span: DigestSpan, to: Date): Promise<void> {
  const from = new Date(to.getTime() - SPAN_MS[span]);
  const tally = new DigestTally();
  // Both ends count for the store; an entry at the end is of the next span.
  for await (const { text } of ports.audit.list({ from, to: new Date(to.getTime() - 1) })) {
    const entry = read(text);
    if (entry === undefined) tally.noteUnreadable();
    else tally.note(entry);
  }
  const digest = tally.digest(from, to);
  const { stops, budgets, changes, attention } = digest;
  const nameOf = await knownNames(ports.state, [...stops, ...budgets, ...changes, ...attention], (error) =>
    ports.log.warn("names can't be read: the digest has ids alone", { error: errorText(error) }),
  );
  await post([digestNotice(digest, nameOf, ports.place)], ports);
}
