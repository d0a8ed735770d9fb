import * as v from "valibot";
import { knownKeys, LIMITS } from "../../limits/registry.ts";
import {
  about,
  type Form,
  isObject,
  type JsonSchema,
  jsonSchemaOf,
  object,
  scalar,
  shown,
  textLike,
} from "../../values/forms.ts";
import { idHint } from "../../values/hints.ts";
import { budget } from "./budget.ts";
import { criteria } from "./criteria.ts";
import { limit } from "./limit.ts";
import { mode, owner } from "./mode.ts";
import { schedule } from "./schedule.ts";
import { stepsOn } from "./step.ts";

/** A rule, as people write it: one with a limit, or one with a budget. */

const ESTIMATED = LIMITS.filter(({ estimates }) => estimates).flatMap(knownKeys);

const id = textLike(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  "a name of up to 64 letters, digits, dots, dashes or underscores, for example no-run-over-5-usd",
  { hint: idHint },
);

/** Without any key it says nothing; that is read where it was pushed before it was refused. */
const withKeys = <const F extends v.GenericSchema>(form: F): F =>
  shown({ ...form }, { ...jsonSchemaOf(form), minProperties: 1 });

/** What is selected by some of the criteria; `why` tells why not by others. */
const selectorOf = <const C extends v.ObjectEntries>(some: C, why?: string) =>
  about(
    withKeys(
      object(
        {
          ...some,
          except: v.optional(
            about(withKeys(object(some, { why })), "Not these: a run is excepted when any key matches."),
          ),
        },
        { why },
      ),
    ),
    "Which runs: keys are joined by AND, values by OR. Without it every run; one of origin STANDBY is stopped only where it is named, and its money counts in budgets.",
  );

/** What every rule may have, in the order in which people are told of it. */
const having = <const F extends v.GenericSchema>(selector: F) => ({
  id: about(id, "Names the rule in every entry; unique."),
  mode: v.optional(about(mode, "The rule's own; wins over the policy's.")),
  owner: v.optional(owner),
  for: v.optional(selector),
  schedule: v.optional(about(schedule, "When the rule applies; outside of it, it limits nothing.")),
});

const oneLimit = about(limit, "Exactly one limit of each run; or a budget.");
const noBudget = scalar<never>(
  () => undefined,
  "no budget, for the rule has a limit; write a rule for each",
  { not: {} },
);

const limitRule = object(
  {
    ...having(selectorOf(criteria)),
    limit: oneLimit,
    budget: v.optional(noBudget),
    steps: stepsOn({
      holds: false,
      bases: ["actual", "estimate"],
      why: "; only a budget is projected, or held against the account's own figure",
    }),
  },
  { missing: { limit: "a limit or a budget; a rule has exactly one of the two" } },
);

const { actors, tasks, schedules, origins, ...untold } = criteria;

const budgetRule = object({
  ...having(
    selectorOf(
      { actors, tasks, schedules, origins },
      "; what a budget has spent is known by Actor, task, schedule and origin alone",
    ),
  ),
  budget,
  steps: stepsOn({
    holds: true,
    bases: ["actual", "projected", "account"],
    why: "; what is spent is never estimated",
  }),
});

type Written = v.InferOutput<typeof limitRule> | v.InferOutput<typeof budgetRule>;

const formFor = (raw: unknown): Form<Written> =>
  isObject(raw) && raw.budget !== undefined && raw.limit === undefined ? budgetRule : limitRule;

/** All that either may have, for editors. */
const anyRule = object({
  ...having(selectorOf(criteria)),
  limit: v.optional(oneLimit),
  budget: v.optional(budget),
  steps: stepsOn({ holds: true, bases: ["actual", "estimate", "projected", "account"] }),
});

const whereLimit = (key: string): JsonSchema => ({
  properties: { limit: { required: [key] } },
  required: ["limit"],
});
const allSteps = (properties: JsonSchema): JsonSchema => ({
  properties: { steps: { items: { properties } } },
});
const HAS_BUDGET = { required: ["budget"] };
const without = Object.fromEntries(Object.keys(untold).map((key) => [key, false]));
const told = { properties: { ...without, except: { properties: without } } };

const BY_ACCOUNT = { properties: { basis: { const: "account" } }, required: ["basis"] };
const OF_THE_ACCOUNT = {
  properties: {
    for: false,
    budget: { properties: { per: { const: "cycle" }, each: { const: "account" } }, required: ["usd"] },
    steps: { items: { if: { not: BY_ACCOUNT }, else: { properties: { do: { const: "notify" } } } } },
  },
};

/** What hangs on two places of a rule, for editors, without `then`, which would make a promise of it. */
const together: readonly JsonSchema[] = [
  { if: { not: whereLimit("abortingTime") }, else: allSteps({ do: { not: { const: "abort" } } }) },
  {
    if: { anyOf: [HAS_BUDGET, ...ESTIMATED.map(whereLimit)] },
    else: allSteps({ basis: { const: "actual" } }),
  },
  {
    if: HAS_BUDGET,
    else: allSteps({ do: { not: { const: "hold" } }, basis: { not: { enum: ["projected", "account"] } } }),
  },
  { if: { not: { properties: { steps: { contains: BY_ACCOUNT } } } }, else: OF_THE_ACCOUNT },
  {
    if: { not: HAS_BUDGET },
    else: { allOf: [{ properties: { for: told } }, allSteps({ basis: { not: { const: "estimate" } } })] },
  },
];

export const rule = about(
  shown(v.lazy(formFor), {
    ...jsonSchemaOf(anyRule),
    oneOf: [{ required: ["limit"] }, HAS_BUDGET],
    allOf: together,
  }),
  "Which runs, what is limited, and what to do at which share of it.",
);
