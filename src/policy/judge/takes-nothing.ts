import type { Warning } from "../language/warnings.ts";
import type { Policy } from "../policy.ts";
import type { SelectedCount, TakesNothing } from "./count-selected.ts";

const WORDS = {
  actor: { one: "an Actor", none: "no Actor", other: "a task", belongs: "tasks" },
  task: { one: "a task", none: "no task", other: "an Actor", belongs: "actors" },
} as const;

function wordsOf({ path, written, kind, guess, isOther }: TakesNothing): string {
  const { none, one, other, belongs } = WORDS[kind];
  const effect = path.includes("except") ? "so it excepts nothing" : "so it selects nothing";
  if (isOther) return `${written} is ${other}, not ${one}, ${effect}; name it in ${belongs}`;
  return `${none} of the account is ${written}, ${effect}${guess ? `; did you mean ${guess}?` : ""}`;
}

/** What selectors say that takes nothing of the account, each at its place in the document: to be shouted. */
export const takesNothingWarnings = (
  { rules }: Policy,
  counts: readonly SelectedCount[],
): readonly Warning[] =>
  counts.flatMap(({ ruleId, nothing }) =>
    nothing.map((each) => ({
      path: ["rules", rules.findIndex(({ id }) => id === ruleId), ...each.path],
      warning: wordsOf(each),
      kind: "never-bites" as const,
    })),
  );
