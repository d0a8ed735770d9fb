import type { Observation } from "../../observation.ts";
import type { MaxAborts, Mode, Policy } from "../../policy.ts";
import {
  firstStops,
  inLastHour,
  type RecentIntent,
  type Stopped,
  sharedPlace,
  stoppedAs,
} from "./stopped.ts";

/** What the blast radius is measured against. */
export type Blast = {
  /** Now by the clock that intents are dated by. Default: as for all else. */
  readonly now?: Date;
  readonly tick: { readonly id: string; readonly startedAt: Date };
  /** Every run that is live now. */
  readonly liveRunIds: ReadonlySet<string>;
  /** Stops of this tick that were only observed: they take room among the observed as intents do among the enforced. */
  readonly observed?: readonly RecentIntent[];
};

/** What of the blast radius is taken. */
type Taken = {
  /** By this tick and those that overlap it: each intent. */
  readonly thisTick: Set<string>;
  /** By the last hour: each run, however often it came back, and for those that a source started again one together. */
  readonly places: Set<string>;
  /** The runs that share a place. */
  readonly sharing: Set<string>;
  /** The places of the last hour and of the runs live now. */
  readonly population: number;
  readonly records: Records;
};

/** Of the runs that took a place, those that burned more than any stopped before them in the hour. */
type Records = {
  readonly count: number;
  /** What the last of them burned; what is not known is no record. */
  readonly microUsdPerHour: number;
};

const NO_RECORDS: Records = { count: 0, microUsdPerHour: Number.NEGATIVE_INFINITY };

const isRecord = ({ burnMicroUsdPerHour: burn }: Stopped, { microUsdPerHour }: Records): boolean =>
  burn !== undefined && burn > microUsdPerHour;

/** The records with one more run that was stopped; `isNew`: it takes a place that was free. */
const withStopped = (stopped: Stopped, records: Records, isNew: boolean): Records =>
  isRecord(stopped, records)
    ? { count: records.count + (isNew ? 1 : 0), microUsdPerHour: stopped.burnMicroUsdPerHour ?? 0 }
    : records;

const intentKey = ({ runId, life }: Stopped): string => `${runId}#${life}`;

/** Counts what is taken of the blast radius now. */
export function takenOf(
  { recentIntents }: { readonly recentIntents: readonly RecentIntent[] },
  { tick, liveRunIds }: Blast,
  now: Date,
): Taken {
  const hour = inLastHour(recentIntents, now);
  const first = firstStops(hour);
  const overlaps = (intent: RecentIntent): boolean =>
    intent.tickId === tick.id || intent.at >= tick.startedAt || intent.tickEndsBy > tick.startedAt;
  const placed = hour.map((intent) => ({ intent, shared: sharedPlace(intent, first) }));
  const placeOf = ({ intent, shared }: (typeof placed)[number]): string => shared ?? intent.runId;
  let records = NO_RECORDS;
  const places = new Set<string>();
  for (const each of placed.toSorted((a, b) => a.intent.at.getTime() - b.intent.at.getTime())) {
    records = withStopped(each.intent, records, !places.has(placeOf(each)));
    places.add(placeOf(each));
  }
  const gone = placed.filter(({ intent }) => !liveRunIds.has(intent.runId));
  return {
    thisTick: new Set(hour.filter(overlaps).map(intentKey)),
    places,
    sharing: new Set(placed.flatMap(({ intent, shared }) => (shared ? [intent.runId] : []))),
    population: new Set([...liveRunIds, ...gone.map(placeOf)]).size,
    records,
  };
}

/** Half of one or two runs is no run: below this many the share of live runs does not bind. */
const PERCENT_FLOOR = 3;

/** Of `perHour`, what is kept for runs that burn more than anything stopped in that hour; a single place can't be kept. */
export const reservedOf = (perHour: number): number =>
  perHour > 1 ? Math.max(1, Math.floor(perHour / 5)) : 0;

/** What is left of that once such runs were stopped: they take these places first. */
export const keptOf = (perHour: number, { records }: Pick<Taken, "records">): number =>
  Math.max(0, reservedOf(perHour) - records.count);

/** What stands in the way of a stop, if anything. */
type Room = { take(observation: Observation): keyof MaxAborts | undefined };

/**
 * Room in the blast radius, to be taken run by run in the order of the decisions. `perTick` counts this tick's
 * intents and those of any tick that overlaps it: ticks that run at once share one allowance.
 *
 *     other tick   |--- intents ---|                       counted: it had not ended when this one started
 *     this tick            |------ intents ------|
 *
 * Runs that share a place are as many as `perHour` by themselves, of all sources together: a schedule that starts runs
 * which break a rule can neither fill the hour for all others nor be stopped without end.
 */
export function blastRoom(
  { guards: { maxAborts } }: Pick<Policy, "guards">,
  control: { readonly recentIntents: readonly RecentIntent[] },
  blast: Blast,
  now: Date,
): Room {
  const { perTick, perHour, percentOfLive } = maxAborts;
  const first = firstStops(inLastHour(control.recentIntents, now));
  const { thisTick, places, sharing, population, ...taken } = takenOf(control, blast, now);
  let { records } = taken;
  const share = Math.ceil((percentOfLive * population) / 100);
  const mostOfLive = percentOfLive === 0 ? 0 : Math.max(PERCENT_FLOOR, share);

  const reach = (set: ReadonlySet<string>, key: string): number => set.size + (set.has(key) ? 0 : 1);

  return {
    take(observation) {
      const stopped = stoppedAs(observation);
      const { runId } = stopped;
      const shared = sharedPlace(stopped, first);
      const place = shared ?? runId;
      const kept = places.has(place) || isRecord(stopped, records) ? 0 : keptOf(perHour, { records });
      if (thisTick.size >= perTick) return "perTick";
      if (reach(places, place) > perHour - kept) return "perHour";
      if (shared && reach(sharing, runId) > perHour) return "perHour";
      if (reach(places, place) > mostOfLive) return "percentOfLive";
      thisTick.add(intentKey(stopped));
      records = withStopped(stopped, records, !places.has(place));
      places.add(place);
      if (shared) sharing.add(runId);
      return undefined;
    },
  };
}

/** Observed and enforced decisions have rooms of their own, so that what is only observed holds nothing up. */
export function blastRooms(
  policy: Pick<Policy, "guards">,
  control: { readonly recentIntents: readonly RecentIntent[] },
  blast: Blast,
  now: Date,
): Readonly<Record<Mode, Room>> {
  const recentIntents = [...control.recentIntents, ...(blast.observed ?? [])];
  return {
    observe: blastRoom(policy, { recentIntents }, blast, now),
    enforce: blastRoom(policy, control, blast, now),
  };
}
