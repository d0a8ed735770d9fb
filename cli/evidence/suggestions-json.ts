import type { LearnedSubject } from "../../src/watchdog/learn/suggest/groups.ts";
import type { Suggestions } from "../../src/watchdog/learn/suggest/suggest.ts";
import { figureTold } from "./figures.ts";
import type { NameOf } from "./names.ts";

const subjectTold = ({ kind, id, memoryMbytes }: LearnedSubject, nameOf: NameOf) => ({
  kind,
  id,
  name: nameOf(kind, id),
  memoryMbytes,
});

/** Suggestions for programs: money in USD, times in seconds, rates as fractions. */
export const suggestionsTold = ({ quantity, suggestions, refused }: Suggestions, nameOf: NameOf) => ({
  suggestions: suggestions.map(
    ({ subject, limit, n, stopped, unknown, most, factor, expected, atMost95, selfCheck }) => ({
      subject: subjectTold(subject, nameOf),
      quantity,
      limit: figureTold(quantity, limit),
      n,
      stopped,
      unknown,
      most: figureTold(quantity, most),
      factor,
      expected,
      atMost95,
      selfCheck,
    }),
  ),
  refused: refused.map(({ subject, n, stopped, unknown, because, why, selfCheck }) => ({
    subject: subjectTold(subject, nameOf),
    quantity,
    n,
    stopped,
    unknown,
    because,
    why,
    selfCheck,
  })),
});
