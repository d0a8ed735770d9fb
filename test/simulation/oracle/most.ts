import type { TrueRun } from "../../../emulator/index.ts";
import { idleSecs } from "./idleness.ts";
import { type Figures, figureOf, reaches } from "./judge.ts";
import type { LimitText } from "./policy-text.ts";
import { lifeIndexAt, type Reading, type Readings } from "./readings.ts";
import { micro, partsOf, STOPPING, type Told } from "./told.ts";
import { timesTypical } from "./typical.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Two figures nearer to each other than this make no rate. */
const APART_MS = 30_000;
/** A look is judged by the clock of a tick that may have begun so long before. */
const TICK_MS = 60_000;

const firstSent = (readings: readonly Reading[], otherwise: number): number =>
  readings.reduce((first, { sentMs }) => Math.min(first, sentMs), otherwise);

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
    .reduce((last, { sentMs }) => Math.max(last, sentMs), bornMs);
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

/**
 * The fastest that the cost can be said to grow: between any two figures shown of this life, half a minute apart, over
 * the time since the earlier one. Which two are the last that differed, nobody but the watchdog knows.
 */
function usdPerHour(readings: Readings, run: TrueRun, reading: Reading): number | undefined {
  if (reading.usageTotalUsd === undefined) return undefined;
  const shown = readings.upTo(run, reading).filter(({ usageTotalUsd }) => usageTotalUsd !== undefined);
  let [most, later, next] = [0, Number.NEGATIVE_INFINITY, 0];
  for (const { sentMs, usageTotalUsd = 0 } of shown) {
    for (let each = shown[next]; each && each.sentMs - sentMs >= APART_MS; each = shown[++next]) {
      later = Math.max(later, micro(each.usageTotalUsd ?? 0));
    }
    const overMs = reading.sentMs - sentMs;
    if (overMs >= APART_MS) most = Math.max(most, ((later - micro(usageTotalUsd)) * HOUR_MS) / overMs);
  }
  return most / 1e6;
}

/** The most that a reading can be made to say against its run, when it is judged at an instant. */
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
      const judgedMs = Math.min(nowMs, look.sentMs + TICK_MS);
      const value = figureOf(limit, "actual", mostFigures(readings, run, look, judgedMs, false));
      return value !== undefined && reaches(limit.metric, value, share, limit.value);
    };
    const since = readings.heldSince(run, reading, isAt);
    return since !== undefined && reading.sentMs - since.sentMs >= MINUTE_MS;
  };
  return {
    ...told,
    underIntent,
    span: { fromMs: reading.sentMs, toMs: nowMs },
    isSure: false,
    derived,
    stood,
  };
}
