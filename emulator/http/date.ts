import { holdsAt } from "../ground/during.ts";
import type { DateSetting } from "../world/date.ts";
import { fits, type Requested } from "./requested.ts";

const UNREADABLE = "the day before yesterday";

/**
 * The headers by which an answer tells when it was made, in whole seconds as HTTP has it. The world's own clock makes
 * them, never the machine's: who compares them with another clock compares what runs are dated by.
 */
export function dateHeaders(
  settings: readonly DateSetting[],
  request: Requested,
  { nowMs, worldMs }: { nowMs: number; worldMs: number },
): Readonly<Record<string, string>> {
  const setting = settings.find(
    ({ match = {}, ...during }) => holdsAt(during, worldMs) && fits(match, request),
  );
  const { skewMs = 0, as, ageSecs } = setting ?? {};
  if (as === "missing") return {};
  if (as === "unreadable") return { date: UNREADABLE };
  const date = new Date(nowMs + skewMs - (ageSecs ?? 0) * 1_000).toUTCString();
  return ageSecs === undefined ? { date } : { date, age: String(ageSecs) };
}
