import { isActive } from "../run.ts";
import { exactly, type Form, reading } from "../values/forms.ts";
import { trueHint } from "../values/hints.ts";
import { known, type Limit, unknown } from "./limit.ts";

const form: Form<number> = reading(
  exactly(true, "true: a run without a timeout is at 100% of it, any other at 0%", trueHint),
  () => 1,
);

/** A run that nothing but its own end will stop: `options.timeoutSecs` is 0, which is Apify's word for no timeout. */
export const noTimeout: Limit = {
  usage: "noTimeout",
  about: "Whether the run was started without a timeout: then it is at 100%, else at 0%.",
  pattern: /^noTimeout$/,
  words: () => "no timeout",
  unit: () => "flag",
  form: () => form,
  needs: "settings",
  isGauge: () => false,
  judges: isActive,
  measure({ run: { settings } }) {
    const timeoutSecs = settings?.timeoutSecs;
    if (timeoutSecs === undefined || !Number.isFinite(timeoutSecs))
      return unknown("Apify reports no timeoutSecs for this run", false);
    return known(timeoutSecs === 0 ? 1 : 0, { timeoutSecs });
  },
};
