import { BUDGET, type DecideInput, formatUsd, type Observation } from "../../policy/index.ts";
import { describeEntry } from "../audit/describe.ts";
import type { Entry, EntryKind } from "../model/entry.ts";
import { explainDecision } from "./explain-decision.ts";
import { saysOf } from "./explain-words.ts";
import type { Foreseen, RuleView, Told } from "./explanation.ts";

export const toldOf = (entry: Entry): Told => ({
  at: entry.at,
  entryId: entry.entryId,
  kind: entry.kind,
  ...(entry.ruleId !== undefined && { ruleId: entry.ruleId }),
  by: entry.by,
  ...describeEntry(entry),
});

/** What says most of why a run was stopped or not, the most telling first. */
const TELLING: readonly (readonly [EntryKind, string])[] = [
  ["abort.confirmed", "it was stopped"],
  ["abort.moot", "it ended before it was stopped"],
  ["abort.withdrawn", "it was not stopped: the watchdog let it go"],
  ["abort.held", "it was not stopped: a guard held it"],
  ["abort.observed", "it was not stopped: the rule was only observed"],
  ["step.notified", "it was not stopped: it ended before a step that stops was reached"],
];

const lifeOf = ({ subject }: Entry): number => (subject.kind === "run" ? subject.life : 0);

/** A stop of this life ended it; a run that has ended otherwise was resurrected since, also where Apify does not say so. */
const isOfEnd = ({ run, life }: Observation, entry: Entry): boolean =>
  lifeOf(entry) === life.number && (entry.kind !== "abort.confirmed" || run.status === "ABORTED");

/** That it was stopped before, and lived again. */
function stoppedBefore(observation: Observation, entries: readonly Entry[]): string {
  const stop = entries.findLast((each) => each.kind === "abort.confirmed" && !isOfEnd(observation, each));
  if (stop === undefined) return "";
  const undone = entries.find(({ kind, intentId }) => kind === "run.undone" && intentId === stop.intentId);
  const again = undone ? `brought back by ${undone.by}` : "resurrected";
  return `; it was stopped before that, in life ${lifeOf(stop)} (${stop.ruleId ?? "by hand"}), and ${again}`;
}

/** What a person said of the stop afterwards, the last word alone. */
function judgedAs(observation: Observation, entries: readonly Entry[]): string {
  const last = entries.findLast((each) => each.kind === "stop.judged" && isOfEnd(observation, each));
  return last ? `; ${describeEntry(last).text}` : "";
}

/** Why a run that has ended was stopped or not, as the audit tells it: of the life that ended, and not of one before. */
export function whyEnded(observation: Observation, entries: readonly Entry[]): Foreseen {
  const { run } = observation;
  const before = stoppedBefore(observation, entries);
  for (const [kind, what] of TELLING) {
    const entry = entries.findLast((each) => each.kind === kind && isOfEnd(observation, each));
    if (entry === undefined) continue;
    // What came of an intent says it without the rule's own figures, which stand in the intent.
    const intent = entries.find(({ entryId }) => entryId === entry.intentId);
    const why = [intent, entry].flatMap((each) => (each ? [describeEntry(each).text] : [])).join("; ");
    const rule = entry.ruleId === undefined ? {} : { ruleId: entry.ruleId };
    return {
      action: "nothing",
      called: false,
      ...rule,
      why: `${what}: ${why}${judgedAs(observation, entries)}${before}`,
    };
  }
  const cost = run.usageTotalMicroUsd === undefined ? "an unknown cost" : formatUsd(run.usageTotalMicroUsd);
  return {
    action: "nothing",
    called: false,
    why: `it was not stopped: no rule reached a step while it was looked at, and it ended ${run.status} at ${cost}${before}`,
  };
}

/** Of a budget: its figure moves on, and what it was at an instant is in the entries alone. */
const NOT_KEPT = {
  unknown: { reason: "what was spent by then is not kept", young: false },
  says: "not known: what was spent by then is not kept",
};

/**
 * How an ended run would stand to the policy in force had it still been running at its end. Empty where it is not known
 * when this life began.
 */
export function rulesAtEnd(input: DecideInput, observation: Observation): readonly RuleView[] {
  const { run, life } = observation;
  const { finishedAt } = run;
  if (finishedAt === undefined || life.since > finishedAt) return [];
  const { stoppingSince: _left, ...running } = life;
  const then: Observation = { ...observation, run: { ...run, status: "RUNNING" }, life: running };
  const { ledger: _now, ...rest } = input;
  const { rules } = explainDecision({ ...rest, now: finishedAt, observations: [then] }, then);
  return rules.map((view) => {
    // Nothing is foretold of a run that has ended.
    const { nextStep: _step, nextStop: _stop, ...stood } = view;
    if (stood.unknown && stood.metric === BUDGET) return { ...stood, ...NOT_KEPT };
    const rule = input.policy.rules.find(({ id }) => id === stood.ruleId);
    return rule ? { ...stood, says: saysOf(stood, rule, then) || "reached no step" } : stood;
  });
}
