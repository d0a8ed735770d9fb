import { CONTROL_CHAIN, isBudgetChain, runChain } from "../model/entry.ts";
import type { AuditReads, StoredEntry } from "../model/ports.ts";

const LOOK_BACK_MS = 400 * 86_400_000;

/** So far beyond this machine's clock entries are looked for: it may be slow, and must not hide what was just written. */
const AHEAD_MS = 366 * 86_400_000;

/** From then on, without an end that an entry may lie behind. */
export const spanSince = (from: Date, now: Date): { readonly from: Date; readonly to: Date } => ({
  from,
  to: new Date(now.getTime() + AHEAD_MS),
});

/** An entry's id may be shortened to so many digits. */
export const LEAST_PREFIX = 6;

type Found =
  /** A whole chain, one entry, or none. */
  | { readonly kind: "found"; readonly entries: readonly StoredEntry[] }
  /** More than one entry's id begins so. */
  | { readonly kind: "ambiguous"; readonly entryIds: readonly string[] };

const chainOf = (id: string): string => (id === CONTROL_CHAIN || isBudgetChain(id) ? id : runChain(id));

/** The entries that an id stands for: a run's chain, a budget's, the control chain, or the one entry whose id begins so. */
export async function findEntries(audit: AuditReads, id: string, now: Date): Promise<Found> {
  const chain = await audit.readChain(chainOf(id));
  if (chain.length > 0) return { kind: "found", entries: chain };
  if (id.length < LEAST_PREFIX) return { kind: "found", entries: [] };
  const entries: StoredEntry[] = [];
  const span = spanSince(new Date(now.getTime() - LOOK_BACK_MS), now);
  for await (const stored of audit.list({ ...span, latestFirst: true })) {
    if (stored.copies.entryId === id) return { kind: "found", entries: [stored] };
    if (stored.copies.entryId.startsWith(id)) entries.push(stored);
  }
  if (entries.length <= 1) return { kind: "found", entries };
  return { kind: "ambiguous", entryIds: entries.map(({ copies }) => copies.entryId) };
}
