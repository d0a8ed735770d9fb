import type { Observation } from "../observation.ts";
import type { MaxAborts } from "../policy.ts";
import type { Run } from "../run.ts";
import type { MicroUsd } from "../values/money.ts";
import { canonical } from "../values/patterns.ts";
import type { RecentIntent } from "./blast/stopped.ts";
import type { BudgetGuard } from "./budgets/budgets.ts";

/** A reason not to act although a rule says so. */
export type Guard = "observe" | "pause" | "exemption" | keyof MaxAborts | BudgetGuard;

export type ExemptionSubject = {
  readonly kind: "run" | "actor" | "task" | "rule";
  readonly id: string;
  /** Of a run, an Actor or a task: it lifts this rule alone, and the others go on stopping. */
  readonly ruleId?: string;
};

/** A promise not to act, which ends. One that can't be read protects its subject all the same. */
export type Exemption =
  | {
      readonly kind: "valid";
      readonly subject: ExemptionSubject;
      /** Of an Actor or a task that was given by its name: another one of that name is covered, too. */
      readonly name?: string;
      readonly until: Date;
      /** It ends for a run whose `usageTotalUsd` reaches this. */
      readonly ceilingMicroUsd?: MicroUsd;
      readonly owner: string;
      readonly reason: string;
      /** Absent in what was granted before this was kept. */
      readonly grantedAt?: Date;
      /** When it was told that its end is near. */
      readonly noticedAt?: Date;
      /** The intent whose stop it undoes. */
      readonly undoOf?: string;
    }
  /** No `subject`: not even that could be read, so it protects every run. */
  | { readonly kind: "malformed"; readonly subject?: ExemptionSubject; readonly problem: string };

export type Pause = {
  readonly since: Date;
  readonly until?: Date;
  readonly by: string;
  readonly reason: string;
};

/** What of the account's control plane a decision depends on. */
export type ControlView = {
  readonly pause?: Pause;
  readonly exemptions: readonly Exemption[];
  readonly recentIntents: readonly RecentIntent[];
  /** Runs that have an open intent, and so need no other. */
  readonly openRunIds: ReadonlySet<string>;
};

export const isPaused = ({ pause }: ControlView, now: Date): boolean =>
  pause !== undefined && (pause.until === undefined || !(now >= pause.until));

/** What an exemption asks of a run, or of what a schedule starts. */
type Exempted = Pick<Observation, "actorName" | "taskName" | "formerActorNames" | "formerTaskNames"> & {
  readonly run: Pick<Run, "id" | "actorId" | "actorTaskId" | "usageTotalMicroUsd">;
};

/** What the run's Actor or task is called and, while a policy is in force, was. */
function namesOf(kind: ExemptionSubject["kind"], observation: Exempted): readonly (string | undefined)[] {
  const { actorName, taskName, formerActorNames = [], formerTaskNames = [] } = observation;
  if (kind === "actor") return [actorName, ...formerActorNames];
  return kind === "task" ? [taskName, ...formerTaskNames] : [];
}

/** Is this run, under this rule, what the exemption is of? It may be over. */
export function covers(exemption: Exemption, ruleId: string, observation: Exempted): boolean {
  const { subject } = exemption;
  if (subject === undefined) return true;
  if (subject.ruleId !== undefined && subject.ruleId !== ruleId) return false;
  const { run } = observation;
  const ids = { run: run.id, actor: run.actorId, task: run.actorTaskId, rule: ruleId };
  if (ids[subject.kind] === subject.id) return true;
  const name = exemption.kind === "valid" ? exemption.name : undefined;
  if (name === undefined) return false;
  return namesOf(subject.kind, observation).some(
    (each) => each !== undefined && canonical(each) === canonical(name),
  );
}

/** Does this one exemption keep this rule from stopping this run now? An unknown cost is below every ceiling. */
export function exempts(exemption: Exemption, ruleId: string, observation: Exempted, now: Date): boolean {
  if (!covers(exemption, ruleId, observation)) return false;
  if (exemption.kind === "malformed") return true;
  const { until, ceilingMicroUsd } = exemption;
  const cost = observation.run.usageTotalMicroUsd ?? 0;
  // An end or a ceiling that is no date or number is never reached: it protects.
  return !(now >= until) && (ceilingMicroUsd === undefined || !(cost >= ceilingMicroUsd));
}

/** Does any exemption keep this rule from stopping this run now? */
export const isExempt = (
  { exemptions }: Pick<ControlView, "exemptions">,
  ruleId: string,
  observation: Exempted,
  now: Date,
): boolean => exemptions.some((each) => exempts(each, ruleId, observation, now));

/** Does this one exemption lift the rule as a whole now? One that can't be read protects all the same. */
export function exemptsRule(exemption: Exemption, ruleId: string, now: Date): boolean {
  const { subject } = exemption;
  if (subject !== undefined && (subject.kind !== "rule" || subject.id !== ruleId)) return false;
  return exemption.kind === "malformed" || !(now >= exemption.until);
}
