import type { ActorSpec, RunScript, TaskSpec } from "../../../emulator/index.ts";
import type { Random } from "../random.ts";
import { randomRun } from "./runs.ts";
import type { Theme } from "./wider-rules.ts";

/** Runs that rules beyond cost and time are about. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const WIDER_ACTORS: readonly ActorSpec[] = [
  {
    name: "mapworks/reviews",
    chargesFor: [
      { event: "start", priceUsd: 0.02, atStart: 1 },
      { event: "result", priceUsd: { FREE: 0.02, SILVER: 0.015, DIAMOND: 0.01 }, share: 3 },
      { event: "page", priceUsd: 0.005 },
    ],
  },
  { name: "acme/steady", builds: { beta: "0.2.7" } },
  { name: "toolbox/free-converter" },
];

export const WIDER_TASKS: readonly TaskSpec[] = [{ name: "steady-daily", actor: "acme/steady" }];

type Character = (random: Random) => Partial<RunScript>;

const charged: Character = (random) => ({ actor: "mapworks/reviews", cost: random.between(2, 30) });
/** Apify accounts for what it charges a good while later. */
const accountedLate: Character = (random) => ({
  ...charged(random),
  usageLagMs: random.pick([60_000, 300_000]),
});
const spending =
  (service: "PROXY_SERPS" | "PROXY_RESIDENTIAL_TRANSFER_GBYTES"): Character =>
  (random) => ({ spendsOn: { [service]: 1 }, cost: random.between(1, 8) });
/** Has nothing left to do before long. */
const stalled: Character = (random) => ({
  cost: random.between(0.5, 3),
  idleAfterMs: random.int(1, 12) * MINUTE,
  usageLagMs: random.pick([0, 8_000, 60_000]),
});
/** Does so little that it depends on the bounds whether it is idle, and on the moment. */
const lazy: Character = (random) => ({
  cost: 0.3,
  spendsOn: { DATASET_READS: 1 },
  rxBytesPerSec: random.pick([0, 0, 200, 20_000]),
});
const steady: Character = (random) => ({ actor: "acme/steady", cost: random.between(0.5, 12) });
const daily: Character = (random) => ({ ...steady(random), task: "steady-daily" });
const free: Character = () => ({ actor: "toolbox/free-converter" });
const bursting: Character = (random) => ({
  cost: { bursts: { everyMs: random.int(1, 8) * MINUTE, usd: random.between(0.05, 1) } },
});
/** In a later life when the world begins. */
const risen: Character = (random) => {
  const ageMs = random.int(20, 90) * MINUTE;
  const afterMs = [0.3, 0.6].slice(0, random.int(1, 2)).map((share) => Math.round(share * ageMs));
  return { startsAfterMs: -ageMs, readyForMs: 1_000, resurrectedAfterMs: afterMs };
};

const OF_THEME: Readonly<Record<Theme, readonly Character[]>> = {
  events: [charged, accountedLate],
  usage: [spending("PROXY_SERPS"), risen],
  "usage-usd": [spending("PROXY_RESIDENTIAL_TRANSFER_GBYTES"), risen],
  burn: [bursting, risen, charged],
  idle: [stalled, stalled, lazy, lazy, (random) => ({ ...stalled(random), ...charged(random) })],
  typical: [steady, daily],
  forever: [free, risen, charged],
  estimate: [accountedLate],
  cpu: [lazy, risen],
};
const CHARACTERS = Object.values(OF_THEME).flat();

function widerRun(random: Random, activeMs: number, theme: Theme): RunScript {
  const characters = random.chance(0.7) ? OF_THEME[theme] : CHARACTERS;
  // Most begin soon and last, or what takes a while would seldom come to pass.
  const { ends: _early, ...lasting } = randomRun(random, activeMs);
  const soon = { readyForMs: random.int(0, 4_000), startsAfterMs: random.int(-20 * MINUTE, activeMs / 2) };
  return {
    ...(random.chance(0.6) ? { ...lasting, ...soon } : randomRun(random, activeMs)),
    memoryMbytes: random.pick([512, 1_024, 1_024, 4_096, 16_384]),
    ...(random.chance(0.5) && { build: random.pick(["beta", "0.1.23"]) }),
    ...(random.chance(0.7) && { timeoutSecs: random.pick([0, 4 * 3_600, 4 * 3_600]) }),
    ...random.pick(characters)(random),
  };
}

/** Runs of long ago, most of which ended well: what is typical of an Actor, and of a task. */
function history(random: Random, of: Pick<RunScript, "actor" | "task">): readonly RunScript[] {
  const minutes = random.int(3, 20);
  const usdPerHour = random.between(0.3, 3);
  return Array.from({ length: random.int(0, 9) }, (_, index): RunScript => {
    const status = random.chance(0.85) ? ("SUCCEEDED" as const) : ("FAILED" as const);
    return {
      ...of,
      startsAfterMs: -(index + 2) * HOUR - random.int(0, HOUR),
      readyForMs: 0,
      cost: usdPerHour * random.between(0.7, 1.4),
      ...(random.chance(0.1) && { costMissing: "absent" as const }),
      ends: { afterMs: Math.round(minutes * random.between(0.7, 1.4) * MINUTE), status },
    };
  });
}

export const widerRuns = (random: Random, activeMs: number, theme: Theme): readonly RunScript[] => [
  ...history(random, { actor: "acme/steady" }),
  ...history(random, { actor: "acme/steady", task: "steady-daily" }),
  ...Array.from({ length: random.int(3, 6) }, () => widerRun(random, activeMs, theme)),
];
