import type { Criteria, Selector } from "./policy.ts";
import type { Observation } from "./run.ts";

/** `unresolved`: it hangs on a name that could not be resolved, so the rule does not apply. */
type Match = "match" | "no" | "unresolved";

/** `acme/shop-*`, `acme~shop` and a bare `*` are names; anything else is an id. */
export const isName = (pattern: string): boolean => /[/~*]/.test(pattern);

const canonical = (name: string): string => name.replace("~", "/").toLowerCase();

/** `*` stands for any letters. Linear: the last star is where a mismatch goes back to. */
function globMatches(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let p = 0;
  while (at < name.length) {
    if (pattern[p] === "*") {
      star = p++;
      resume = at;
    } else if (pattern[p] === name[at]) {
      p++;
      at++;
    } else if (star !== -1) {
      p = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

function matchNamed(patterns: readonly string[], id: string | undefined, name: string | undefined): Match {
  if (id === undefined) return "no";
  if (patterns.some((pattern) => pattern === id || pattern === "*")) return "match";
  const names = patterns.filter(isName).map(canonical);
  if (names.length === 0) return "no";
  if (name === undefined) return "unresolved";
  return names.some((pattern) => globMatches(pattern, canonical(name))) ? "match" : "no";
}

const matchOrigin = (origins: readonly string[], origin: string | undefined): Match => {
  if (origin === undefined) return "unresolved";
  return origins.includes(origin) ? "match" : "no";
};

function matchKeys(criteria: Criteria, { run, actorName, taskName }: Observation): readonly Match[] {
  const keys: Match[] = [];
  if (criteria.actors) keys.push(matchNamed(criteria.actors, run.actorId, actorName));
  if (criteria.tasks) keys.push(matchNamed(criteria.tasks, run.actorTaskId, taskName));
  if (criteria.origins) keys.push(matchOrigin(criteria.origins, run.origin));
  return keys;
}

/**
 * Does a rule with this selector apply to the run? An unknown `for` does not match, an unknown `except` excepts:
 * whatever we can't tell protects the run. Both come back as `unresolved`, to be counted.
 */
export function matchSelector(selector: Selector | undefined, observation: Observation): Match {
  const { origin } = observation.run;
  if (!selector?.origins?.includes("STANDBY")) {
    if (origin === "STANDBY") return "no";
    // It may be STANDBY, which must be named.
    if (origin === undefined) return "unresolved";
  }
  if (selector === undefined) return "match";
  const wanted = matchKeys(selector, observation);
  if (wanted.includes("no")) return "no";
  const excepted = selector.except ? matchKeys(selector.except, observation) : [];
  if (excepted.includes("match")) return "no";
  return [...wanted, ...excepted].includes("unresolved") ? "unresolved" : "match";
}

/** Which names must be resolved before the selectors can be judged. */
export function namesNeeded(selectors: readonly (Selector | undefined)[]): {
  actors: boolean;
  tasks: boolean;
} {
  const criteria = selectors.flatMap((selector) => (selector ? [selector, selector.except ?? {}] : []));
  return {
    actors: criteria.some(({ actors }) => actors?.some((pattern) => isName(pattern) && pattern !== "*")),
    tasks: criteria.some(({ tasks }) => tasks?.some((pattern) => isName(pattern) && pattern !== "*")),
  };
}
