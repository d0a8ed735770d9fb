import type { Fault, RequestMatch, World, WorldFault } from "../../../emulator/index.ts";
import type { Random } from "../random.ts";

/** What Apify will not do for whom: for all, or for one run, Actor or task; for a time, or for good. */

const MINUTE = 60_000;

/** A token that the watchdog's secret holds from an instant on. */
export type Secret = { readonly fromMs: number; readonly token: string };

export const FIRST_TOKEN = "good-token";
export const STRANGERS_TOKEN = "other-user";

type Named = Pick<World, "actors" | "tasks" | "runs">;

/** One thing that is asked for, of which nothing else is to suffer. */
function randomResource(random: Random, { actors, tasks = [], runs }: Named): RequestMatch {
  const actor = random.pick(actors).name;
  const run = random.pick(runs).label ?? "";
  const matches: readonly RequestMatch[] = [
    { kind: "get", run },
    { kind: "get", run },
    { kind: "abort", run },
    { kind: ["get", "abort"], run },
    { kind: "resurrect", run },
    { actor },
    { kind: "actor", actor },
    { kind: ["limits", "usage"] },
    { kind: "user" },
    { kind: ["actor", "task"] },
    ...tasks.map(({ name }): RequestMatch => ({ kind: "task", task: name })),
  ];
  return random.pick(matches);
}

const REFUSALS: readonly Fault[] = [
  { kind: "refused", because: "permissions" },
  { kind: "refused", because: "permissions" },
  { kind: "refused", because: "monthly-limit" },
  { kind: "refused", because: "not-found" },
  { kind: "hang" },
  { kind: "hang", afterEffect: true },
  { kind: "html", status: 403 },
];

const windowOf = (random: Random, activeMs: number) => {
  const fromMs = random.chance(0.3) ? 0 : random.int(0, activeMs);
  return { fromMs, untilMs: Math.min(activeMs, fromMs + random.pick([MINUTE, 5 * MINUTE, 30 * MINUTE])) };
};

/** Refusals that end with the day's troubles at the latest. */
export function randomRefusals(random: Random, activeMs: number, named: Named): readonly WorldFault[] {
  const ofAll: WorldFault = {
    ...(random.chance(0.3) && { match: { kind: "list", of: "account" } }),
    fault: { kind: "refused", because: random.pick(["token", "token", "permissions"]) },
    ...windowOf(random, activeMs),
  };
  const ofOne = Array.from({ length: random.int(0, 3) }, (): WorldFault => {
    const match = randomResource(random, named);
    return { match, fault: random.pick(REFUSALS), ...windowOf(random, activeMs) };
  });
  return [...ofOne, ...(random.chance(0.3) ? [ofAll] : [])];
}

/** Tokens that are given out, taken back and exchanged, and what the watchdog's secret holds when. */
export function randomTokens(
  random: Random,
  activeMs: number,
  named: Named,
): { readonly tokens: NonNullable<World["tokens"]>; readonly secrets: readonly Secret[] } {
  const first = { fromMs: 0, token: FIRST_TOKEN };
  const atMs = random.int(MINUTE, activeMs);
  const change = random.pick(["rotated", "rotated", "scoped", "stranger"] as const);
  // It may be taken back before the next one is in its place, or be good for a while beside it.
  const untilMs = atMs + random.pick([-3 * MINUTE, -5_000, 5_000, 10 * MINUTE]);
  switch (change) {
    case "rotated":
      return {
        tokens: { [FIRST_TOKEN]: { untilMs }, second: {} },
        secrets: [first, { fromMs: atMs, token: "second" }],
      };
    case "scoped": {
      const except: RequestMatch[] = [
        { kind: random.pick([["user"], ["user", "limits", "usage"], ["limits", "usage"]] as const) as never },
        ...(random.chance(0.3) ? [{ kind: "actor" as const, actor: random.pick(named.actors).name }] : []),
      ];
      // Until somebody lets it do everything again, with the end of the day's troubles.
      const secrets = [first, { fromMs: atMs, token: "scoped" }, { fromMs: activeMs, token: FIRST_TOKEN }];
      return { tokens: { scoped: { except } }, secrets };
    }
    case "stranger": {
      // Somebody put the wrong one in, and the right one back.
      const backMs = Math.min(activeMs - 1, atMs + random.int(1, 10) * MINUTE);
      return {
        tokens: random.chance(0.5)
          ? { [FIRST_TOKEN]: { untilMs: Math.min(untilMs, backMs) }, second: {} }
          : {},
        secrets: [first, { fromMs: atMs, token: STRANGERS_TOKEN }, { fromMs: backMs, token: "second" }],
      };
    }
  }
}
