import type { Entry } from "../model/entry.ts";

/** What a person said of a stop afterwards: `wrong, by ann: it was the month-end crawl`. */
export const judgedWords = ({ change = {}, by, reason }: Entry): string =>
  `${change.verdict ?? "in a way that can't be read"}, by ${by}: ${reason}`;

/** The same with the stop that it is of. */
export const judgedText = (entry: Entry): string =>
  `the stop${entry.ruleId === undefined ? "" : ` by ${entry.ruleId}`} was judged ${judgedWords(entry)}`;
