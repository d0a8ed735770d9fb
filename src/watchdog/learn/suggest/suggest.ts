import type { History, Quantity } from "../past.ts";
import { type Group, groupsOf, type LearnedSubject } from "./groups.ts";
import { type Refused, type Suggested, suggestLimit } from "./suggest-limit.ts";

export type Suggestion = Suggested & { readonly subject: LearnedSubject };
export type Refusal = Refused & { readonly subject: LearnedSubject };

export type Suggestions = {
  readonly quantity: Quantity;
  readonly suggestions: readonly Suggestion[];
  readonly refused: readonly Refusal[];
};

/** A limit for each task and, of runs without one, each Actor; or why there is none. */
export function suggest(
  { runs }: Pick<History, "runs">,
  quantity: Quantity,
  isAskedFor: (subject: LearnedSubject) => boolean = () => true,
): Suggestions {
  const suggestions: Suggestion[] = [];
  const refused: Refusal[] = [];
  for (const { subject, past } of groupsOf(runs).filter((group: Group) => isAskedFor(group.subject))) {
    const found = suggestLimit(past, quantity);
    if (found.kind === "suggested") suggestions.push({ ...found, subject });
    else refused.push({ ...found, subject });
  }
  return { quantity, suggestions, refused };
}
