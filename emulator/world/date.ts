import type { During } from "../ground/during.ts";
import type { RequestMatch } from "./request.ts";

/** How the `date` of some answers differs from the pretend Apify's own time. */
export type DateSetting = During & {
  /** Which answers. Default: all. */
  readonly match?: RequestMatch;
  /** How far it is ahead, in ms; behind when negative. */
  readonly skewMs?: number;
  /** No such header, or one that is no date. */
  readonly as?: "missing" | "unreadable";
  /** Comes from a cache that has kept the answer for so long: an `age` header, in seconds, and a `date` as old. */
  readonly ageSecs?: number;
};
