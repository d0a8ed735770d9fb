import { NEAR, nearness, stepAt } from "./pace.ts";
import type { Budget, Report, Run, RunStep, Runs, StepAhead } from "./told.ts";

/** Is anything burning? Of all live runs. */
export type Burning = {
  readonly live: number;
  readonly usd: number;
  readonly unknownCost: number;
  /** Past a limit, and nothing stops them. */
  readonly over: number;
  /** Past 80% of one, and not past it. */
  readonly near: number;
  readonly stopping: number;
  /** No rule limits them, or none that could judge them. */
  readonly unlimited: number;
};

export function burningOf(runs: readonly Run[]): Burning {
  const free = runs.filter(({ stopping }) => !stopping);
  return {
    live: runs.length,
    usd: runs.reduce((sum, { usageTotalUsd }) => sum + (usageTotalUsd ?? 0), 0),
    unknownCost: runs.filter(({ usageTotalUsd }) => usageTotalUsd === null).length,
    over: free.filter((run) => run.held !== null || nearness(run) >= 1).length,
    near: free.filter((run) => run.held === null && nearness(run) >= NEAR && nearness(run) < 1).length,
    stopping: runs.length - free.length,
    unlimited: runs.filter(({ noLimit }) => noLimit !== null).length,
  };
}

/** What comes first of all steps that runs and budgets are on their way to. */
export type Coming = { readonly at: Date; readonly ruleId: string; readonly mode: string } & (
  | { readonly run: Run; readonly step: RunStep }
  | { readonly budget: Budget; readonly step: StepAhead }
);

const soonest = (all: readonly Coming[]): Coming | undefined =>
  all.toSorted((a, b) => a.at.getTime() - b.at.getTime())[0];

/** What happens next, if all goes on as it does. A stop that something holds back does not happen. */
export function nextOf({ runs, budgets }: Runs, asOf: Date): Coming | undefined {
  const ofRuns = runs.flatMap((run): readonly Coming[] => {
    const { nextStep: step, stopping } = run;
    const at = stepAt(step, asOf);
    if (!step || at === undefined || stopping || step.held) return [];
    return [{ at, step, ruleId: step.ruleId, mode: step.mode, run }];
  });
  const ofBudgets = budgets.groups.flatMap((budget): readonly Coming[] => {
    const { nextStep: step, ruleId, mode } = budget;
    const at = stepAt(step, asOf);
    return step === undefined || at === undefined ? [] : [{ at, step, ruleId, mode, budget }];
  });
  return soonest([...ofRuns, ...ofBudgets]);
}

/** Actors by name, from wherever the page has heard of them. */
export function actorNames(runs: Runs | undefined, report: Report | undefined): (actorId: string) => string {
  const names = new Map([
    ...(report?.actors ?? []).map(({ actorId, name }) => [actorId, name] as const),
    ...(runs?.runs ?? []).map(({ actorId, actor }) => [actorId, actor] as const),
  ]);
  return (actorId) => names.get(actorId) ?? actorId;
}
