import type { Stretch } from "../model/ledger-store.ts";
import { GAP_MS } from "../observe/curve/slack.ts";
import type { Pace } from "./known-cost.ts";
import type { Past } from "./past.ts";

/**
 * When looks showed a run, and no rule could judge it: in a status that is not known, all rules; while readings left out its cost, those
 * on cost.
 *
 *     looks    ·     ·  |  ·     ·     ·  |  ·
 *                     from    stretch    to
 *               ^^^^^^ reached here: the next look did not judge it, or had done so already
 *
 * So what is reached within a look before such a stretch is judged at once where all is as early as can be, and after it where all is
 * as late. Points of a curve are kept to the second, and so is the beginning of a stretch.
 */
function isWithin({ from, to }: Stretch, at: number, pace: Pace): boolean {
  const since = Math.floor(from.getTime() / 1000) * 1000 - (pace === "late" ? GAP_MS : 0);
  return since <= at && at <= to.getTime();
}

/** Was it in a status that is not known, or may it have been when it was looked at next? */
export const isStrangeAt = ({ watched }: Past, at: number, pace: Pace): boolean =>
  watched?.strange?.some((stretch) => isWithin(stretch, at, pace)) === true;

/** May no reading have told its cost by then? Where all is as early as can be, one did. */
export const isUntoldAt = ({ watched }: Past, at: number, pace: Pace): boolean =>
  pace === "late" && watched?.untold?.some((stretch) => isWithin(stretch, at, pace)) === true;

/** When rules judge it again: what was reached meanwhile is judged then. */
export const judgedAgainAt = ({ watched = {} }: Past, pace: Pace): readonly number[] =>
  [...(watched.strange ?? []), ...(pace === "late" ? (watched.untold ?? []) : [])].map(
    ({ to }) => to.getTime() + 1,
  );
