import type { MicroUsd } from "../../policy/index.ts";
import type { SpendReport, Spent } from "../ledger/spend-report.ts";
import type { EnforcedStop } from "./enforced.ts";
import type { ObservedStop } from "./observed.ts";
import { type Range, sumOf } from "./range.ts";

/** What one Actor spent, and what was stopped of it. */
export type ActorRow = Spent & {
  readonly actorId: string;
  readonly stops: number;
  readonly savedMicroUsd: Range<MicroUsd>;
  readonly observed: number;
  readonly forgoneMicroUsd: Range<MicroUsd>;
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
  const savedOf = (stops: readonly (EnforcedStop | ObservedStop)[]): Range<MicroUsd> =>
    sumOf(stops.flatMap(({ savedMicroUsd }) => savedMicroUsd ?? []));
  return [...new Set([...spent.keys(), ...actorsOf(enforced), ...actorsOf(observed)])].map((actorId) => {
    const [stops, would] = [enforced, observed].map((all) => all.filter((each) => each.actorId === actorId));
    return {
      actorId,
      ...(spent.get(actorId) ?? UNSPENT),
      stops: stops?.length ?? 0,
      savedMicroUsd: savedOf(stops ?? []),
      observed: would?.length ?? 0,
      forgoneMicroUsd: savedOf(would ?? []),
    };
  });
}
