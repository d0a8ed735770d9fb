import { isEnded, type MicroUsd, toMicroUsd } from "../../policy/index.ts";
import type { Verdict } from "../audit/verdicts.ts";
import { knownCost, overshootOf } from "../learn/known-cost.ts";
import type { Range } from "../learn/stops.ts";
import type { Entry } from "../model/entry.ts";
import type { Told } from "./audit-tally.ts";
import type { SeenRun } from "./seen-runs.ts";

/** A run that a rule in observe mode would have stopped, by the first of them that would. */
export type ObservedStop = {
  readonly entryId: string;
  readonly at: string;
  readonly runId: string;
  readonly actorId?: string;
  readonly ruleId: string;
  /** How it ended in truth; absent while it has not, as far as is known. */
  readonly status?: string;
  readonly costMicroUsd?: MicroUsd;
  /** What stopping it would have saved; absent where that is not known. */
  readonly savedMicroUsd?: Range<MicroUsd>;
  /** What a person said of it. */
  readonly verdict?: Verdict;
};

/** What it cost since; the lower end leaves out what it could have burned until a stop had taken. */
function forgone({ run: figures }: Entry, seen: SeenRun | undefined): Range<MicroUsd> | undefined {
  if (seen === undefined || figures?.usageTotalUsd === undefined) return undefined;
  const { run, at, curve } = seen;
  const cost = knownCost({ run: { ...run, finishedAt: run.finishedAt ?? at }, stopped: false, curve });
  if (cost === undefined) return undefined;
  const since = Math.max(0, cost.final - toMicroUsd(figures.usageTotalUsd));
  return { from: Math.max(0, since - overshootOf(cost)), to: since };
}

export const observedStops = (
  { observed, verdicts }: Told,
  seen: ReadonlyMap<string, SeenRun>,
): readonly ObservedStop[] =>
  [...observed].map(([runId, entry]) => {
    const { entryId, at, actorId, ruleId = "" } = entry;
    const run = seen.get(runId)?.run;
    const verdict = verdicts.on(entry)?.verdict;
    const savedMicroUsd = forgone(entry, seen.get(runId));
    return {
      entryId,
      at,
      runId,
      ...(actorId !== undefined && { actorId }),
      ruleId,
      ...(run && isEnded(run.status) && { status: run.status }),
      ...(run?.usageTotalMicroUsd !== undefined && { costMicroUsd: run.usageTotalMicroUsd }),
      ...(savedMicroUsd && { savedMicroUsd }),
      ...(verdict && { verdict }),
    };
  });
