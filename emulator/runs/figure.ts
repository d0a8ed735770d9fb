import { dusted } from "../ground/accrual.ts";
import { holdsAt } from "../ground/during.ts";
import type { CostMissing } from "../world/answers.ts";
import { accountedUntil } from "./accounted.ts";
import { costOf } from "./accrual.ts";
import type { Run } from "./run.ts";
import type { Sight } from "./sight.ts";

/** What a figure of the run's cost tells as of `atMs`, in USD. */
export const reportedUsd = (run: Run, atMs: number): number =>
  dusted(costOf(run, atMs).by(accountedUntil(run, atMs)));

/** How the answer lacks the figure of cost; undefined when it has it. */
export function missingIn(run: Run, sight: Sight): CostMissing["as"] | undefined {
  const { hidesCost, costMissing } = run.character;
  if (hidesCost) return hidesCost;
  return costMissing.find(
    (setting) => (setting.in ?? sight.in) === sight.in && holdsAt(setting, sight.atMs - run.zeroMs),
  )?.as;
}

/** `usageTotalUsd` as the answer shows it to who pays for the run: undefined when the key is left out. */
export function figureIn(run: Run, sight: Sight): number | null | undefined {
  switch (missingIn(run, sight)) {
    case "absent":
      return undefined;
    case "null":
      return null;
    case "zero":
      return 0;
    default:
      return reportedUsd(run, sight.costMs);
  }
}
