import type { Apify } from "../../watchdog/ports.ts";

/** The account with every door to a change shut: for trials, which must not depend on a policy's mode alone. */
export const readOnly = (apify: Apify): Apify => ({
  ...apify,
  abortRun: () => Promise.reject(new Error("a trial aborts nothing")),
  resurrectRun: () => Promise.reject(new Error("a trial resurrects nothing")),
});
