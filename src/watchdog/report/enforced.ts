import { type MicroUsd, toMicroUsd } from "../../policy/index.ts";
import type { Verdict } from "../audit/verdicts.ts";
import type { Range } from "../learn/stops.ts";
import { ORDER } from "../model/by-hand.ts";
import type { Entry } from "../model/entry.ts";
import { savedBy } from "../notify/digest.ts";
import type { Told } from "./audit-tally.ts";
import { NONE } from "./range.ts";

/** A stop that was confirmed. */
export type EnforcedStop = {
  /** Of its intent. */
  readonly entryId: string;
  readonly at: string;
  readonly runId: string;
  readonly actorId?: string;
  /** Absent: an operator ordered it. */
  readonly ruleId?: string;
  readonly costMicroUsd?: MicroUsd;
  /** Absent where its cost is not known. */
  readonly savedMicroUsd?: Range<MicroUsd>;
  readonly undone: boolean;
  /** What a person said of it. */
  readonly verdict?: Verdict;
};

/**
 * What a stop saved, by the end of the span: nothing where the run was about to end by itself, or was let go on; else what it
 * would have cost at its mean rate, for at most as long again.
 */
function saved(stop: Entry, undone: boolean, until: Date): Range<MicroUsd> | undefined {
  if (stop.finalUsageTotalUsd === undefined) return undefined;
  return undone ? NONE : { from: 0, to: toMicroUsd(savedBy(stop, until)) };
}

/** The stops of the span, the most expensive run first. */
export const enforcedStops = ({ digest, undone, verdicts }: Told): readonly EnforcedStop[] =>
  digest.stops.map((stop) => {
    const { intentId: entryId = "", at, runId = "", actorId, ruleId, evidence, finalUsageTotalUsd } = stop;
    const isUndone = undone.has(entryId);
    const verdict = verdicts.on(stop)?.verdict;
    const savedMicroUsd = saved(stop, isUndone, digest.to);
    return {
      entryId,
      at,
      runId,
      ...(actorId !== undefined && { actorId }),
      ...(ruleId !== undefined && evidence?.metric !== ORDER && { ruleId }),
      ...(finalUsageTotalUsd !== undefined && { costMicroUsd: toMicroUsd(finalUsageTotalUsd) }),
      ...(savedMicroUsd && { savedMicroUsd }),
      undone: isUndone,
      ...(verdict && { verdict }),
    };
  });
