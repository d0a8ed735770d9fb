import { isEnded, type Observation, type Run } from "../../policy/index.ts";
import type { LiveRun } from "../model/live.ts";
import { skip, skipFailed } from "../model/pass.ts";
import type { Clock, Reading } from "../model/ports.ts";
import { knownOf } from "./known.ts";
import type { Looking } from "./looking.ts";
import { isYoung, observationOf, remember, type Seen } from "./remember.ts";
import { rebase, recalled } from "./spending.ts";

/** A run that Apify has not had for so long is gone. */
export const GONE_MS = 10 * 60_000;
/** A reading this old may still be acted on; an older one is taken again. */
const FRESH_MS = 5_000;

/** What a reading showed, and when it was asked for by the monotonic clock. */
export type Sighting = { readonly observation: Observation; readonly sentMs: number };

const isWithin = (ageMs: number): boolean => ageMs >= 0 && ageMs <= FRESH_MS;

/**
 * By both clocks: the monotonic one sees that the wall clock was set, the wall clock that the machine was asleep. A
 * reading from the future is of no known age.
 */
export const isFresh = ({ observation, sentMs }: Sighting, clock: Clock): boolean =>
  isWithin(clock.now().getTime() - observation.observedAt.getTime()) &&
  isWithin(clock.monotonicMs() - sentMs);

/** A run's detail, read just now and remembered. */
export type Fresh =
  | { readonly kind: "missing"; readonly observedAt: Date }
  | ({ readonly kind: "found" } & Sighting);

/** A run that this tick knows nothing of may be recorded all the same: what of its cost is in the cells counts there. */
async function counted({ completeAt, ports }: Looking, live: LiveRun): Promise<LiveRun> {
  const item = await ports.state.readRun(live.run.id);
  return item ? rebase(live, item, completeAt, ports.clock.now()) : live;
}

/**
 * Takes back what is recorded of the end of runs that are listed live again: which life it is, and since when, is told by
 * what it was before. Where that can't be read they count as never seen.
 */
export async function recallEnded(looking: Looking, runIds: Iterable<string>): Promise<void> {
  const { live, ports } = looking;
  const unknown = [...runIds].filter((id) => !live.has(id));
  if (unknown.length === 0) return;
  try {
    for (const [id, item] of await ports.state.readRuns(unknown))
      if (isEnded(item.run.status)) live.set(id, recalled(item, ports.clock.now()));
  } catch (error) {
    skipFailed(looking, "reading what is recorded of a run that is live again", error);
  }
}

/** A run that has become another Actor's since the first look: what is known is of the one that it was. */
function whatIsKnown({ observations, known }: Looking, { id, actorId, actorTaskId }: Run) {
  const first = observations.get(id);
  if (first === undefined) return known.get(id);
  return first.run.actorId === actorId && first.run.actorTaskId === actorTaskId ? first : undefined;
}

/** Reads a run and puts what it shows into the tick's memory. */
export async function lookAt(
  looking: Looking,
  runId: string,
  signal: AbortSignal = looking.signal,
): Promise<Fresh> {
  const reading: Reading = await looking.ports.apify.readRun(runId, signal);
  if (reading.kind === "missing") return reading;
  const { run, observedAt } = reading;
  const seen = { run, observedAt, source: "detail" as const };
  const before = looking.live.get(runId);
  const remembered = remember(before, seen, looking.completeAt);
  const live = before && !before.unread ? remembered : await counted(looking, remembered);
  looking.live.set(runId, live);
  const known = knownOf(whatIsKnown(looking, run) ?? {});
  // Of overlapping looks the newer one is remembered; what this look judges is this look all the same.
  const { costAt: _costAt, ...rest } = observationOf(live, known);
  const observation = { ...rest, run, observedAt, source: "detail" as const };
  return { kind: "found", observation, sentMs: reading.sentMs };
}

/** Counts that Apify has no such run. Where its list shows the run live, that is no run just gone, and a person is called if it lasts. */
export function noteMissing(looking: Pick<Looking, "skipped">, isListedLive: boolean): void {
  skip(looking, isListedLive ? "live run not found" : "run not found");
}

/** Takes in what a run's detail shows, or that it could not be found. `isListed`: the last list showed it live. */
export async function readDetail(
  looking: Looking,
  id: string,
  signal = looking.signal,
  isListed = looking.liveRunIds.has(id),
): Promise<Seen | undefined> {
  const { live, ports } = looking;
  const reading = await ports.apify.readRun(id, signal);
  const known = live.get(id);
  if (reading.kind === "found") {
    const seen: Seen = { run: reading.run, observedAt: reading.observedAt, source: "detail" };
    live.set(id, remember(known, seen, looking.completeAt));
    return seen;
  }
  if (known && isYoung(known.run.startedAt, reading.observedAt)) return undefined;
  noteMissing(looking, isListed);
  if (known) noteGone(looking, known, reading.observedAt);
  return undefined;
}

/**
 * Forgets a run that has been missing for ten minutes, once all that is known of its spend is recorded: of one that never
 * could be read, what lists have shown.
 */
export function noteGone({ live, ports }: Looking, known: LiveRun, now: Date): void {
  const { missingSince, run, unrecorded, unrecordedBefore, life } = known;
  if (missingSince === undefined) live.set(run.id, { ...known, missingSince: now });
  else if (now.getTime() - missingSince.getTime() < GONE_MS) return;
  else if (known.unread) live.set(run.id, { ...remember(undefined, known), life, missingSince });
  else if (unrecorded === undefined && unrecordedBefore === undefined) {
    live.delete(run.id);
    ports.log.warn("Apify has shown no such run for ten minutes; it is taken for gone", { runId: run.id });
  }
}
