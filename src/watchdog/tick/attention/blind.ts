import {
  type BudgetStandings,
  isActive,
  isBudgetRule,
  isYoungLife,
  judgeRun,
  type Observation,
  type Policy,
} from "../../../policy/index.ts";
import type { Blind } from "../../model/live.ts";

const isGrown = ({ run, life }: Observation, now: Date): boolean =>
  isActive(run.status) && run.status !== "READY" && !isYoungLife(life, now);

const isUntold = ({ run }: Observation): boolean => run.usageTotalMicroUsd === undefined;

/** What keeps each rule from judging the run, by rule. */
function blindTo(
  policy: Policy,
  observation: Observation,
  now: Date,
): readonly (readonly [string, string])[] {
  const untold = isGrown(observation, now) && isUntold(observation);
  return judgeRun(policy, observation, now).flatMap((judgement): readonly (readonly [string, string])[] => {
    const { rule, applies } = judgement;
    if (applies === "unresolved" || applies === "untold")
      return [[rule.id, `${judgement.because} is not reported`]];
    if (applies !== "yes") return [];
    if (isBudgetRule(rule)) return untold ? [[rule.id, "no cost is reported"]] : [];
    const { verdict } = judgement;
    if (verdict.kind === "within") return [];
    const unknown = verdict.kind === "unknown" ? verdict : verdict.untold;
    if (unknown === undefined || unknown.young) return [];
    return [
      [
        rule.id,
        untold && isOfCost(unknown.metric) ? "no cost is reported" : `${unknown.metric} is not reported`,
      ],
    ];
  });
}

const isOfCost = (metric: string): boolean => metric === "usageTotalUsd" || metric === "usdPerHour";

/** Which rules lack a figure or a name for which runs. Asks only where something is lacking. */
export function blindRules(
  policy: Policy,
  observations: Iterable<Observation>,
  isLacking: boolean,
  now: Date,
): readonly Blind[] {
  const found = new Map<string, { ruleId: string; why: string; runs: number }>();
  for (const each of observations) {
    if (!isLacking && !(isUntold(each) && isGrown(each, now))) continue;
    for (const [ruleId, why] of blindTo(policy, each, now)) {
      const key = `${ruleId} ${why}`;
      const before = found.get(key);
      found.set(key, { ruleId, why, runs: (before?.runs ?? 0) + 1 });
    }
  }
  return [...found.values()];
}

/** Which budgets lack a figure of the whole account: Apify's usage cycle, or what it says that was used. */
export function blindBudgets({ groups, unknown }: BudgetStandings): readonly Blind[] {
  const ofCycle = [...unknown].flatMap(([ruleId, { reason, young }]) =>
    young ? [] : [{ ruleId, why: reason }],
  );
  const ofUsage = [...groups.values()].flatMap(({ rule, figures }) => {
    const figure = figures.get("account");
    return figure?.kind === "unknown" && !figure.young ? [{ ruleId: rule.id, why: figure.reason }] : [];
  });
  return [...ofCycle, ...ofUsage];
}

/** Of how many live runs past their youth Apify tells no cost, and of how many it should. */
export function untoldCosts(observations: Iterable<Observation>, now: Date) {
  const grown = [...observations].filter((each) => isGrown(each, now));
  return { untold: grown.filter(isUntold).length, of: grown.length };
}
