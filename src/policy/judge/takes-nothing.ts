import type { Warning } from "../language/warnings.ts";
import type { Policy } from "../policy.ts";
import type { SelectedCount, TakesNothing } from "./count-selected.ts";

const WORDS = {
  actor: { one: "an Actor", none: "no Actor", key: "actors" },
  task: { one: "a task", none: "no task", key: "tasks" },
  schedule: { one: "a schedule", none: "no schedule", key: "schedules" },
} as const;

function wordsOf({ path, written, kind, guess, other }: TakesNothing): string {
  const { none, one } = WORDS[kind];
  const effect = path.includes("except") ? "so it excepts nothing" : "so it selects nothing";
  if (other)
    return `${written} is ${WORDS[other].one}, not ${one}, ${effect}; name it in ${WORDS[other].key}`;
  return `${none} of the account is ${written}, ${effect}${guess ? `; did you mean ${guess}?` : ""}`;
}

/** Each takes something, and no Actor, task or schedule is taken by all of them. */
const NONE = "what it names is never of one run, so the rule is for no run";

/** What selectors say that takes nothing of the account, each at its place in the document: to be shouted. */
export const takesNothingWarnings = (
  { rules }: Policy,
  counts: readonly SelectedCount[],
): readonly Warning[] =>
  counts.flatMap(({ ruleId, nothing, isForNone }) => {
    const index = rules.findIndex(({ id }) => id === ruleId);
    const places = nothing.map((each) => ({ path: each.path, warning: wordsOf(each) }));
    const isTold = nothing.some(({ path }) => !path.includes("except"));
    const none = isForNone && !isTold ? [{ path: ["for"], warning: NONE }] : [];
    return [...places, ...none].map(({ path, warning }) => ({
      path: ["rules", index, ...path],
      warning,
      kind: "never-bites" as const,
    }));
  });
