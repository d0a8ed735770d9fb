import type { TrueRun } from "../../../../emulator/index.ts";
import type { LimitText } from "../policy-text.ts";
import { lifeIndexAt, type Reading, type Readings } from "../readings.ts";
import { micro, partsOf, STOPPING, type Told } from "../told.ts";
import { idleSecs } from "./idleness.ts";
import { type Figures, figureOf, reaches } from "./judge.ts";
import { timesTypical } from "./typical.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Two figures nearer to each other than this make no rate. */
const APART_MS = 30_000;
/** A look is judged by the clock of a tick that may have begun so long before. */
const TICK_MS = 60_000;

const firstSent = (readings: readonly Reading[], otherwise: number): number =>
  readings.reduce((first, { saidMs }) => Math.min(first, saidMs), otherwise);

/** Each time is counted from the earliest moment that the specification allows. */
function toldBy(readings: Readings, run: TrueRun, reading: Reading, nowMs: number): Told {
  const index = lifeIndexAt(run, reading.asOfMs);
  const life = run.lives[index];
  const ofLife = readings.of(run.id).filter((each) => lifeIndexAt(run, each.asOfMs) === index);
  const secs = (fromMs: number): number => (nowMs - fromMs) / 1_000;
  const bornMs = index === 0 ? (life?.startedAtMs ?? nowMs) : firstSent(ofLife, nowMs);
  const readyMs = ofLife
    .filter(({ status, call }) => {
      const isKnown = call.deliveredAtMs !== undefined && readings.knew(call, reading.by);
      return status === "READY" && isKnown;
    })
    .reduce((last, { saidMs }) => Math.max(last, saidMs), bornMs);
  const stopping = ofLife.filter(({ status }) => STOPPING.includes(status));
  return {
    status: reading.status,
    usageTotalUsd: reading.usageTotalUsd,
    detail: reading.detail,
    // They stay the same for a life, so that any read of it tells them.
    settings: (reading.detail ?? readings.upTo(run, reading).find(({ detail }) => detail)?.detail)?.settings,
    runSecs: secs(readyMs),
    queueSecs: secs(bornMs),
    stoppingSecs: secs(firstSent(stopping, nowMs)),
  };
}

/** How fast the cost grew over a stretch, in micro-dollars an hour. */
const rate = (from: Reading, to: Reading, untilMs: number): number =>
  ((micro(to.usageTotalUsd ?? 0) - micro(from.usageTotalUsd ?? 0)) * HOUR_MS) / (untilMs - from.saidMs);

/**
 * The fastest that the cost can be said to grow: the slower of two stretches that follow one another, each half a minute
 * or longer; the second goes on until now. Which figures are the last that differed, nobody but the watchdog knows: so of
 * all that were shown of this life, those that make the most of it.
 */
function usdPerHour(readings: Readings, run: TrueRun, reading: Reading): number | undefined {
  if (reading.usageTotalUsd === undefined) return undefined;
  const shown = readings.upTo(run, reading).filter(({ usageTotalUsd }) => usageTotalUsd !== undefined);
  const rates = shown.flatMap((middle) => {
    const second = shown
      .filter(({ saidMs }) => saidMs - middle.saidMs >= APART_MS)
      .reduce((most, each) => Math.max(most, rate(middle, each, reading.saidMs)), -1);
    if (second < 0) return [];
    const first = shown
      .filter(({ saidMs }) => middle.saidMs - saidMs >= APART_MS)
      .reduce((most, each) => Math.max(most, rate(each, middle, middle.saidMs)), -1);
    return first < 0 ? [] : [Math.min(first, second)];
  });
  return rates.length === 0 ? undefined : Math.max(...rates) / 1e6;
}

/** The most that a reading can be made to say against its run, when it is judged at an instant. Budgets aside. */
export function mostFigures(
  readings: Readings,
  run: TrueRun,
  reading: Reading,
  nowMs: number,
  underIntent: boolean,
): Figures {
  const told = toldBy(readings, run, reading, nowMs);
  const derived = (limit: LimitText): number | undefined => {
    const { family } = partsOf(limit.metric);
    if (family === "usdPerHour") return usdPerHour(readings, run, reading);
    if (family === "idleTime") return idleSecs(readings, run, reading, limit);
    return family === "timesTypical" ? timesTypical(readings, run, told, limit, nowMs) : undefined;
  };
  const stood = (limit: LimitText, share: number): boolean => {
    const isAt = (look: Reading): boolean | undefined => {
      // Of such, a list tells nothing; by the letter that breaks a row, but a bound need not know.
      if (partsOf(limit.metric).family === "stats" && look.detail === undefined) return undefined;
      const judgedMs = Math.min(nowMs, look.saidMs + TICK_MS);
      const value = figureOf(limit, "actual", mostFigures(readings, run, look, judgedMs, false));
      return value !== undefined && reaches(limit.metric, value, share, limit.value);
    };
    const since = readings.heldSince(run, reading, isAt, MINUTE_MS);
    return since !== undefined && reading.saidMs - since.saidMs >= MINUTE_MS;
  };
  return {
    ...told,
    underIntent,
    span: { fromMs: reading.saidMs, toMs: nowMs },
    isSure: false,
    derived,
    spent: () => undefined,
    stood,
  };
}
