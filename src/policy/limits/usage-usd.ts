import { isActive } from "../run.ts";
import { amount } from "../values/figure-forms.ts";
import { figureIn, known, type Limit, untold } from "./limit.ts";
import { serviceKeys, serviceOf, servicePattern, serviceWords } from "./services.ts";

const KEYS = servicePattern("usageUsd.");

/**
 * What one service has cost the run over all its lives: Apify's `usageUsd`. Apify tells it only to who owns the run and
 * pays for its platform usage; to all others it is unknown.
 */
export const usageUsd: Limit = {
  usage: "usageUsd.<SERVICE>",
  about: "What one service has cost the run over all its lives.",
  keys: serviceKeys("usageUsd."),
  open: { [KEYS.source]: "usageUsd.PROXY_SERPS" },
  pattern: KEYS,
  words: (metric) => `cost of ${serviceWords(metric)}`,
  unit: () => "USD",
  form: () => amount,
  needs: "detail",
  isGauge: () => false,
  judges: isActive,
  measure(observation, { metric }, now) {
    const cost = figureIn(observation.run.detail?.usageMicroUsd, serviceOf(metric));
    return cost === undefined ? untold(observation, metric, now) : known(cost);
  },
};
