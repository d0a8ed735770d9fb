import { DAY_MS, isLive, type MicroUsd, type Policy, type Rule } from "../../../policy/index.ts";
import { readPushes } from "../../audit/pushes.ts";
import type { Judged, Verdict } from "../../audit/verdicts.ts";
import { errorText } from "../../model/pass.ts";
import type { AuditReads, Clock, RecordedRuns, RunItem } from "../../model/ports.ts";
import { stopSame } from "../../policies/policy-meaning.ts";
import { promotedIn } from "../../policies/weaker.ts";
import { isHealthy } from "../past.ts";
import { observedSince } from "./observed-since.ts";
import { type RuleStop, type StopsByRule, stopsByRule } from "./stops-by-rule.ts";

/** A run that a rule would have stopped, and what became of it. */
export type PromotedRun = {
  readonly runId: string;
  readonly at: string;
  /** As recorded last; absent where nothing is recorded of it any more. */
  readonly status?: string;
  readonly isLive: boolean;
  /** What it came to, or has so far; absent where that is not known. */
  readonly costMicroUsd?: MicroUsd;
  /** What of that came after it would have been stopped. */
  readonly afterMicroUsd?: MicroUsd;
  readonly verdict?: Verdict;
  /** It succeeded in truth, and no one said that it had to be stopped; or a person said that it was healthy. */
  readonly isWrong: boolean;
};

/** A rule that is about to stop runs, and what observing it has shown. */
export type PromotedRule = {
  readonly ruleId: string;
  /** Since when it is observed with one limit; absent where it never was, or only before it last stopped runs. */
  readonly observedSince?: Date;
  readonly days: number;
  /** What it is about to stop is not what was observed. */
  readonly isChanged: boolean;
  /** The most expensive first. */
  readonly runs: readonly PromotedRun[];
};

/** What observing has shown of the rules that a policy makes stop runs; or why that is not known. */
export type Promotion =
  | { readonly kind: "known"; readonly rules: readonly PromotedRule[]; readonly readUntil?: string }
  | { readonly kind: "unknown"; readonly ruleIds: readonly string[]; readonly why: string };

type PromotionPorts = {
  readonly audit: AuditReads;
  readonly state: Pick<RecordedRuns, "readRuns">;
  readonly clock: Clock;
};

/** What is looked at of the past: older records may be gone. */
const MOST_MS = 90 * DAY_MS;

/** What became of more runs than this is not looked up, the latest first. */
const MOST_RUNS = 2_000;

function becameOf(
  stop: RuleStop,
  item: RunItem | undefined,
  verdicts: ReadonlyMap<string, Judged>,
): PromotedRun {
  const { runId, at, costMicroUsd: before } = stop;
  const verdict = verdicts.get(runId)?.verdict;
  const cost = item && (item.run.usageTotalMicroUsd ?? item.spent?.microUsd);
  const said = verdict && { verdict };
  return {
    runId,
    at,
    ...(item && { status: item.run.status }),
    isLive: item !== undefined && isLive(item.run.status),
    ...(cost !== undefined && { costMicroUsd: cost }),
    ...(cost !== undefined && before !== undefined && { afterMicroUsd: Math.max(0, cost - before) }),
    ...said,
    isWrong: item === undefined ? verdict === "wrong" : isHealthy({ run: item.run, ...said }),
  };
}

/** The runs of each rule, the most expensive first. */
async function promotedRuns(
  { state }: Pick<PromotionPorts, "state">,
  { stops, verdicts }: StopsByRule,
): Promise<ReadonlyMap<string, readonly PromotedRun[]>> {
  const runIds = [...new Set(stops.map(({ runId }) => runId))];
  const items = await state.readRuns(runIds.slice(-MOST_RUNS));
  const byRun = verdicts.byRun;
  return new Map(
    [...Map.groupBy(stops, ({ ruleId }) => ruleId)].map(([ruleId, of]) => [
      ruleId,
      of
        .map((stop) => becameOf(stop, items.get(stop.runId), byRun))
        .toSorted((a, b) => (b.costMicroUsd ?? 0) - (a.costMicroUsd ?? 0)),
    ]),
  );
}

async function shownOf(
  ports: PromotionPorts,
  promoted: readonly Rule[],
  version: number | undefined,
  endsBy: Date,
): Promise<Promotion> {
  const { byVersion } = await readPushes(ports.audit);
  const pushes = [...byVersion.values()].filter((push) => version !== undefined && push.version <= version);
  const now = ports.clock.now();
  const observed = new Map(
    promoted.flatMap(({ id }) => {
      const found = observedSince(pushes, id);
      return found ? [[id, found]] : [];
    }),
  );
  const earliest = now.getTime() - MOST_MS;
  const sinceOf = new Map(
    [...observed].map(([id, { since }]) => [id, new Date(Math.max(earliest, since.getTime()))]),
  );
  const found = await stopsByRule(ports, sinceOf, endsBy);
  const runs = await promotedRuns(ports, found);
  return {
    kind: "known",
    rules: promoted.map((rule): PromotedRule => {
      const { id } = rule;
      const [before, since] = [observed.get(id), sinceOf.get(id)];
      return {
        ruleId: id,
        ...(since && { observedSince: since }),
        days: since ? (now.getTime() - since.getTime()) / DAY_MS : 0,
        isChanged: before !== undefined && !stopSame(before.rule, rule),
        runs: runs.get(id) ?? [],
      };
    }),
    ...(found.readUntil !== undefined && { readUntil: found.readUntil }),
  };
}

/**
 * What observing has shown of the rules that a policy makes stop runs, in the place of the one in force: what they would have
 * stopped by the audit, what became of those runs, and what people said of it. Nothing is replayed. `undefined` where no
 * rule begins to stop runs. Never throws because something can't be read.
 */
export async function promotionOf(
  ports: PromotionPorts,
  inForce: { readonly version: number; readonly policy: Policy } | undefined,
  after: Policy,
  endsBy: Date,
): Promise<Promotion | undefined> {
  const promoted = promotedIn(inForce?.policy, after);
  if (promoted.length === 0) return undefined;
  try {
    return await shownOf(ports, promoted, inForce?.version, endsBy);
  } catch (error) {
    return { kind: "unknown", ruleIds: promoted.map(({ id }) => id), why: errorText(error) };
  }
}
