import {
  type ControlView,
  type Decision,
  type Decisions,
  decide,
  type Observation,
  type Policy,
} from "../../../../src/policy/index.ts";
import { at, blast, control, NOON, observation, rule, run, usd } from "../../../support/builders.ts";

/** A run that costs so much, at this burn rate in USD an hour. */
export const costing = (id: string, amount: number, usdPerHour?: number): Observation =>
  observation({
    run: run({ id, usageTotalMicroUsd: usd(amount) }),
    ...(usdPerHour !== undefined && { burnMicroUsdPerHour: usd(usdPerHour) }),
  });

/** All that `decide()` says at noon of an account where these runs are live. */
export const decided = (
  of: Policy,
  observations: readonly Observation[],
  view: Partial<ControlView> = {},
): Decisions =>
  decide({
    policy: of,
    observations,
    control: control(view),
    blast: blast(observations.map(({ run: { id } }) => id)),
    now: NOON,
  });

export const decisionsOf = (...args: Parameters<typeof decided>): readonly Decision[] =>
  decided(...args).decisions;
/** Run, rule, action and guard in a line. */
export const brief = ({ subject, ruleId, action, guard }: Decision) =>
  [subject.runId, ruleId, action, guard ?? "-"].join(" ");
export const briefs = (...args: Parameters<typeof decided>): readonly string[] =>
  decisionsOf(...args).map(brief);

/** By Ada, a minute ago, without an end. */
export const pause = { since: at(-60), by: "ada", reason: "incident" };

/** No run over ten minutes. */
export const runTimeRule = rule({ id: "time", limit: { metric: "runTime", value: 600 } });
