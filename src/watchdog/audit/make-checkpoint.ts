import { DAY_MS, HOUR_MS } from "../../policy/index.ts";
import { stateOf } from "../model/control.ts";
import { CONTROL_CHAIN, type Entry, type EntryDraft, entryIdOf, type Head } from "../model/entry.ts";
import { errorText } from "../model/pass.ts";
import type { AuditReads, CheckpointLog, Ports } from "../model/ports.ts";
import { changeControl, readChain } from "./append.ts";
import {
  type CheckpointFacts,
  checkpointsIn,
  digestOf,
  factsAfter,
  type Heads,
  LATE_MS,
  linesOf,
} from "./checkpoint.ts";
import { WATCHDOG } from "./drafts.ts";

/** The index by time is a moment behind: what is dated later than this is left to the next checkpoint. */
const SETTLING_MS = 5 * 60_000;
/** How long none may be made before a person must look. */
const OVERDUE_MS = 2 * DAY_MS;
/** One checkpoint reads no more entries than this; the rest of its time is the next one's, which is due at once. */
const MOST_ENTRIES = 5_000;

type CheckpointPorts = Pick<
  Ports,
  "account" | "audit" | "state" | "clock" | "log" | "memory" | "checkpoints"
>;

/** A span of time, and the heads of the chains that have entries in it. */
type Grown = { readonly to: Date; readonly heads: Heads };

/** Where the chains stand that grew after `from`, by the entries dated up to `to`, or as far as one checkpoint goes. */
async function grownSince(
  audit: Pick<AuditReads, "list">,
  from: Date,
  to: Date,
  mostEntries: number,
): Promise<Grown> {
  const heads = new Map<string, Head>();
  let entries = 0;
  let last = from.toISOString();
  for await (const { chain, sequence, hash, copies } of audit.list({
    from: new Date(from.getTime() - LATE_MS),
    to,
  })) {
    // What is dated at one instant stays together.
    if (entries >= mostEntries && copies.at > last) return { to: new Date(last), heads };
    if (copies.at > from.toISOString()) {
      entries++;
      last = copies.at;
    }
    if (sequence > (heads.get(chain)?.sequence ?? 0)) heads.set(chain, { sequence, hash });
  }
  return { to, heads };
}

/** When the checkpoint is due that follows one up to this time. */
const dayAfter = (to: Date): Date => new Date(to.getTime() + SETTLING_MS + DAY_MS);

/** Where the next checkpoint goes on, and whether it is due; `undefined` where nothing was ever written. */
function nextOf(entries: readonly Entry[], now: Date) {
  const made = checkpointsIn(entries);
  // One that a wrong clock dated ahead must not put off all that follow.
  const last = made.findLast(({ to }) => new Date(to) <= now);
  const first = entries[0];
  if (first === undefined) return undefined;
  const from = last ? new Date(last.to) : new Date(new Date(first.at).getTime() - 1);
  const isBehind = last === undefined || from.getTime() < new Date(last.at).getTime() - SETTLING_MS;
  return { after: made.at(-1), from, dueAt: isBehind ? now : dayAfter(from) };
}

const draftOf = (
  facts: CheckpointFacts,
  digest: string,
  chains: number,
  now: Date,
  tickId: string,
): EntryDraft => ({
  entryId: entryIdOf(CONTROL_CHAIN, "audit.checkpoint", facts.number),
  kind: "audit.checkpoint",
  at: now.toISOString(),
  subject: { kind: "control" },
  by: WATCHDOG,
  tickId,
  change: { ...facts, chains, digest },
});

/** Made if it is due. Returns when to look again. */
async function makeIfDue(
  { checkpoints: log, ...ports }: CheckpointPorts & { readonly checkpoints: CheckpointLog },
  {
    entries,
    now,
    tickId,
    mostEntries,
  }: { entries: readonly Entry[]; now: Date; tickId: string; mostEntries: number },
): Promise<Date> {
  const next = nextOf(entries, now);
  if (next === undefined) return new Date(now.getTime() + HOUR_MS);
  if (now < next.dueAt) return next.dueAt;
  const until = new Date(now.getTime() - SETTLING_MS);
  if (until <= next.from) return new Date(next.from.getTime() + SETTLING_MS + 1);
  const { to, heads } = await grownSince(ports.audit, next.from, until, mostEntries);
  const facts = factsAfter(next.after, { from: next.from.toISOString(), to: to.toISOString() });
  // The lines first: an entry without them is what tampering looks like, lines without an entry are only made again.
  await log.append(linesOf(ports.account, facts, heads));
  const draft = draftOf(facts, digestOf(ports.account, facts, heads), heads.size, now, tickId);
  await changeControl(ports, (control) => ({ next: stateOf(control), draft, chain: CONTROL_CHAIN }));
  return to < until ? now : dayAfter(to);
}

/**
 * Once a day writes down where the chains stand that grew since the last checkpoint: into a log outside of the tables, and
 * the digest of it into the control chain. One that can't be made is tried again after an hour, or by the next process; it
 * holds up nothing else. Returns why a person must look, where none could be made for two days.
 */
export async function makeCheckpoint(
  ports: CheckpointPorts,
  tickId: string,
  mostEntries = MOST_ENTRIES,
): Promise<string | undefined> {
  const { checkpoints, clock, log, memory } = ports;
  const now = clock.now();
  if (checkpoints === undefined) return undefined;
  if (memory.checkpoint && now < memory.checkpoint.lookAt) return memory.checkpoint.overdue;
  let entries: readonly Entry[] = [];
  try {
    ({ entries } = await readChain(ports, CONTROL_CHAIN));
    memory.checkpoint = {
      lookAt: await makeIfDue({ ...ports, checkpoints }, { entries, now, tickId, mostEntries }),
    };
  } catch (error) {
    log.warn("the audit's checkpoint could not be written", { error: errorText(error) });
    const from = nextOf(entries, now)?.from;
    const overdue =
      from && now.getTime() - from.getTime() > OVERDUE_MS
        ? `the audit has had no checkpoint since ${from.toISOString()}: ${errorText(error)}`
        : undefined;
    memory.checkpoint = { lookAt: new Date(now.getTime() + HOUR_MS), ...(overdue && { overdue }) };
  }
  return memory.checkpoint.overdue;
}
