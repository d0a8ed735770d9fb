import type { TrueRun } from "../../../../emulator/index.ts";
import type { EntryFields, EvidenceFields } from "../entry-text.ts";
import type { SeenEntry } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import {
  appliesTo,
  type LimitText,
  limitOf,
  type PolicyDocument,
  percentOf,
  type RuleText,
} from "../policy-text.ts";
import { isCountUntold, lifeIndexAt, type Reading } from "../readings.ts";
import { isOpenIn } from "../schedule-text.ts";
import { billedEventsUsd, isGauge, isMoney, micro, partsOf, toldFigure } from "../told.ts";
import { type Figures, figureOf } from "./judge.ts";
import { mostFigures } from "./most.ts";
import { usualOf } from "./typical.ts";

type Finding = readonly [promise: string, text: string];

/** What a figure can at most be, where an answer alone does not tell it. */
const BOUNDED: readonly string[] = [
  "runTime",
  "queueTime",
  "abortingTime",
  "idleTime",
  "usdPerHour",
  "timesTypical",
];
/** What hangs on the life that the run is in. */
const OF_LIFE: readonly string[] = [...BOUNDED, "noTimeout"];

const DUST = 1 + 1e-9;
const isNear = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** Is what an entry measured what Apify showed, or at most what can be made of what it showed? */
export function* checkMeasured(
  know: Knowledge,
  seen: SeenEntry,
  entry: EntryFields,
  { document, rule }: { readonly document: PolicyDocument; readonly rule: RuleText },
): Generator<Finding> {
  const { runId = "", subject, evidence } = entry;
  if (evidence === undefined) return;
  const { metric, observedAt, source } = evidence;
  const saidMs = Date.parse(observedAt);
  const shown = know.readings.of(runId).filter((each) => each.saidMs === saidMs);
  // Two may have asked at what each of them took for that time.
  const reading = shown.find(({ by }) => by === seen.by) ?? shown[0];
  if (reading === undefined) return yield ["P9", `nobody asked Apify for the run at ${observedAt}`];
  const run = know.run(runId);
  if (run === undefined) return;
  const limit = limitOf(rule);
  yield* checkShown(evidence, limit, shown);
  // A list tells no lives apart: who died and came back unseen is taken for what it was, until its detail is read.
  if (source === "list" && run.lives.length > 1) return;
  const figures = mostFigures(
    know.readings,
    run,
    reading,
    know.latestOf(seen.by, reading.sentMs, seen.commitMs),
    true,
  );
  const { family } = partsOf(metric);
  const life = lifeIndexAt(run, reading.asOfMs);
  // Where no answer tells how many lives there were, nobody can know.
  if (OF_LIFE.includes(family) && life !== subject.life && !isCountUntold(reading))
    yield ["P9", `it speaks of life ${subject.life}, Apify showed life ${life}`];
  yield* checkBounded(know, seen, evidence, { run, limit, figures });
  yield* checkSaid(entry, { document, rule, run, figures });
}

/** Figures that an answer tells by itself must be those that it told. */
function* checkShown(
  evidence: EvidenceFields,
  limit: LimitText,
  shown: readonly Reading[],
): Generator<Finding> {
  const { metric, measured, basis = "actual", facts = {} } = evidence;
  const { family } = partsOf(metric);
  if (OF_LIFE.includes(family)) return;
  const times = { runSecs: 0, queueSecs: 0, stoppingSecs: 0 };
  const told = shown.map((each) =>
    toldFigure(limit, basis, { ...each, settings: each.detail?.settings, ...times }),
  );
  const isTold = told.some((each) => {
    if (each === undefined) return false;
    // What is estimated is at most what will be billed.
    if (basis === "estimate") return measured - each <= 1.5e-6;
    return isMoney(metric) ? micro(each) === micro(measured) : each === measured;
  });
  const unit = evidence.unit === "USD" ? "USD" : metric;
  if (!isTold)
    yield ["P9", `it measured ${measured} ${unit} where Apify showed ${told[0] ?? `no ${metric}`}`];
  if (basis !== "estimate" || facts.eventsUsd === undefined) return;
  const { eventsUsd: said } = facts;
  if (!shown.some(({ detail }) => detail && said - billedEventsUsd(detail, detail.settings) <= 1.5e-6))
    yield ["P9", `it says that the charged events cost ${said} USD, and they do not`];
}

