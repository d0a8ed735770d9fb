import type { Control, ControlState } from "../model/control.ts";
import { type Entry, type EntryDraft, type Head, seal } from "../model/entry.ts";
import { ConflictError } from "../model/errors.ts";
import type { Append, AuditPorts, AuditReads, ControlPorts } from "../model/ports.ts";
import { entriesIn } from "./entry-in.ts";

/** A chain as it stands: its entries, without those that were damaged, and the head that the next one goes behind. */
export type Chain = { readonly entries: readonly Entry[]; readonly tail?: Head };

/**
 * The head that the state table remembers is read first: if it is ahead of the chain's end, the end was cut off, or the
 * head of an append shows before its entry does. What is appended behind a cut goes behind the remembered head, so that
 * the gap stays for `verify` to see.
 */
export async function readChain({ audit }: { readonly audit: AuditReads }, chain: string): Promise<Chain> {
  const remembered = await audit.readHead(chain);
  let stored = await audit.readChain(chain);
  const isAhead = remembered && remembered.sequence > (stored.at(-1)?.sequence ?? 0);
  if (isAhead && (await audit.isTaken(chain, remembered.sequence))) stored = await audit.readChain(chain);
  const last = stored.at(-1);
  const end = last && { sequence: last.sequence, hash: last.hash };
  const tail = remembered && remembered.sequence > (end?.sequence ?? 0) ? remembered : end;
  return { entries: entriesIn(stored), ...(tail && { tail }) };
}

/** More writers than this on one chain at one moment are not met: a chain is one run's, or the operators'. */
const MAX_TRIES = 20;

type Appended = { readonly kind: "appended" } | { readonly kind: "already"; readonly entry: Entry };

/**
 * Appends an entry unless its chain has it: the same fact is written once, however often and by however many it is
 * told. A place taken by another entry is tried again behind it. `ConflictError`: the control state that was to go
 * with it has moved; nothing is written.
 */
export async function appendOnce(
  ports: AuditPorts,
  chainId: string,
  draft: EntryDraft,
  along: Omit<Append, "sealed"> = {},
): Promise<Appended> {
  let lastConflict: unknown;
  let lastTail: string | undefined;
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const { entries, tail } = await readChain(ports, chainId);
    const found = entries.find(({ entryId }) => entryId === draft.entryId);
    if (found) return { kind: "already", entry: found };
    const here = tail?.hash ?? "";
    if (here === lastTail) throw lastConflict;
    try {
      await ports.audit.append({ sealed: seal(draft, ports.account, chainId, tail), ...along });
      return { kind: "appended" };
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      // The place was free and still is: so it was the control state that had moved.
      lastConflict = error;
      lastTail = here;
    }
  }
  throw lastConflict;
}

/** A change was made; `appended`: with the entry that goes with it, which is not so when that stood already. */
type Changed = { readonly appended: boolean };

/** What to write with a control state as read, or that nothing need be written. */
type ControlChange =
  | {
      readonly next: ControlState;
      readonly draft: EntryDraft;
      readonly chain: string;
      readonly along?: Omit<Append, "sealed" | "control">;
    }
  | { readonly next: ControlState }
  | undefined;

/**
 * Reads the control state, lets the caller decide what to write on it, and writes that on condition that it has not
 * moved; otherwise reads and asks again. An entry that stands already was written by somebody else, or by a try of ours
 * whose answer was lost: the caller is asked again on the state that it left, and if it still wants the change, the
 * state alone is written. So success always means that this caller's change was made, once, by this caller.
 */
export async function changeControl(
  ports: ControlPorts,
  decide: (control: Control) => ControlChange | Promise<ControlChange>,
  along: Omit<Append, "sealed" | "control"> = {},
): Promise<Changed | undefined> {
  let conflict: unknown;
  let standing: string | undefined;
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const control = await ports.state.readControl();
    const change = await decide(control);
    if (change === undefined) return undefined;
    try {
      const write = { next: change.next, expectedVersion: control.version };
      if ("draft" in change && change.draft.entryId !== standing) {
        const { kind } = await appendOnce(ports, change.chain, change.draft, {
          ...along,
          ...change.along,
          control: write,
        });
        if (kind === "appended") return { appended: true };
        standing = change.draft.entryId;
      } else {
        await ports.state.writeControl(write.next, write.expectedVersion);
        return { appended: false };
      }
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      conflict = error;
    }
  }
  throw conflict ?? new ConflictError("the control state kept moving");
}
