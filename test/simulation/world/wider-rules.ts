import type { Random } from "../random.ts";
import type { Document, Rule } from "./document.ts";
import { randomSchedule, zone } from "./windows.ts";

/** What the policy language has beyond cost, time and `stats`: other limits, selectors, schedules, bases and owners. */

type Steps = Rule["steps"];
type Limit = NonNullable<Rule["limit"]>;

const STEPS: readonly Steps[] = [
  [{ at: "100%", do: "abort" }],
  [
    { at: "60%", do: "notify" },
    { at: "100%", do: "abort" },
  ],
  [
    { at: "90%", do: "abort" },
    { at: "130%", do: "abort-now" },
  ],
  [
    { at: "100%", do: "notify" },
    { at: "100%", do: "abort" },
  ],
];

const ESTIMATES: readonly Steps[] = [
  [{ at: "100%", do: "abort", basis: "estimate" }],
  [
    { at: "50%", do: "notify", basis: "estimate" },
    { at: "100%", do: "abort" },
    { at: "120%", do: "abort", basis: "estimate" },
  ],
  [
    { at: "100%", do: "abort" },
    { at: "100%", do: "abort-now", basis: "estimate" },
  ],
];

const SELECTORS = [
  { builds: ["beta"] },
  { builds: ["0.1.*"], except: { memory: [">=8GB"] } },
  { memory: [">=2GB"] },
  { memory: ["<1GB", "1GB"], origins: ["API", "WEB"] },
  { pricingModels: ["PAY_PER_EVENT"] },
  { pricingModels: ["NONE", "FREE"] },
  { actors: ["acme/*", "mapworks/*"], except: { pricingModels: ["PAY_PER_EVENT"] } },
  { except: { builds: ["beta", "0.2.*"] } },
] as const;

export const THEMES = [
  "events",
  "usage",
  "usage-usd",
  "burn",
  "idle",
  "typical",
  "forever",
  "estimate",
  "cpu",
] as const;

/** What the wider rules of a world are mostly about, and its runs, too, so that the ones meet the others. */
export type Theme = (typeof THEMES)[number];

function limitFor(random: Random, kind: Theme): Limit {
  switch (kind) {
    case "events":
      return random.chance(0.1)
        ? { "events.start": 1 }
        : { [`events.${random.pick(["result", "page"])}`]: random.int(10, 300) };
    case "usage":
      return random.pick<Limit>([
        { "usage.PROXY_SERPS": random.int(50, 900) },
        { "usage.DATASET_WRITES": random.int(500, 9_000) },
        { "usage.ACTOR_COMPUTE_UNITS": random.pick([0.2, 0.5, 1, 2]) },
      ]);
    case "usage-usd":
      return random.pick<Limit>([
        { "usageUsd.PROXY_RESIDENTIAL_TRANSFER_GBYTES": random.pick([0.2, 0.7, 2]) },
        { "usageUsd.ACTOR_COMPUTE_UNITS": random.pick([0.05, 0.1, 0.3]) },
      ]);
    case "burn":
      return { usdPerHour: random.pick([1, 3, 5, 10, 20]) };
    case "idle":
      return { idleTime: idleTime(random) };
    case "typical":
      return { timesTypical: typical(random) };
    case "forever":
      return { noTimeout: true };
    case "estimate":
      return { usageTotalUsd: random.pick([0.5, 1, 2, 5]) };
    case "cpu":
      return { "stats.cpuCurrentUsage": random.int(15, 50) };
  }
}

/** Some with bounds that a run which does little goes above and below of in turns. */
function idleTime(random: Random) {
  if (random.chance(0.4)) return `${random.int(60, 400)}s`;
  return {
    for: `${random.int(60, 300)}s`,
    cpuBelow: random.pick(["5%", "30%", "40%", "50%", "60%"]),
    trafficBelow: random.pick(["10KB", "1MB", "20MB"]),
  };
}

function typical(random: Random) {
  const samples = random.chance(0.8) && { samples: random.pick([2, 3, 5]) };
  return random.chance(0.5)
    ? { usd: random.pick([1.2, 2, 4]), ...samples, floor: random.pick([0.02, 0.3]) }
    : { runTime: random.pick([1.2, 2]), ...samples, floor: random.pick(["1m", "8m"]) };
}

function widerRule(random: Random, id: string, kind: Theme): Rule {
  // Most of the runs lack a time-out: without a selector nothing else would ever happen to them.
  const isChosen = kind === "forever" || random.chance(0.4);
  return {
    id: `${id}-${kind}`,
    ...(random.chance(0.1) && { mode: random.pick(["observe", "enforce"] as const) }),
    ...(isChosen && { for: random.pick(SELECTORS) }),
    limit: limitFor(random, kind),
    steps: random.pick(kind === "estimate" ? ESTIMATES : STEPS),
  };
}

const OWNERS = ["ops@example.com", "shop-team", "olga"] as const;

/** Some rules have an owner of their own, some apply in a window alone, of some a single step does. */
function adorned(random: Random, rule: Rule, timeZone: string): Rule {
  const owner = random.chance(0.3) && { owner: random.pick(OWNERS) };
  const schedule = random.chance(0.2) && { schedule: randomSchedule(random, timeZone) };
  const timed = random.chance(0.15) ? rule.steps.at(-1) : undefined;
  const steps = rule.steps.map((step) =>
    step === timed ? { ...step, schedule: randomSchedule(random, timeZone) } : step,
  );
  return { ...rule, ...owner, ...schedule, steps };
}

/** The policy with more rules, of the kinds that there are beyond the first ones. */
export function widened(random: Random, policy: Document, theme: Theme): Document {
  const timeZone = random.chance(0.4) ? zone(random) : undefined;
  const others = Array.from({ length: random.int(0, 2) }, () => random.pick([theme, ...THEMES]));
  const more = [theme, ...others].map((kind, index) => widerRule(random, `more-${index}`, kind));
  // Rules on cost and time would often come first.
  const old = policy.rules.slice(0, random.pick([0, 0, 1, policy.rules.length]));
  return {
    ...policy,
    ...(timeZone !== undefined && { timeZone }),
    ...(random.chance(0.4) && { owner: random.pick(OWNERS) }),
    rules: [...old, ...more].map((rule) => adorned(random, rule, timeZone ?? "UTC")),
  };
}
