import { isActive } from "../run.ts";
import { positiveDuration } from "../values/figure-forms.ts";
import { known, type Limit, unknown } from "./limit.ts";

/** The timeout that a run was started with: `options.timeoutSecs`. A run without one is `noTimeout`'s, and at 0 here. */
export const timeout: Limit = {
  usage: "timeout",
  about: "How long the timeout is that the run was started with; 0 of a run without one.",
  pattern: /^timeout$/,
  words: () => "timeout",
  unit: () => "secs",
  form: () => positiveDuration,
  needs: "settings",
  isGauge: () => false,
  judges: isActive,
  measure({ run: { settings } }) {
    const timeoutSecs = settings?.timeoutSecs;
    return timeoutSecs === undefined || !Number.isFinite(timeoutSecs)
      ? unknown("Apify reports no timeoutSecs for this run", false)
      : known(timeoutSecs);
  },
};
