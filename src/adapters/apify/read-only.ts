import type { Apify } from "../../watchdog/model/ports.ts";

/** Of every door whether it only reads: one that is new must say so here. */
const ONLY_READS: Readonly<Record<keyof Apify, boolean>> = {
  checkUser: true,
  listRuns: true,
  runsPage: true,
  readRun: true,
  actor: true,
  task: true,
  schedule: true,
  listNamed: true,
  listSchedules: true,
  readSchedule: true,
  recentRuns: true,
  limits: true,
  monthlyUsage: true,
  takeRequestCount: true,
  takeClockChecks: true,
  clockChecks: true,
  now: true,
  abortRun: false,
  resurrectRun: false,
  setStatusMessage: false,
  disableSchedule: false,
  enableSchedule: false,
};

const READS: ReadonlySet<string | symbol> = new Set(
  Object.entries(ONLY_READS).flatMap(([door, reads]) => (reads ? [door] : [])),
);

/** The account with every door to a change shut: for whoever only looks, which must not hang on a policy's mode alone. */
export const readOnly = (apify: Apify): Apify =>
  new Proxy(apify, {
    get(target, name) {
      if (!READS.has(name))
        return () => Promise.reject(new Error(`${String(name)} is not for this watchdog: it only reads`));
      const method: unknown = Reflect.get(target, name);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });
