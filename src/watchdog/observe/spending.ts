import {
  addSpend,
  DAY_MS,
  isEnded,
  type MicroUsd,
  type Run,
  type SpendBySlot,
  type Spender,
  spread,
  totalOf,
} from "../../policy/index.ts";
import { isAhead } from "../model/ahead.ts";
import type { LiveRun, RecordedMark } from "../model/live.ts";
import type { OfSpender, RunItem, SpendPoint } from "../model/ports.ts";
import { bookedOf, givenBack, handedOver, takenOffAll, withMore } from "./booked.ts";
import { trailFrom } from "./curve/trail.ts";

/**
 * What of a run's cost the cells do not have yet. It always holds, to the micro-dollar:
 *
 *     last known cost  =  what is recorded  +  what is unrecorded
 */
export type Spending = Pick<LiveRun, "spent" | "unrecorded" | "unrecordedBefore" | "taken">;

type Look = { readonly run: Run; readonly observedAt: Date };

/** Up to when a look's figure counts: nothing is spent after the end. What a live run has of an end is of a life before. */
function countsUntil({ run: { status, startedAt, finishedAt }, observedAt }: Look): Date {
  const hasEnded = isEnded(status) && finishedAt !== undefined && finishedAt < observedAt;
  const until = hasEnded ? finishedAt : observedAt;
  return until > startedAt ? until : startedAt;
}

const latest = (...dates: readonly (Date | undefined)[]): Date =>
  new Date(Math.max(...dates.map((date) => date?.getTime() ?? Number.NEGATIVE_INFINITY)));

/** What lies further back is in no window, and a start that can't be is no reason to fill thousands of slots. */
const FURTHEST_BACK_MS = 400 * DAY_MS;

/** What arose between two points of a run's cost, by slot. */
function between(from: Date, until: Date, microUsd: MicroUsd): SpendBySlot {
  const earliest = new Date(until.getTime() - FURTHEST_BACK_MS);
  return spread(microUsd, latest(from < until ? from : until, earliest), until);
}

/** What a figure that moved changes: it grew over the time since the last, or is corrected where the money was booked. */
function moved(
  from: Date,
  until: Date,
  microUsd: MicroUsd,
  has: { readonly own: SpendBySlot; readonly before: readonly OfSpender[] },
): typeof has {
  const correction = microUsd < 0 ? takenOffAll(-microUsd, has.own, has.before) : undefined;
  return correction ?? { own: between(from, until, microUsd), before: [] };
}

const together = (a: readonly OfSpender[] = [], b: readonly OfSpender[] = []): readonly OfSpender[] =>
  b.reduce((all, { spender, bySlot }) => withMore(all, spender, bySlot), a);

/** What is there again so soon after it was taken off had not been corrected: a figure of before had been shown. */
const TAKEN_BACK_MS = 15 * 60_000;

/** Since when a figure has grown: one of 0 may be one that was not told yet, and says nothing of when that was. */
const grownSince = (spent: SpendPoint | undefined, { startedAt }: Run): Date =>
  spent && spent.microUsd !== 0 ? spent.at : startedAt;

const withSpend = (
  spent: SpendPoint | undefined,
  { own, before }: { readonly own: SpendBySlot; readonly before: readonly OfSpender[] },
): Spending => ({
  ...(spent && { spent }),
  ...(Object.keys(own).length > 0 && { unrecorded: own }),
  ...(before.length > 0 && { unrecordedBefore: before }),
});

/**
 * The spending after another look: what the cost grew by is spread over the time since the last one, and what it is less
 * by is taken off the run's own hours.
 *
 * `asleepUntil`: in another life than before, until when the run was surely not live. It spent nothing while it was down,
 * nor may the budgets of those days be charged with what it spends now.
 */
export function spendingAfter(
  previous: Spending & Pick<LiveRun, "recorded"> & { readonly life?: number },
  look: Look,
  { life, asleepUntil }: { readonly life: number; readonly asleepUntil?: Date | undefined },
): Spending {
  const { spent, taken, unrecorded = {}, unrecordedBefore = [] } = previous;
  const usage = look.run.usageTotalMicroUsd;
  const open = { own: unrecorded, before: unrecordedBefore };
  if (usage === undefined) return { ...withSpend(spent, open), ...(taken && { taken }) };
  const until = countsUntil(look);
  // A cost that was never told before is of all lives: it is spread over all the time.
  const isAnother = spent !== undefined && previous.life !== undefined && life > previous.life;
  const woke = isAnother ? asleepUntil : undefined;
  const from = latest(grownSince(spent, look.run), woke);
  const { booked = {}, bookedBefore } = previous.recorded ?? {};
  const has = { own: addSpend(booked, unrecorded), before: together(bookedBefore, unrecordedBefore) };
  const change = usage - (spent?.microUsd ?? 0);
  const lately = taken && look.observedAt.getTime() - taken.at.getTime() <= TAKEN_BACK_MS ? taken : undefined;
  const back = change > 0 ? givenBack(lately, change) : {};
  const { own, before } = moved(from, until, change - totalOf(back), has);
  const grown = addSpend(back, own);
  const all = { at: look.observedAt, bySlot: addSpend(lately?.bySlot ?? {}, grown) };
  const kept = change < 0 ? all : totalOf(back) > 0 ? undefined : lately;
  const next = { own: addSpend(unrecorded, grown), before: together(unrecordedBefore, before) };
  return {
    ...withSpend({ at: latest(spent?.at, until), microUsd: usage }, next),
    ...(kept && { taken: kept }),
  };
}

