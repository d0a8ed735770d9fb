import { withSources } from "../sources/world.ts";
import { type Plan, planFor } from "../world/plan.ts";
import type { PlannedTick } from "../world/ticks.ts";

/** What can be left out of a world, each by its place in the plan. */
export const PARTS = [
  "aim",
  "more",
  "newer",
  "weather",
  "nerves",
  "faults",
  "restores",
  "deaths",
  "freezes",
  "clocks",
  "users",
  "operators",
  "console",
  "orders",
  "runs",
  "rules",
  "ticks",
] as const;
export type Part = (typeof PARTS)[number];

/** The places of each part that are still there; a part that is not named is whole. */
export type Kept = Readonly<Partial<Record<Part, readonly number[]>>>;

/** A tick in the calm stays: without it nothing would be owed to anybody. */
const inWeather = ({ ticks, activeMs }: Plan) => ticks.filter(({ atMs }) => atMs < activeMs);

const STILL: Plan["climate"] = {
  storeFails: 0,
  storeSlow: 0,
  storeRefuses: 0,
  networkFails: 0,
  networkSlow: 0,
};
const RISKS = Object.keys(STILL) as readonly (keyof Plan["climate"])[];

/** How many of each part a world has. */
export function sizesOf(plan: Plan): Readonly<Record<Part, number>> {
  const ticks = inWeather(plan);
  return {
    aim: plan.aim ? 1 : 0,
    more: plan.hasMore ? 1 : 0,
    newer: plan.newer ? 1 : 0,
    weather: RISKS.some((risk) => plan.climate[risk] > 0) ? 1 : 0,
    nerves: plan.nerves > 0 ? 1 : 0,
    faults: plan.world.faults?.length ?? 0,
    restores: plan.restores.length,
    deaths: ticks.filter(({ fate }) => fate).length,
    freezes: ticks.filter(({ freeze }) => freeze).length,
    clocks: ticks.filter(({ clock }) => clock).length,
    users: plan.usersAtMs.length,
    operators: plan.operatorsAtMs.length,
    console: plan.sources?.consoleAtMs.length ?? 0,
    orders: plan.sources?.ordersAtMs.length ?? 0,
    runs: plan.world.runs.length,
    rules: plan.policy.rules.length,
    ticks: ticks.length,
  };
}

/** A seed's world, or its one with schedules that are held, with no more in it than what is kept. */
export function cutWorld(seed: number, kept: Kept, { isOfSources = false } = {}): Plan {
  const plan = planFor(seed, {
    isAimed: kept.aim?.length !== 0,
    isMore: kept.more?.length !== 0,
    isNewer: kept.newer?.length !== 0,
  });
  return cutTo(isOfSources ? withSources(plan, { isAimed: kept.aim?.length !== 0 }) : plan, kept);
}

/** The same world with no more in it than what is kept. */
export function cutTo(plan: Plan, kept: Kept): Plan {
  const of = <T>(part: Part, list: readonly T[]): readonly T[] => {
    const places = kept[part];
    return places ? list.filter((_, place) => places.includes(place)) : list;
  };
  const ticks = inWeather(plan);
  const within = (part: Part, has: (tick: PlannedTick) => unknown) => new Set(of(part, ticks.filter(has)));
  const [dying, frozen, skewed] = [
    within("deaths", ({ fate }) => fate),
    within("freezes", ({ freeze }) => freeze),
    within("clocks", ({ clock }) => clock),
  ];
  const spared = ticks.map((tick) => {
    const { fate, freeze, clock, ...plain } = tick;
    return {
      ...plain,
      ...(fate && dying.has(tick) && { fate }),
      ...(freeze && frozen.has(tick) && { freeze }),
      ...(clock && skewed.has(tick) && { clock }),
    };
  });
  return {
    ...plan,
    ...(kept.weather?.length === 0 && { climate: STILL }),
    ...(kept.nerves?.length === 0 && { nerves: 0 }),
    world: {
      ...plan.world,
      runs: of("runs", plan.world.runs),
      ...(plan.world.faults && { faults: of("faults", plan.world.faults) }),
    },
    policy: { ...plan.policy, rules: of("rules", plan.policy.rules) },
    ticks: [...of("ticks", spared), ...plan.ticks.filter(({ atMs }) => atMs >= plan.activeMs)],
    restores: of("restores", plan.restores),
    usersAtMs: of("users", plan.usersAtMs),
    operatorsAtMs: of("operators", plan.operatorsAtMs),
    ...(plan.sources && {
      sources: {
        ...plan.sources,
        consoleAtMs: of("console", plan.sources.consoleAtMs),
        ordersAtMs: of("orders", plan.sources.ordersAtMs),
      },
    }),
  };
}

/** `1-3,7` */
function spans(places: readonly number[]): string {
  const found: [number, number][] = [];
  for (const place of places) {
    const last = found.at(-1);
    if (last && last[1] + 1 === place) last[1] = place;
    else found.push([place, place]);
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

/** `runs=0,2/faults=/ticks=3-5`, as a command line takes it. */
export const spelled = (kept: Kept): string =>
  PARTS.flatMap((part) => (kept[part] ? [`${part}=${spans(kept[part])}`] : [])).join("/");

/** What `spelled` wrote. `undefined`: it is no such thing. */
export function keptIn(text: string): Kept | undefined {
  const kept: Partial<Record<Part, readonly number[]>> = {};
  for (const each of text.split("/")) {
    const [, name, list = ""] = /^(\w+)=((?:\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)?)$/.exec(each) ?? [];
    const part = PARTS.find((known) => known === name);
    if (part === undefined) return undefined;
    kept[part] = list.split(",").flatMap((span) => {
      if (span === "") return [];
      const [from = 0, to = from] = span.split("-").map(Number);
      return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
    });
  }
  return kept;
}
