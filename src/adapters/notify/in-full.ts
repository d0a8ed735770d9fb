import type { Notice } from "../../watchdog/model/notice.ts";

/** How many notices of one message are shown with all that is known of them, and how many more with a line each. */
const MOST_IN_FULL = 10;
const MOST_LINES = 50;

/** What of a message is shown how: a night with hundreds of notices is one message, and can still be read. */
export function sharesOf(notices: readonly Notice[]) {
  const lines = notices.slice(MOST_IN_FULL);
  return {
    inFull: notices.slice(0, MOST_IN_FULL),
    lines: lines.slice(0, MOST_LINES),
    left: Math.max(0, lines.length - MOST_LINES),
  };
}

/** `12 notices: 9 HELD, 3 NOTICE` */
export function countsOf(notices: readonly Notice[]): string {
  const words = [...Map.groupBy(notices, ({ word }) => word)].map(
    ([word, { length }]) => `${length} ${word}`,
  );
  return `${notices.length} notices: ${words.join(", ")}`;
}

export const moreText = (left: number): string => `and ${left} more, which are in the audit`;
