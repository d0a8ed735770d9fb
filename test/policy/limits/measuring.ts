import {
  type Observation,
  parsePolicy,
  type RuleLimit,
  type Run,
  type RunDetail,
} from "../../../src/policy/index.ts";
import type { Measurement } from "../../../src/policy/limits/limit.ts";
import { limitFor } from "../../../src/policy/limits/registry.ts";
import type { Basis } from "../../../src/policy/policy.ts";
import { NOON, observation, run } from "../../support/builders.ts";

/** What the limit on a metric measures of a run; options, basis and the time are those of most rules. */
export const measure = (
  metric: string,
  of: Observation,
  {
    now = NOON,
    basis = "actual",
    ...limit
  }: Partial<RuleLimit> & { readonly now?: Date; readonly basis?: Basis } = {},
): Measurement => limitFor(metric).measure(of, { metric, value: 1, ...limit }, now, basis);

/** A run whose detail tells this; without another, one that has run for an hour. */
export const detailed = (detail: Partial<RunDetail>, of: Run = run()): Observation =>
  observation({ run: { ...of, detail: { stats: {}, ...detail } }, source: "detail" });

/** What a rule limits, as a policy writes it. */
export function limitOf(written: Readonly<Record<string, unknown>>): RuleLimit {
  const rules = [{ id: "rule", limit: written, steps: [{ at: "100%", do: "abort" }] }];
  const [rule] = parsePolicy({ version: 1, rules }).rules;
  if (rule?.limit === undefined) throw new Error("the rule has a limit");
  return rule.limit;
}

export const known = (value: number) => ({ kind: "known", value });
