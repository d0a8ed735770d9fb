import type { Mode, Policy } from "../policy.ts";
import type { Observation } from "../run.ts";
import type { MicroUsd } from "../values/money.ts";
import { HOUR_MS } from "../values/slots.ts";
import type { BudgetGuard } from "./budgets.ts";

/** A reason not to act although a rule says so. */
export type Guard = "observe" | "pause" | "exemption" | "perTick" | "perHour" | "percentOfLive" | BudgetGuard;

export type ExemptionSubject = { readonly kind: "run" | "actor" | "task" | "rule"; readonly id: string };

/** A promise not to act, which ends. One that can't be read protects its subject all the same. */
export type Exemption =
  | {
      readonly kind: "valid";
      readonly subject: ExemptionSubject;
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

/** An intent made in the last hour. */
export type RecentIntent = {
  readonly runId: string;
  readonly life: number;
  readonly at: Date;
  /** The tick that made it. */
  readonly tickId: string;
  /** When that tick is over at the latest; once it is over, when it was. */
  readonly tickEndsBy: Date;
};

/** What of the account's control plane a decision depends on. */
export type ControlView = {
  readonly pause?: Pause;
  readonly exemptions: readonly Exemption[];
  readonly recentIntents: readonly RecentIntent[];
  /** Runs that have an open intent, and so need no other. */
  readonly openRunIds: ReadonlySet<string>;
};

/** What the blast radius is measured against. */
export type Blast = {
  readonly tick: { readonly id: string; readonly startedAt: Date };
  /** Every run that is live now. */
  readonly liveRunIds: ReadonlySet<string>;
  /** Stops of this tick that were only observed: they take room among the observed as intents do among the enforced. */
  readonly observed?: readonly RecentIntent[];
};

export const isPaused = ({ pause }: ControlView, now: Date): boolean =>
  pause !== undefined && (pause.until === undefined || !(now >= pause.until));

/** Is this run, under this rule, what the exemption is of? It may be over. */
export function covers({ subject }: Exemption, ruleId: string, { run }: Observation): boolean {
  if (subject === undefined) return true;
  const ids = { run: run.id, actor: run.actorId, task: run.actorTaskId, rule: ruleId };
  return ids[subject.kind] === subject.id;
}

/** Does this one exemption keep this rule from stopping this run now? An unknown cost is below every ceiling. */
export function exempts(exemption: Exemption, ruleId: string, observation: Observation, now: Date): boolean {
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
  observation: Observation,
  now: Date,
): boolean => exemptions.some((each) => exempts(each, ruleId, observation, now));

/** Half of one or two runs is no run: below this many the share of live runs does not bind. */
const PERCENT_FLOOR = 3;

type Room = { take(runId: string, life: number): Guard | undefined };

const intentKey = (runId: string, life: number): string => `${runId}#${life}`;

/** What of the blast radius is taken: intents by run and life, and runs. */
type Taken = {
  /** By this tick and those that overlap it. */
  readonly thisTick: Set<string>;
  readonly thisHour: Set<string>;
  /** The runs stopped in the last hour. */
  readonly stopped: Set<string>;
  /** Runs live now, and those stopped in the last hour. */
  readonly population: number;
};

/** Counts what is taken of the blast radius now. */
export function takenOf(control: Pick<ControlView, "recentIntents">, blast: Blast, now: Date): Taken {
  const { id, startedAt } = blast.tick;
  const hour = control.recentIntents.filter(({ at }) => now.getTime() - at.getTime() < HOUR_MS);
  const overlaps = (intent: RecentIntent): boolean =>
    intent.tickId === id || intent.at >= startedAt || intent.tickEndsBy > startedAt;
  const keys = (intents: readonly RecentIntent[]) =>
    new Set(intents.map(({ runId, life }) => intentKey(runId, life)));
  const stopped = new Set(hour.map(({ runId }) => runId));
  return {
    thisTick: keys(hour.filter(overlaps)),
    thisHour: keys(hour),
    stopped,
    population: new Set([...blast.liveRunIds, ...stopped]).size,
  };
}

/**
 * Room in the blast radius, to be taken run by run in the order of the decisions. `perTick` counts this tick's
 * intents and those of any tick that overlaps it: ticks that run at once share one allowance.
 *
 *     other tick   |--- intents ---|                       counted: it had not ended when this one started
 *     this tick            |------ intents ------|
 */
export function blastRoom(policy: Policy, control: ControlView, blast: Blast, now: Date): Room {
  const { perTick, perHour, percentOfLive } = policy.guards.maxAborts;
  const { thisTick, thisHour, stopped, population } = takenOf(control, blast, now);
  const share = Math.ceil((percentOfLive * population) / 100);
  const mostOfLive = percentOfLive === 0 ? 0 : Math.max(PERCENT_FLOOR, share);

  return {
    take(runId, life) {
      if (thisTick.size >= perTick) return "perTick";
      if (thisHour.size >= perHour) return "perHour";
      // A share of runs, so a run that was stopped before and is back takes no further part of it.
      const reach = stopped.has(runId) ? stopped.size : stopped.size + 1;
      if (reach > mostOfLive) return "percentOfLive";
      thisTick.add(intentKey(runId, life));
      thisHour.add(intentKey(runId, life));
      stopped.add(runId);
      return undefined;
    },
  };
}

/** Observed and enforced decisions have rooms of their own, so that what is only observed holds nothing up. */
export function blastRooms(
  policy: Policy,
  control: ControlView,
  blast: Blast,
  now: Date,
): Readonly<Record<Mode, Room>> {
  const recentIntents = [...control.recentIntents, ...(blast.observed ?? [])];
  return {
    observe: blastRoom(policy, { ...control, recentIntents }, blast, now),
    enforce: blastRoom(policy, control, blast, now),
  };
}