/** A run as it was known, once it is another Actor's: what it has spent stays with whose it was then. */
export function handedOn<T extends Pick<LiveRun, "recorded" | "unrecorded" | "unrecordedBefore">>(
  { recorded, unrecorded, unrecordedBefore, ...rest }: T,
  from: Spender,
  to: Spender,
) {
  const open = handedOver(unrecorded, unrecordedBefore, from, to);
  return {
    ...rest,
    ...(recorded && { recorded: markOf(recorded, from, to) }),
    ...withSpend(undefined, open),
  };
}

function markOf({ booked, bookedBefore, ...mark }: RecordedMark, from: Spender, to: Spender): RecordedMark {
  const { own, before } = handedOver(booked, bookedBefore, from, to);
  return { ...mark, ...(booked && { booked: own }), ...(before.length > 0 && { bookedBefore: before }) };
}

/** What the live index keeps of a run's item. */
export function recordedOf(item: RunItem): RecordedMark {
  const { run, life, settledAt, version, spent, recordedAt, bookedBefore, counted } = item;
  return {
    status: run.status,
    life,
    settled: settledAt !== undefined,
    version,
    ...(spent && { spentMicroUsd: spent.microUsd, booked: bookedOf(item) }),
    ...(bookedBefore && { bookedBefore }),
    ...(counted && { counted }),
    at: recordedAt,
  };
}

/** An ended run that the live index does not have, as its item has it. */
export function recalled(item: RunItem, now: Date): LiveRun {
  const { run, life, recordedAt, settledAt, spent } = item;
  const figure = spent && { usageMicroUsd: spent.microUsd };
  return {
    run,
    observedAt: recordedAt < now ? recordedAt : now,
    source: "detail",
    life: { number: life, since: recordedAt, looks: {} },
    recorded: recordedOf(item),
    ...(spent && { spent }),
    said: [],
    ...(settledAt && { resting: { at: settledAt, ...figure, final: true } }),
  };
}

/** The run as its item has it. */
const asRecorded = (
  { life }: LiveRun,
  item: RunItem,
): Pick<LiveRun, "run" | "observedAt" | "life" | "spent"> => ({
  run: item.run,
  observedAt: item.recordedAt,
  life: life.number === item.life ? life : { number: item.life, since: item.recordedAt, looks: {} },
  ...(item.spent && { spent: item.spent }),
});

/**
 * A run that somebody else recorded meanwhile, or a tick of ours that died before it could say so: what is unrecorded is
 * counted anew from what stands in its item. A record that is newer than our look stands as it is, unless
 * it is dated ahead of now.
 */
export function rebase(live: LiveRun, item: RunItem, asleepUntil: Date | undefined, now: Date): LiveRun {
  const { spent, unrecorded: _old, unrecordedBefore: _before, trail: own, ...others } = live;
  const stands = recordedOf(item);
  const isNewer = item.recordedAt > live.observedAt && !isAhead(item.recordedAt, now);
  // The curve of another life ended with it.
  const goesOn = isNewer || item.life === live.life.number;
  const trail = (goesOn ? trailFrom(item, isNewer ? undefined : spent) : undefined) ?? own;
  const rest = { ...others, ...(trail && { trail }) };
  if (isNewer) return { ...rest, ...asRecorded(live, item), recorded: stands };
  const recorded = markOf(stands, item.run, live.run);
  if (spent === undefined) return { ...rest, ...(item.spent && { spent: item.spent }), recorded };
  const from = latest(
    grownSince(item.spent, live.run),
    item.spent && live.life.number > item.life ? asleepUntil : undefined,
  );
  const has = { own: recorded.booked ?? {}, before: recorded.bookedBefore ?? [] };
  const grown = moved(from, spent.at, spent.microUsd - (item.spent?.microUsd ?? 0), has);
  return { ...rest, ...withSpend(spent, grown), recorded };
}
