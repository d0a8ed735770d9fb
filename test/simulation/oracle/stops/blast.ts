import type { EntryFields } from "../entry-text.ts";
import type { SeenEntry, SeenTick } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { guardsOf, reservedOf } from "../policy-text.ts";
import type { Intent } from "./intents.ts";

type Finding = readonly [promise: string, text: string];

const HOUR_MS = 3_600_000;
/** How much older than the tick's start a listing may be and still show a run live. */
const LISTED_MS = 120_000;
/** Below this many the share of live runs does not bind. */
const FLOOR = 3;

const livesOf = (intents: readonly Intent[]): Set<string> =>
  new Set(intents.map(({ runId, life }) => `${runId}#${life}`));

/**
 * Until when a tick shares its allowance: it can have made intents until its last write, and has until its last one. That
 * one which stands still past its end goes on nobody else can know.
 */
function activeUntil(
  { intents }: Knowledge,
  { by, lastWriteMs, startedAtMs = 0, endsByMs }: SeenTick,
): number {
  const lastMs = Math.max(0, ...intents.all.filter((each) => each.by === by).map(({ openedMs }) => openedMs));
  return Math.max(lastMs, Math.min(lastWriteMs ?? startedAtMs, endsByMs ?? Number.POSITIVE_INFINITY));
}

const timeOf = ({ entry }: Intent): number => Date.parse(entry.at);

/** Where each run that was stopped in the hour stands: by itself, or in the one place of what its source started again. */
function placesOf(
  know: Knowledge,
  hour: readonly Intent[],
): { places: Set<string>; startedAgain: Set<string>; placeOf: (runId: string) => string } {
  const runs = new Map(know.history.truth.runs().map((run) => [run.id, run]));
  // What started it, as worlds label it.
  const sourceOf = (runId: string): string => {
    const run = runs.get(runId);
    if (run?.label?.startsWith("schedule ")) return run.label.replace(/#.*$/, "");
    return run?.taskId ? `task:${run.taskId}` : `actor:${run?.actorId}`;
  };
  const first = new Map<string, Intent>();
  for (const intent of hour) {
    const known = first.get(sourceOf(intent.runId));
    if (known === undefined || timeOf(intent) < timeOf(known)) first.set(sourceOf(intent.runId), intent);
  }
  const places = new Set<string>();
  const startedAgain = new Set<string>();
  const placeOf = (runId: string): string => {
    const source = sourceOf(runId);
    const stop = first.get(source);
    const startedAtMs = runs.get(runId)?.lives[0]?.startedAtMs ?? 0;
    const isAgain = stop !== undefined && stop.runId !== runId && startedAtMs > timeOf(stop);
    if (isAgain) startedAgain.add(runId);
    return isAgain ? `after ${source}` : runId;
  };
  for (const { runId } of hour) places.add(placeOf(runId));
  return { places, startedAgain, placeOf };
}

/**
 * A fifth of the hour's places is kept for runs that burn more than anything stopped before them in it; those take the kept
 * places first. Has the intent just written taken one that was kept for others? An entry that names no burn may mean 0.
 */
function* checkKeptPlaces(
  { burnUsdPerHour: burn = 0 }: EntryFields,
  place: string,
  before: readonly Intent[],
  placeOf: (runId: string) => string,
  perHour: number,
): Generator<Finding> {
  let most = Number.NEGATIVE_INFINITY;
  let records = 0;
  const places = new Set<string>();
  for (const { runId, entry } of before.toSorted((a, b) => timeOf(a) - timeOf(b))) {
    const { burnUsdPerHour: each = 0 } = entry;
    if (each > most && !places.has(placeOf(runId))) records += 1;
    most = Math.max(most, each);
    places.add(placeOf(runId));
  }
  if (places.has(place) || burn > most) return;
  const kept = Math.max(0, reservedOf(perHour) - records);
  const reached = places.size + 1;
  if (reached > perHour - kept && reached <= perHour)
    yield ["P4", `it takes the last places of ${perHour}, of which ${kept} are kept for runs that burn more`];
}

/** Is there room within the hour for the intent just written? A run counts once, however often it came back. */
export function* checkBlast(know: Knowledge, seen: SeenEntry): Generator<Finding> {
  const document = know.control.document(know.control.now.policyVersion);
  // An operator's order looks at what is live and writes at once.
  const tick = know.history.ticks.get(seen.by);
  const startedAtMs = tick ? tick.startedAtMs : seen.commitMs - LISTED_MS;
  if (document === undefined || startedAtMs === undefined) return;
  const { perHour, percentOfLive } = guardsOf(document);
  const hour = know.intents.all.filter((intent) => seen.commitMs - timeOf(intent) < HOUR_MS);
  const { places, startedAgain, placeOf } = placesOf(know, hour);
  const entry = JSON.parse(seen.text) as EntryFields;
  const before = hour.filter(({ intentId }) => intentId !== entry.entryId);
  yield* checkKeptPlaces(entry, placeOf(entry.runId ?? ""), before, placeOf, perHour);
  if (places.size > perHour) yield ["P4", `${places.size} places within 60 minutes, perHour is ${perHour}`];
  if (startedAgain.size > perHour)
    yield [
      "P4",
      `${startedAgain.size} runs that were started again within 60 minutes, perHour is ${perHour}`,
    ];

  const mayBeListed = know.history.truth
    .runs()
    .filter(({ lives }) =>
      lives.some(({ endedAtMs = Number.POSITIVE_INFINITY }) => endedAtMs >= startedAtMs - LISTED_MS),
    );
  const population = new Set([...mayBeListed.map(({ id }) => id), ...hour.map(({ runId }) => runId)]).size;
  const most = percentOfLive === 0 ? 0 : Math.max(FLOOR, Math.ceil((percentOfLive * population) / 100));
  if (places.size > most)
    yield [
      "P4",
      `${places.size} places within 60 minutes of ${population}, percentOfLive is ${percentOfLive}`,
    ];
}

/**
 * Ticks that ran at the same time share one allowance. Looked at from the end, when it is known how long each ran.
 *
 *     one tick   |----- makes intents -----| heartbeat
 *     another                          |------ makes intents ------|
 */
export function* checkPerTick(know: Knowledge): Generator<readonly [...Finding, runId: string]> {
  for (const intent of know.intents.all) {
    const tick = know.history.ticks.get(intent.by);
    const policy = know.control.document(intent.entry.policyVersion);
    if (tick?.startedAtMs === undefined || policy === undefined) continue;
    const { startedAtMs } = tick;
    const together = know.intents.all.filter(({ by, openedMs }) => {
      const other = know.history.ticks.get(by);
      return (
        openedMs <= intent.openedMs && (by === intent.by || (other && activeUntil(know, other) > startedAtMs))
      );
    });
    const { perTick } = guardsOf(policy);
    const ticks = [...new Set(together.map(({ by }) => by))].join(", ");
    if (livesOf(together).size > perTick) {
      yield [
        "P4",
        `${livesOf(together).size} runs by ticks at one time (${ticks}), perTick is ${perTick}`,
        intent.runId,
      ];
    }
  }
}
