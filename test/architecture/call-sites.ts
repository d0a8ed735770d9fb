import { filesImportedBy, linesWith, type Source, takenBy, targetOf } from "./sources.ts";

/** Where Apify's calls are declared and where they are made; neither calls them through the port. */
const isDefinition = ({ path }: Source): boolean =>
  path === "src/watchdog/model/apify-port.ts" || path.startsWith("src/adapters/apify/");

type OneSite = { readonly method: string; readonly site: string; readonly otherwise: string };

/** Every file but the one site that calls or takes a method of the port, and how often the site itself calls it. */
function checkOneSite(sources: readonly Source[], { method, site, otherwise }: OneSite): readonly string[] {
  const named = sources
    .filter((each) => !isDefinition(each))
    .flatMap((each) => linesWith(each, new RegExp(`\\b${method}\\b`)));
  const called = sources.flatMap((each) => linesWith(each, new RegExp(`\\.${method}\\s*\\(`)));
  const strays = [...new Set([...named, ...called])].filter((path) => path !== site);
  const calls = called.filter((path) => path === site).length;
  return [
    ...strays.map((path) => `${path} calls or takes ${method}, which ${site} alone may: ${otherwise}.`),
    ...(calls === 1 ? [] : [`${site} has ${calls} call sites of ${method}; there must be exactly one.`]),
  ];
}

export const ABORT_SITE = "src/watchdog/stop/call.ts";

/** Abort is called from one place; everything else goes through it, and so behind its intent. */
export const checkAbortSites = (sources: readonly Source[]): readonly string[] =>
  checkOneSite(sources, {
    method: "abortRun",
    site: ABORT_SITE,
    otherwise: "write an intent and go through pursue()",
  });

export const RESURRECT_SITE = "src/watchdog/overrule/resurrect.ts";

/** Only an undo gives a run another life; no function on AWS can even reach it. */
export const checkResurrectSites = (sources: readonly Source[]): readonly string[] =>
  checkOneSite(sources, {
    method: "resurrectRun",
    site: RESURRECT_SITE,
    otherwise: "runs are resurrected by undo()",
  });

export const HOLD_SITE = "src/watchdog/hold/call.ts";

/** Schedules are disabled behind a promise alone, and enabled only as we left them. */
const checkHoldSite = (method: "disableSchedule" | "enableSchedule") => (sources: readonly Source[]) =>
  checkOneSite(sources, { method, site: HOLD_SITE, otherwise: "write a hold and go through pursueHold()" });
export const checkDisableSites = checkHoldSite("disableSchedule");
export const checkEnableSites = checkHoldSite("enableSchedule");

export const NOTE_SITE = "src/watchdog/stop/explain-stops.ts";

/** What a run says of itself is written from one place, once it was stopped. */
export const checkNoteSites = (sources: readonly Source[]): readonly string[] =>
  checkOneSite(sources, {
    method: "setStatusMessage",
    site: NOTE_SITE,
    otherwise: "why a run was stopped is written by explainStops()",
  });

type Caller = { readonly path: string; readonly why: string };

/** Where decisions are made, always by the same function: what is shown beforehand is what would be done. */
export const DECIDE_CALLERS: readonly Caller[] = [
  { path: "src/watchdog/tick/decide-on.ts", why: "a tick's look at all runs" },
  { path: "src/watchdog/tick/drill.ts", why: "a drill's run, which does not exist" },
  { path: "src/watchdog/stop/stop.ts", why: "the last reading before a call" },
  { path: "src/watchdog/explain/explain-decision.ts", why: "why a run is stopped or not" },
  {
    path: "src/watchdog/explain/held-runs.ts",
    why: "what holds the stops of live runs, as people are shown them",
  },
  { path: "src/watchdog/explain/policy-effect.ts", why: "what a policy would do, before it is pushed" },
  { path: "src/policy-test/try-case.ts", why: "cases that people write" },
  { path: "src/watchdog/learn/replay.ts", why: "what a policy would have done about runs that ended" },
];
const DECIDE_DOORS = ["src/policy/judge/decide.ts", "src/policy/index.ts"];

const takesDecide = ({ path, source }: Source): boolean =>
  takenBy(source).some(
    ({ from, symbols }) =>
      from.startsWith(".") &&
      DECIDE_DOORS.includes(targetOf(path, from)) &&
      (symbols.includes("decide") || symbols.includes("*")),
  );

/** Whoever takes `decide` and is not listed, and who is listed and no longer takes it. */
export function checkDecideCallers(
  sources: readonly Source[],
  callers: readonly Caller[] = DECIDE_CALLERS,
): readonly string[] {
  const takers = sources
    .filter((each) => !DECIDE_DOORS.includes(each.path) && takesDecide(each))
    .map(({ path }) => path);
  return [
    ...takers
      .filter((path) => !callers.some((known) => known.path === path))
      .map(
        (path) =>
          `${path} takes decide; ask one of its callers instead (${callers.map((known) => known.path).join(", ")}), or list it with its reason.`,
      ),
    ...callers
      .filter(({ path }) => !takers.includes(path))
      .map(({ path }) => `${path} no longer takes decide; strike it from the callers.`),
  ];
}

/** Every file that is loaded with these, directly or through others. */
export function reachedFrom(paths: readonly string[], sources: readonly Source[]): ReadonlySet<string> {
  const byPath = new Map(sources.map((each) => [each.path, each]));
  const reached = new Set(paths);
  for (const path of reached) {
    const file = byPath.get(path);
    for (const target of file ? filesImportedBy(file) : []) reached.add(target);
  }
  return reached;
}
