import { isActive } from "../run.ts";
import { positiveNumber } from "../values/figure-forms.ts";
import { figureIn, known, type Limit, untold } from "./limit.ts";
import { serviceKeys, serviceOf, servicePattern, serviceWords } from "./services.ts";

const KEYS = servicePattern("usage.");

/** How much of a service the run has used, over all its lives, in Apify's own unit for it: Apify's `usage`. */
export const usage: Limit = {
  usage: "usage.<SERVICE>",
  about: "How much of one service the run has used over all its lives, in Apify's unit for it.",
  keys: serviceKeys("usage."),
  open: { [KEYS.source]: "usage.PROXY_SERPS" },
  pattern: KEYS,
  words: serviceWords,
  unit: () => "count",
  form: () => positiveNumber("a number above 0, in Apify's unit of the service"),
  needs: "detail",
  isGauge: () => false,
  judges: isActive,
  measure(observation, { metric }, now) {
    const quantity = figureIn(observation.run.detail?.usage, serviceOf(metric));
    return quantity === undefined ? untold(observation, metric, now) : known(quantity);
  },
};
