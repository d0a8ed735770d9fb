import { expect } from "vitest";
import {
  DEFAULT_LOOP,
  type DecideInput,
  type Decision,
  decide,
  type Rule,
} from "../../../../src/policy/index.ts";

/** What a policy stops, to compare before and after: what may never add a stop, and what may never take one away. */

/** The account has room for every stop, so that one run's does not take another's place. */
const ROOM = {
  maxAborts: { perTick: 1000, perHour: 1000, percentOfLive: 100 },
  loop: DEFAULT_LOOP,
  maxHolds: 10,
  staleAfterSecs: 600,
};
export const roomy = (input: DecideInput): DecideInput => ({
  ...input,
  policy: { ...input.policy, guards: ROOM },
});
/** Nothing is exempt or paused, and nothing was stopped before. */
export const unguarded = (input: DecideInput): DecideInput => ({
  ...input,
  control: { exemptions: [], recentIntents: [], openRunIds: new Set() },
});

/** The same, by these rules instead. */
export const withRules = (input: DecideInput, rules: readonly Rule[]): DecideInput => ({
  ...input,
  policy: { ...input.policy, rules },
});

const isStop = ({ action }: Decision): boolean => action !== "notify";
/** The runs that something would stop, guards or not. */
export const condemned = (input: DecideInput): readonly string[] =>
  decide(input)
    .decisions.filter(isStop)
    .map(({ subject }) => subject.runId);
/** The runs for which abort would be called. */
export const called = (input: DecideInput): readonly string[] =>
  decide(input).decisions.flatMap(({ action, mode, subject }) =>
    mode === "enforce" && (action === "abort" || action === "abort-now") ? [subject.runId] : [],
  );
export const expectSubset = (some: readonly string[], all: readonly string[]): void =>
  expect(all).toEqual(expect.arrayContaining([...some]));
