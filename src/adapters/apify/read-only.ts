import type { Apify } from "../../watchdog/model/ports.ts";

const READS: readonly string[] = [
  "checkUser",
  "listRuns",
  "runsPage",
  "readRun",
  "actor",
  "task",
  "listNamed",
  "recentRuns",
  "limits",
  "monthlyUsage",
  "takeRequestCount",
  "takeClockChecks",
  "now",
] satisfies readonly (keyof Apify)[];

/** The account with every door to a change shut: for whoever only looks, which must not hang on a policy's mode alone. */
export const readOnly = (apify: Apify): Apify =>
  new Proxy(apify, {
    get(target, name) {
      if (!READS.includes(String(name)))
        return () => Promise.reject(new Error(`${String(name)} is not for this watchdog: it only reads`));
      const method: unknown = Reflect.get(target, name);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });
