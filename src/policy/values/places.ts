/** Where in a policy the keys stand that are easily written in another place. */
const PLACES: Readonly<Record<string, string>> = {
  ...keys("at the top of the policy", "version", "escalation", "guards", "rules"),
  ...keys("at the top of the policy, or in a rule", "mode", "owner"),
  ...keys("at the top of the policy, or in a schedule", "timeZone"),
  ...keys("in guards", "maxAborts", "loop", "staleAfter"),
  ...keys("in guards.maxAborts", "perTick", "perHour", "percentOfLive"),
  ...keys("in escalation", "forceAfter", "alarmAfter"),
  ...keys("in a rule", "for", "limit", "budget", "steps"),
  ...keys("in a rule, or in a step", "schedule"),
  ...keys(
    "in the for of a rule",
    "actors",
    "tasks",
    "schedules",
    "origins",
    "builds",
    "memory",
    "pricingModels",
    "except",
  ),
  ...keys("in the limit of a rule", "usageTotalUsd", "runTime"),
  ...keys("in the budget of a rule", "usd", "per", "each"),
  ...keys("in a step", "at", "do", "basis"),
  ...keys("in a schedule", "days", "hours"),
};

function keys(place: string, ...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, place]));
}

/** Where a key of the policy language stands; `undefined` for a key that it does not have. */
export const placeOf = (key: string): string | undefined =>
  Object.hasOwn(PLACES, key) ? PLACES[key] : undefined;
