import { isEnded, isLive } from "../../policy/index.ts";
import { ConflictError } from "../model/errors.ts";
import type { Heartbeat, Live, LiveRun } from "../model/live.ts";
import { isBehind } from "../observe/list.ts";
import { readLive } from "../observe/read-live.ts";
import { calledAfter } from "./attention/called.ts";
import type { Context } from "./context.ts";
import { later, mergeLive } from "./merge.ts";

const MAX_TRIES = 10;

/** What others wrote meanwhile is this tick's, too: else its next write would take it back. */
function takeIn({ budgets: notes, ledger, live }: Context, { runs, recordings = 0, budgets }: Live): void {
  for (const [id, run] of runs) live.set(id, run);
  ledger.recordings = recordings;
  delete ledger.reading;
  if (budgets) notes.kept = budgets;
}

/** The tick that was last, and whether it saw every live run and wrote all of it down: budgets may rest on it then. */
export type LastTick = {
  readonly heartbeat: Heartbeat;
  readonly cursor: Date | undefined;
  readonly sawAll: boolean;
  /** No answer of Apify reached it: it has seen no run, and nothing has shown whether its clock is right. */
  readonly sawNone?: boolean;
};

/**
 * Writes what is known of live runs and the heartbeat; whoever loses the race merges, the newer look wins. Returns the
 * index as it stands then, to be written on again. Throws `ClockError`, and writes nothing, where our clock was set since an
 * answer showed Apify's time.
 */
export async function writeLive(
  context: Context,
  base: Live,
  { heartbeat, cursor, sawAll, sawNone = false }: LastTick,
): Promise<Live> {
  if (sawNone) return writeBeat(context, heartbeat);
  const { amiss, awaited, budgets, ledger, live, takenUp } = context;
  const own = sawAll ? heartbeat.startedAt : context.completeAt;
  const [reached, completeAt] = [later(base.cursor, cursor), later(base.completeAt, own)];
  return writeMerged(context, {
    // With what a newer version keeps there besides.
    ...base,
    runs: new Map(live),
    heartbeat,
    ...(reached && { cursor: reached }),
    ...(completeAt && { completeAt }),
    ...(awaited.upTo && { awaitedUpTo: awaited.upTo }),
    recordings: ledger.recordings,
    budgets: budgets.kept,
    amiss: amiss.kept,
    called: calledAfter(base, heartbeat, { amiss: amiss.kept, sawAll }),
    renamed: amiss.renamed,
    ...(takenUp.kept && { takenUp: takenUp.kept }),
    ...(amiss.selecting && { selecting: amiss.selecting }),
  });
}

async function writeMerged(context: Context, ours: Live): Promise<Live> {
  const { ports } = context;
  let next = ours;
  for (let attempt = 0; ; attempt++) {
    ports.apify.now();
    try {
      await ports.state.writeLive(next);
      if (attempt > 0) takeIn(context, next);
      return { ...next, version: next.version + 1 };
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= MAX_TRIES) throw error;
      next = mergeLive(await readLive(ports), next);
    }
  }
}

/**
 * Remembers runs that have come back to life, or that lists were late to show, before anything is made of them. No list
 * shows one to the next tick once it has ended: what this one records of it before it dies must not be the last of it.
 * Returns the index as it stands then.
 */
export async function writeReturned(context: Context, base: Live): Promise<Live> {
  const { cursor, runs } = base;
  const isReturned = ({ run }: LiveRun): boolean => {
    const known = runs.get(run.id);
    const isKnown = known !== undefined && (known.unread || !isEnded(known.run.status));
    return isLive(run.status) && !isKnown && cursor !== undefined && isBehind(run, cursor);
  };
  const isAny = [...context.live.values()].some(isReturned);
  return isAny ? writeMerged(context, { ...base, runs: new Map(context.live) }) : base;
}

/** That it was here, and what is amiss, beside what others know: by its own clock it would take some of that for unseen. */
async function writeBeat({ amiss, ports }: Context, heartbeat: Heartbeat): Promise<Live> {
  for (let attempt = 0; ; attempt++) {
    const stands = await ports.state.readLive();
    const isLater = stands.heartbeat && stands.heartbeat.startedAt > heartbeat.startedAt;
    const next = isLater ? stands : { ...stands, heartbeat, amiss: amiss.kept };
    try {
      await ports.state.writeLive(next);
      return { ...next, version: next.version + 1 };
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= MAX_TRIES) throw error;
    }
  }
}
