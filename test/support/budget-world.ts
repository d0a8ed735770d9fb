import { createEmulator, type RunScript, steppedClock, type World } from "../../emulator/index.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import { OVER_5_USD, type Watched, type WatchOptions, watch } from "./world.ts";

/** A run that costs so much an hour, from the world's start. */
export const burning = (usdPerHour: number, overrides: Partial<RunScript> = {}): RunScript => ({
  ...OVER_5_USD,
  startsAfterMs: 0,
  cost: usdPerHour,
  ...overrides,
});

/** The policy of one budget a day, told of at 80% and stopped at 100%; overrides go on top of its rule. */
export const dailyBudget = (
  usd: number,
  overrides: Record<string, unknown> = {},
  maxAborts: Record<string, number> = {},
): Record<string, unknown> => ({
  version: 1,
  mode: "enforce",
  guards: { maxAborts: { percentOfLive: 100, ...maxAborts } },
  rules: [
    {
      id: "a-day",
      budget: { usd, per: "day" },
      steps: [
        { at: "80%", do: "notify" },
        { at: "100%", do: "abort" },
      ],
      ...overrides,
    },
  ],
});

/** A world watched from an instant on: for budgets it matters when in its window everything happens. */
export const watchFrom = (
  start: Date,
  world: World,
  policy: unknown,
  options: WatchOptions = {},
): Promise<Watched> => watch(createEmulator({ world, clock: steppedClock(start) }), { ...options, policy });

/** Every entry of one kind, of all chains. */
export async function entriesOfKind({ ports }: Watched, kind: Entry["kind"]): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  const all = { from: new Date("2026-11-01"), to: new Date("2026-12-31") };
  for await (const { text } of ports.audit.list(all)) found.push(JSON.parse(text));
  return found.filter((entry) => entry.kind === kind);
}
