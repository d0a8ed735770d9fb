import { type Policy, parsePolicy } from "../../src/policy/index.ts";
import { type CaseOutcome, parseCases, tryCase } from "../../src/policy-test/index.ts";
import { ABORT } from "../support/policies.ts";

export type Written = Record<string, unknown>;

export const STOP = [ABORT];

export const policyOf = (...rules: readonly Written[]): Policy =>
  parsePolicy({
    version: 1,
    mode: "enforce",
    timeZone: "Europe/Prague",
    rules: rules.map((rule, at) => ({ id: `rule-${at + 1}`, steps: STOP, ...rule })),
  });

export const FIVE_USD = policyOf({ limit: { usageTotalUsd: 5 } });

export const play = (policy: Policy, written: Written, file: Written = {}): CaseOutcome => {
  const [first] = parseCases({ ...file, cases: [{ name: "a case", ...written }] }).cases;
  if (first === undefined) throw new Error("no case");
  return tryCase(policy, first);
};

/** What is decided of a run, as an expectation would say it. */
export const decided = (policy: Policy, run: Written, around: Written = {}) =>
  play(policy, { run, expect: "nothing", ...around }).runs[0]?.got;
