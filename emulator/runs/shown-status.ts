import { holdsAt } from "../ground/during.ts";
import { LIVE_STATUSES } from "../world/script.ts";
import type { Run } from "./run.ts";
import type { Sight } from "./sight.ts";
import { statusAt } from "./timeline.ts";

/** The status that an answer tells: the true one, unless the run's script has another told of a live run. */
export function shownStatus(run: Run, { statusMs }: Pick<Sight, "statusMs">): string | undefined {
  const status = statusAt(run, statusMs);
  if (status === undefined || !LIVE_STATUSES.has(status)) return status;
  return run.character.shownAs.find((setting) => holdsAt(setting, statusMs - run.zeroMs))?.status ?? status;
}
