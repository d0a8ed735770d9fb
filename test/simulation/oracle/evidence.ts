import type { EntryFields, EvidenceFields } from "./entry-text.ts";
import type { SeenEntry } from "./history.ts";
import { reaches } from "./judge.ts";
import type { Knowledge } from "./knowledge.ts";
import { limitOf, percentOf } from "./policy-text.ts";
import { lifeIndexAt } from "./readings.ts";

type Finding = readonly [promise: string, text: string];

/** Entries that rest on a decision of their own; all others repeat the evidence of their intent. */
const DECISIONS: readonly string[] = [
  "step.notified",
  "abort.observed",
  "abort.held",
  "abort.intended",
  "abort.forced",
];

/** Evidence without what other rules said beside it, which only the decision itself tells. */
const own = ({ also: _also, ...evidence }: Record<string, unknown>): string => JSON.stringify(evidence);

const micro = (usd: number): number => Math.round(usd * 1e6);

/** Is what the entry says of its run what Apify said, and is it what the named rule asks for? */
export function* checkEvidence(know: Knowledge, seen: SeenEntry, entry: EntryFields): Generator<Finding> {
  const { evidence, runId } = entry;
  if (runId === undefined || evidence === undefined) return;
  yield* checkRunFigures(know, seen, entry);
  if (DECISIONS.includes(entry.kind)) {
    yield* checkRule(know, entry, evidence);
    yield* checkMeasured(know, seen, entry, evidence);
    return;
  }
  const intent = know.intents.get(entry.intentId ?? "");
  if (intent === undefined)
    yield ["P9", `it belongs to the intent ${entry.intentId}, which is not in the audit`];
  else if (own({ ...intent.entry.evidence }) !== own({ ...evidence })) {
    yield ["P9", "its evidence is not that of its intent"];
  }
  const { finalUsageTotalUsd: final, overshootUsd: overshoot } = entry;
  const over =
    final !== undefined && evidence.metric === "usageTotalUsd" && micro(final) - micro(evidence.limit);
  if (overshoot !== undefined && micro(overshoot) !== Math.max(0, over || 0)) {
    yield ["P9", `its overshoot of ${overshoot} USD is not ${final} less ${evidence.limit}`];
  }
}

/** A cost in an entry is one that Apify has shown of this run. What it never showed is absent, not 0. */
function* checkRunFigures(
  know: Knowledge,
  seen: SeenEntry,
  { run, runId = "" }: EntryFields,
): Generator<Finding> {
  const usd = run?.usageTotalUsd;
  if (usd === undefined) return;
  const wasShown = know.readings
    .of(runId)
    .some((each) => each.usageTotalUsd !== undefined && micro(each.usageTotalUsd) === micro(usd));
  if (!wasShown)
    yield ["P9", `it says that the run cost ${usd} USD, which Apify showed to nobody until ${seen.commitMs}`];
}

function* checkRule(know: Knowledge, entry: EntryFields, evidence: EvidenceFields): Generator<Finding> {
  const document = know.control.document(entry.policyVersion);
  const rule = document?.rules.find(({ id }) => id === entry.ruleId);
  if (rule === undefined) return yield ["P9", `policy ${entry.policyVersion} has no rule ${entry.ruleId}`];
  const { metric, value } = limitOf(rule);
  if (metric !== evidence.metric || micro(value) !== micro(evidence.limit)) {
    yield [
      "P9",
      `the rule limits ${metric} to ${value}, its evidence says ${evidence.metric} ${evidence.limit}`,
    ];
  }
  const { at = Number.NaN, do: action } = entry.step ?? {};
  if (!rule.steps.some((step) => percentOf(step.at) === at && step.do === action)) {
    yield ["P9", `the rule has no step ${action} at ${at} %`];
  }
  if (!reaches(metric, evidence.measured, at, value)) {
    yield ["P9", `${evidence.measured} does not reach ${at} % of ${value}`];
  }
}

function* checkMeasured(
  know: Knowledge,
  seen: SeenEntry,
  entry: EntryFields,
  { metric, measured, observedAt, source }: EvidenceFields,
): Generator<Finding> {
  const { runId = "", subject } = entry;
  const sentMs = Date.parse(observedAt);
  const shown = know.readings.of(runId).filter((each) => each.sentMs === sentMs);
  const [reading] = shown;
  if (reading === undefined) return yield ["P9", `nobody asked Apify for the run at ${observedAt}`];
  if (
    metric === "usageTotalUsd" &&
    !shown.some((each) => micro(each.usageTotalUsd ?? -1) === micro(measured))
  ) {
    yield ["P9", `it measured ${measured} USD where Apify showed ${reading.usageTotalUsd ?? "no cost"}`];
  }
  const run = know.run(runId);
  if (run === undefined || !metric.endsWith("Time")) return;
  // A list tells no lives apart: who died and came back unseen is taken for what it was, until its detail is read.
  if (source === "list" && run.lives.length > 1) return;
  const life = lifeIndexAt(run, reading.asOfMs);
  if (life !== subject.life) yield ["P9", `it speaks of life ${subject.life}, Apify showed life ${life}`];
  const figures = know.readings.figures(run, reading, seen.commitMs, true);
  const most = { runTime: figures.runSecs, queueTime: figures.queueSecs, abortingTime: figures.stoppingSecs };
  const bound = most[metric as keyof typeof most] ?? Number.POSITIVE_INFINITY;
  if (measured > bound)
    yield ["P9", `it measured a ${metric} of ${measured} s where ${bound} s is the most possible`];
}
