import * as v from "valibot";
import type { Action, Basis } from "../../policy.ts";
import { percentage } from "../../values/figure-forms.ts";
import { about, jsonSchemaOf, listOf, object, oneOf, shown } from "../../values/forms.ts";
import { schedule } from "./schedule.ts";

/** The steps of a rule, as people write them. */

const MAX_SHARE = 1000;

const ACTION_SYNONYMS = {
  stop: "abort",
  cancel: "abort",
  terminate: "abort",
  kill: "abort-now",
  abort_now: "abort-now",
  warn: "notify",
  alert: "notify",
  email: "notify",
  mail: "notify",
} as const;

/** What people write who mean a hold. */
export const HOLD_SYNONYMS = { hold: "hold", pause: "hold", disable: "hold" } as const;
const NO_HOLD = "; only a budget holds the schedules that start its runs";

/** What may stand beside each other at one share: a notice, a hold and a stop. */
const sortOf = (action: Action): string => (action === "notify" || action === "hold" ? action : "stop");

const WORDS: Readonly<Record<Action, string>> = {
  notify: "notify sends a notice",
  hold: "hold, of a budget, disables the schedules that start its runs until its window ends, and stops no run",
  abort: "abort ends the run gracefully",
  "abort-now": "abort-now ends it without grace",
};

const STOPS_AND_NOTICES = ["notify", "abort", "abort-now"] as const;
const ALL = ["notify", "hold", "abort", "abort-now"] as const;

/** What a step does: of what may hold its schedules, and of what may not. */
const anyAction = oneOf(ALL, "", { ...ACTION_SYNONYMS, ...HOLD_SYNONYMS });
const noHold = oneOf(
  STOPS_AND_NOTICES,
  (said = "") => (Object.hasOwn(HOLD_SYNONYMS, said) ? NO_HOLD : ""),
  ACTION_SYNONYMS,
);

type Steps<B> = {
  readonly holds: boolean;
  readonly bases: B;
  /** Of what they may not rest on. */
  readonly why?: string;
};

/** Steps that may rest on these, and may hold schedules or not. */
export function stepsOn<const B extends readonly Basis[]>({ holds, bases, why = "" }: Steps<B>) {
  const action: v.GenericSchema<unknown, Action> = holds ? anyAction : noHold;
  const actions = holds ? ALL : STOPS_AND_NOTICES;
  const step = object({
    at: about(
      percentage(MAX_SHARE, ["80%", "100%", "50%"]),
      "The share of the limit or budget at which it is reached, above 0% and up to 1000%.",
    ),
    do: about(action, `${actions.map((action) => WORDS[action]).join("; ")}.`),
    basis: v.optional(
      about(
        oneOf(bases, why),
        "estimate, of a cost: what its events come to, at most what can be billed, where that is more than Apify reports; for notices. projected, of a budget: what will be spent by the end of its window, if all goes on as it does. account, of a budget of the account per cycle: what Apify says that it has used, storage and builds included; for notices.",
      ),
    ),
    schedule: v.optional(about(schedule, "When the step may be reached. Default: always.")),
  });
  const list = listOf(step, 'steps, for example { at: "100%", do: abort }');
  const steps = v.pipe(
    list,
    v.check(
      (all) => all.every(({ at }, i) => at >= (all[i - 1]?.at ?? 0)),
      "steps in ascending order, each share once",
    ),
    v.check((all) => {
      const places = all.map(({ at, do: action, basis }) => `${at} ${basis ?? "actual"} ${sortOf(action)}`);
      return new Set(places).size === places.length;
    }, "steps in ascending order, each share once; a second one at a share must differ in basis, or be the notice or the hold to an abort"),
  );
  return about(shown(steps, jsonSchemaOf(list)), "What to do at which share, in ascending order.");
}
