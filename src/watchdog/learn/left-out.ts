import { formatCount, isBudgetRule, type Policy } from "../../policy/index.ts";
import { slackAfter } from "../observe/curve/slack.ts";
import type { Replayed } from "./looks.ts";
import type { History } from "./past.ts";
import { typicalStepsOf } from "./steps.ts";

const some = (n: number, what: (runs: string) => string): readonly string[] =>
  n > 0 ? [what(formatCount(n, "run"))] : [];

/** What was lost of runs that were watched: by gaps, and by curves that are not kept to the cent. */
function lostOf(runs: readonly Replayed[]): readonly string[] {
  const coarse = runs.filter(
    ({ watched, curve = [] }) => watched?.from && slackAfter(curve.length) > slackAfter(1),
  );
  return [
    ...some(
      runs.filter(({ watched }) => watched?.gaps).length,
      (n) => `how the cost of ${n} grew in the gaps of the watch`,
    ),
    ...some(
      runs.filter(({ watched }) => watched?.strange).length,
      (n) => `what ${n} did in a status that is not known, in which no rule judges a run`,
    ),
    ...some(
      coarse.length,
      (n) => `the cost of ${n} to the cent: it changed its pace so often that its curve is kept less closely`,
    ),
  ];
}

/** What budgets leave out. Of runs that were watched it is known, by the hour, in which window they spent what. */
function budgetsLeaveOut(policy: Policy, runs: readonly Replayed[]): readonly string[] {
  if (!policy.rules.some(isBudgetRule)) return [];
  const isBlind = runs.some(({ watched }) => watched?.from === undefined);
  return [
    `budgets of windows that began before the history does${
      isBlind
        ? "; what a run that was not watched, and goes on from one window into the next, may add to the second"
        : ""
    }`,
  ];
}

/** Ticks go by a hundred successes, and some of these may be older than what is known. */
const typicalLeavesOut = (policy: Policy): readonly string[] =>
  typicalStepsOf(policy).length > 0
    ? [
        "what was typical by runs from before this history: timesTypical goes by the runs in it that had succeeded by then",
      ]
    : [];

/** What is not looked at, in words for people; `runs` are those that are replayed. */
export function leftOut(
  policy: Policy,
  { runs: all, open, malformed = 0 }: History,
  runs: readonly Replayed[],
): readonly string[] {
  const isBlind = runs.some(({ watched }) => watched === undefined);
  return [
    ...some(open, (n) => `${n} live, just ended or in a status that is not known`),
    ...some(malformed, (n) => `${n} listed by Apify in a way that can't be read`),
    ...some(all.length - runs.length, (n) => `${n} with several lives`),
    ...some(
      runs.filter(({ cost }) => cost === undefined).length,
      (n) => `${n} of unknown cost, except by time`,
    ),
    ...some(
      all.filter(({ stopped }) => stopped).length,
      (n) => `${n} stopped before its time, beyond what it had come to by then`,
    ),
    ...(all.length > 0
      ? [`pauses, exemptions and maxAborts${isBlind ? "; time in the queue counts as run time" : ""}`]
      : []),
    ...lostOf(runs),
    ...budgetsLeaveOut(policy, runs),
    ...typicalLeavesOut(policy),
  ];
}