type Judged = { readonly run: TrueRun; readonly limit: LimitText; readonly figures: Figures };

/** Figures that take a history must be no more than the history allows, and what they rest on must be in it. */
function* checkBounded(
  know: Knowledge,
  seen: SeenEntry,
  { metric, measured, unit, facts = {} }: EvidenceFields,
  { run, limit, figures }: Judged,
): Generator<Finding> {
  const { family } = partsOf(metric);
  if (OF_LIFE.includes(family)) {
    const most = figureOf(limit, "actual", figures);
    const inUnit = unit === "secs" ? "s" : unit;
    const bound = most === undefined ? "none can be told" : `${most} ${inUnit} is the most possible`;
    if (most === undefined || measured > most * DUST)
      yield ["P9", `it measured a ${metric} of ${measured} ${inUnit} where ${bound}`];
  }
  const { own = Number.NaN, usual = Number.NaN, runs, stopped = 0, timeoutSecs, cpuCurrentUsage } = facts;
  if (family === "noTimeout" && timeoutSecs !== figures.settings?.timeoutSecs)
    yield [
      "P9",
      `it says that the time-out is ${timeoutSecs} s, Apify said ${figures.settings?.timeoutSecs}`,
    ];
  if (cpuCurrentUsage !== undefined && cpuCurrentUsage !== figures.detail?.stats.cpuCurrentUsage)
    yield ["P9", `it says that the CPU was at ${cpuCurrentUsage} %, which Apify did not`];
  if (family !== "timesTypical") return;
  if (!isNear(own / usual, measured)) yield ["P9", `${own} is not ${measured} times ${usual}`];
  const isUsd = metric === "timesTypical.usd";
  if (isUsd && micro(own) !== micro(figures.usageTotalUsd ?? -1))
    yield ["P9", `it compares ${own} USD where Apify showed ${figures.usageTotalUsd ?? "no cost"}`];
  if (stopped > stoppedLike(know, run, seen.commitMs))
    yield ["P9", `it counts ${stopped} stopped runs, more than were stopped`];
  const known = usualOf(know.readings, run, limit, seen.commitMs, stopped);
  if (!known.some((each) => each.runs === runs && isNear(each.median, usual)))
    yield ["P9", `nobody was told that ${usual} is usual by ${runs} runs`];
}

/** How many runs of its task, or else of its Actor, those of its tasks too, had been stopped by an instant. */
function stoppedLike(know: Knowledge, { actorId, taskId }: TrueRun, byMs: number): number {
  const stopped = know.history.entries.flatMap(({ text, commitMs }) => {
    if (commitMs > byMs || !text.includes('"kind":"abort.confirmed"')) return [];
    const other = know.run((JSON.parse(text) as EntryFields).subject.runId);
    const isLike = other?.actorId === actorId && (taskId === undefined || other.taskId === taskId);
    return isLike ? other.id : [];
  });
  return new Set(stopped).size;
}

/** The rule must be meant for the run, be open then, and have believed no gauge at one look. */
function* checkSaid(
  { step, evidence }: EntryFields,
  {
    document,
    rule,
    run,
    figures,
  }: Omit<Judged, "limit"> & { readonly document: PolicyDocument; readonly rule: RuleText },
): Generator<Finding> {
  const { at = Number.NaN, do: action, basis = "actual" } = step ?? {};
  const written = rule.steps.find(
    (each) => percentOf(each.at) === at && each.do === action && (each.basis ?? "actual") === basis,
  );
  if (!isOpenIn([rule.schedule, written?.schedule], document.timeZone ?? "UTC", figures.span, false))
    yield ["P9", `its schedule was not open from ${evidence?.observedAt} on`];
  if (!appliesTo(rule, run, figures.settings)) yield ["P9", "the rule is not meant for this run"];
  const limit = limitOf(rule);
  if (isGauge(limit.metric) && !figures.stood(limit, at))
    yield ["P9", `a ${limit.metric} was believed that no look a minute before it showed`];
}
