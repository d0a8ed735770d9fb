import * as v from "valibot";
import type { Basis } from "../../policy.ts";
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

const isStop = (action: string): boolean => action !== "notify";

/** Steps that may rest on these; `why` tells of what they may not rest on. */
export function stepsOn<const B extends readonly Basis[]>(bases: B, why = "") {
  const step = object({
    at: about(
      percentage(MAX_SHARE, ["80%", "100%", "50%"]),
      "The share of the limit or budget at which it is reached, above 0% and up to 1000%.",
    ),
    do: about(
      oneOf(["notify", "abort", "abort-now"], "", ACTION_SYNONYMS),
      "notify sends a notice; abort ends the run gracefully; abort-now ends it without grace.",
    ),
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
      const places = all.map(({ at, do: action, basis }) => `${at} ${basis ?? "actual"} ${isStop(action)}`);
      return new Set(places).size === places.length;
    }, "steps in ascending order, each share once; a second one at a share must differ in basis, or be the notice to an abort"),
  );
  return about(shown(steps, jsonSchemaOf(list)), "What to do at which share, in ascending order.");
}
