import type { MicroUsd } from "../../policy/index.ts";
import type { Range } from "../learn/stops.ts";
import type { SpendReport, Spent } from "../ledger/spend-report.ts";
import type { EnforcedStop } from "./enforced.ts";
import type { ObservedStop } from "./observed.ts";
import { savedBy } from "./range.ts";

/** What one Actor spent, and what was stopped of it. */
export type ActorRow = Spent & {
  readonly actorId: string;
  readonly stops: number;
  /** `undefined` where there are stops, and of none of them it is known; so below. */
  readonly savedMicroUsd: Range<MicroUsd> | undefined;
  readonly observed: number;
  readonly forgoneMicroUsd: Range<MicroUsd> | undefined;
};

const UNSPENT: Spent = { runsOfUnknownCost: 0 };

/** The Actor that spent the most leads; one of which only stops are known is the last. */
export function byActor(
  { rows }: SpendReport,
  enforced: readonly EnforcedStop[],
  observed: readonly ObservedStop[],
): readonly ActorRow[] {
  const spent = new Map<string, Spent>(rows.map(({ key, ...of }) => [key, of]));
  const actorsOf = (stops: readonly (EnforcedStop | ObservedStop)[]) =>
    stops.flatMap(({ actorId }) => actorId ?? []);
  return [...new Set([...spent.keys(), ...actorsOf(enforced), ...actorsOf(observed)])].map((actorId) => {
    const stops = enforced.filter((each) => each.actorId === actorId);
    const would = observed.filter((each) => each.actorId === actorId);
    return {
      actorId,
      ...(spent.get(actorId) ?? UNSPENT),
      stops: stops.length,
      savedMicroUsd: savedBy(stops),
      observed: would.length,
      forgoneMicroUsd: savedBy(would),
    };
  });
}
