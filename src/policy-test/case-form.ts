import * as v from "valibot";
import type { Guard } from "../policy/judge/guards.ts";
import { wholeNumber } from "../policy/values/figure-forms.ts";
import {
  eitherOf,
  type Form,
  isObject,
  listOf,
  object,
  oneOf,
  reading,
  textLike,
} from "../policy/values/forms.ts";
import type { MicroUsd } from "../policy/values/money.ts";
import { end, figuresBy, flag, instant, money, share } from "./figures.ts";
import { nameOrId, runForm, type WrittenRun } from "./run-form.ts";

/** A file of cases, as people write it. */

const ACTIONS = ["nothing", "notify", "hold", "abort", "abort-now"] as const;
const GUARDS = [
  "observe",
  "pause",
  "exemption",
  "perTick",
  "perHour",
  "percentOfLive",
  "unfilledWindow",
  "staleLedger",
] as const satisfies readonly Guard[];

/** What is decided of a run. Only what is said is compared. */
export type Expectation = {
  readonly do: (typeof ACTIONS)[number];
  readonly rule?: string | undefined;
  readonly guard?: Guard | undefined;
  /** The step's share. */
  readonly at?: number | undefined;
  /** Is Apify called? */
  readonly called?: boolean | undefined;
};

const text = textLike(/^\S.{0,199}$/, "a text of up to 200 letters");
const action = oneOf(ACTIONS);

const short: Form<Expectation> = reading(action, (does): Expectation => ({ do: does }));
const whole: Form<Expectation> = object({
  do: action,
  rule: v.optional(text),
  guard: v.optional(oneOf(GUARDS)),
  at: v.optional(share),
  called: v.optional(flag),
});
const expectation = eitherOf<Expectation>((raw) => (isObject(raw) ? whole : short), [short, whole]);

const exemption = object({
  run: v.optional(text),
  actor: v.optional(nameOrId),
  task: v.optional(nameOrId),
  rule: v.optional(text),
  until: v.optional(end),
  ceiling: v.optional(money),
});
export type WrittenExemption = v.InferOutput<typeof exemption>;

const one = reading(exemption, (each): readonly WrittenExemption[] => [each]);
const several: Form<readonly WrittenExemption[]> = listOf(exemption, "exemptions");
const exempt = eitherOf<readonly WrittenExemption[]>(
  (raw) => (Array.isArray(raw) ? several : one),
  [one, several],
);

const around = {
  name: text,
  now: v.optional(instant),
  paused: v.optional(flag),
  exempt: v.optional(exempt),
  otherLiveRuns: v.optional(wholeNumber(0, "how many other runs are live")),
  stoppedInLastHour: v.optional(wholeNumber(0, "how many other runs were stopped in the last hour")),
  spent: v.optional(figuresBy(money, "what was spent of each budget")),
  accountUsage: v.optional(money),
};

export type WrittenCase = {
  readonly name: string;
  readonly now?: Date | undefined;
  readonly paused?: boolean | undefined;
  readonly exempt?: readonly WrittenExemption[] | undefined;
  readonly otherLiveRuns?: number | undefined;
  readonly stoppedInLastHour?: number | undefined;
  /** By the id of a budget's rule, in micro-dollars: what the group of the case's runs has spent, these included. */
  readonly spent?: Readonly<Record<string, MicroUsd>> | undefined;
  /** What Apify says that the account has used in its cycle, in micro-dollars. */
  readonly accountUsage?: MicroUsd | undefined;
} & (
  | { readonly run: WrittenRun; readonly expect: Expectation }
  | { readonly runs: readonly WrittenRun[]; readonly expect: Readonly<Record<string, Expectation>> }
);

const ofOne: Form<WrittenCase> = object({ ...around, run: runForm, expect: expectation });
const ofMany: Form<WrittenCase> = object({
  ...around,
  runs: listOf(runForm, "runs"),
  expect: figuresBy(expectation, "what is expected of each run,"),
});
const caseForm = eitherOf<WrittenCase>(
  (raw) => (isObject(raw) && "runs" in raw ? ofMany : ofOne),
  [ofOne, ofMany],
);

export const caseFileForm = object({
  policy: v.optional(text),
  now: v.optional(instant),
  cases: listOf(caseForm, "cases"),
});
