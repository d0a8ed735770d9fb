import type { RunScript, World } from "../emulator/index.ts";
import { engineStores } from "./engine.ts";
import { benchOn, HOUR, MINUTE, SECOND, seeded } from "./harness.ts";
import { table } from "./table.ts";
import type { Units } from "./units-by-item.ts";

/** What DynamoDB and Lambda charge for a month of ticks, at so many live runs. Storage is not in it. */

const HOURS_A_MONTH = 730;
const WARM_UP_MS = HOUR / 2;
const ANSWER_MS = 200;
/** List prices of us-east-1, on demand; they may change. */
const USD_PER_WRITE_UNIT = 0.625 / 1e6;
const USD_PER_READ_UNIT = 0.125 / 1e6;
/** List prices of us-east-1, arm64; and the memory that infra/run-watchdog.ts gives the function. */
const USD_PER_GB_SECOND = 0.0000133334;
const USD_PER_INVOCATION = 0.2 / 1e6;
const MEMORY_GB = 0.25;

const SIZES = [
  { live: 1, actors: 1, livesMs: 2 * HOUR, hours: 4 },
  // The account of docs/deploying.md: about a thousand runs a day.
  { live: 20, actors: 5, livesMs: HOUR / 2, hours: 4 },
  { live: 100, actors: 10, livesMs: 2 * HOUR, hours: 4 },
  { live: 1_000, actors: 50, livesMs: 2 * HOUR, hours: 1 },
];
type Size = (typeof SIZES)[number];

const POLICY = {
  version: 1,
  mode: "enforce",
  guards: { maxAborts: { perTick: 10, perHour: 30, percentOfLive: 50 } },
  rules: [
    {
      id: "no-run-over-5-usd",
      limit: { usageTotalUsd: 5 },
      steps: [
        { at: "80%", do: "notify" },
        { at: "100%", do: "abort" },
      ],
    },
    { id: "three-hours-are-enough", limit: { runTime: "3h" }, steps: [{ at: "100%", do: "abort" }] },
    {
      id: "each-actor-daily",
      budget: { usd: 100_000, per: "day", each: "actor" },
      steps: [{ at: "100%", do: "abort" }],
    },
    {
      id: "all-monthly",
      budget: { usd: 1_000_000, per: "month" },
      steps: [
        { at: "100%", basis: "projected", do: "notify" },
        { at: "100%", do: "abort" },
      ],
    },
  ],
};

/** Each place of a live run is taken by one after another. One in a hundred spends too much. */
function worldOf({ live, actors, livesMs, hours }: Size): World {
  const random = seeded(13);
  const lives = Math.ceil((WARM_UP_MS + hours * HOUR) / livesMs) + 1;
  const runs = Array.from({ length: live }, (): readonly RunScript[] => {
    const firstMs = -Math.round(random() * livesMs);
    const actor = `acme/shop-${Math.floor(random() * actors)}`;
    return Array.from({ length: lives }, (_, life) => ({
      actor,
      startsAfterMs: firstMs + life * livesMs,
      ends: { afterMs: livesMs - MINUTE, status: "SUCCEEDED" },
      cost: random() < 0.01 ? 3 : 0.1 + random(),
    }));
  });
  const named = Array.from({ length: actors }, (_, i) => ({ name: `acme/shop-${i}` }));
  return { name: "bench", about: "Runs one after another.", actors: named, runs: runs.flat() };
}

/** What the kinds of items are, for people. */
const KINDS: Readonly<Record<string, string>> = {
  live: "live index",
  run: "recording runs and their spend",
  spend: "reading spend",
  control: "control state",
  ledger: "state of the ledger",
  audit: "audit",
  awaited: "ended runs to be read again",
};

type Spent = { readonly readUnits: number; readonly writeUnits: number };
type Month = {
  readonly dynamo: ReadonlyMap<string, Spent>;
  readonly tickSecs: number;
  readonly ticks: number;
};

const usdOf = ({ readUnits, writeUnits }: Spent): number =>
  readUnits * USD_PER_READ_UNIT + writeUnits * USD_PER_WRITE_UNIT;

const sumOf = (all: readonly Spent[]): Spent => ({
  readUnits: all.reduce((sum, { readUnits }) => sum + readUnits, 0),
  writeUnits: all.reduce((sum, { writeUnits }) => sum + writeUnits, 0),
});

/** Some hours of ticks, and what a month of them would spend. */
async function monthOf(size: Size): Promise<Month> {
  const { stores, takeUnits, close } = await engineStores();
  try {
    const bench = await benchOn(worldOf(size), POLICY, { stores, answerMs: ANSWER_MS });
    const pace = { everyMs: MINUTE, waitMs: MINUTE };
    await bench.ticks({ forMs: WARM_UP_MS, ...pace });
    takeUnits();
    const reports = await bench.ticks({ forMs: size.hours * HOUR, ...pace });
    const toMonth = HOURS_A_MONTH / size.hours;
    const tickMs = reports.map(({ startedAt, finishedAt }) => Date.parse(finishedAt) - Date.parse(startedAt));
    return {
      dynamo: byKind(takeUnits(), toMonth),
      tickSecs: tickMs.reduce((sum, ms) => sum + ms, 0) / tickMs.length / SECOND,
      ticks: reports.length * toMonth,
    };
  } finally {
    await close();
  }
}

function byKind(taken: ReadonlyMap<string, Units>, factor: number): ReadonlyMap<string, Spent> {
  const groups = Map.groupBy(taken, ([kind]) => KINDS[kind] ?? "names, policy");
  return new Map(
    [...groups].map(([kind, all]) => {
      const { readUnits, writeUnits } = sumOf(all.map(([_kind, units]) => units));
      return [kind, { readUnits: readUnits * factor, writeUnits: writeUnits * factor }];
    }),
  );
}

const million = (units: number): string => (units / 1e6).toFixed(2);
const rowOf = (live: number, kind: string, spent: Spent) => [
  live,
  kind,
  million(spent.writeUnits),
  million(spent.readUnits),
  usdOf(spent).toFixed(2),
];

export async function units(): Promise<string> {
  const dynamo: (readonly (string | number)[])[] = [];
  const lambda: (readonly (string | number)[])[] = [];
  for (const size of SIZES) {
    const month = await monthOf(size);
    const parts = [...month.dynamo].toSorted(([, a], [, b]) => usdOf(b) - usdOf(a));
    dynamo.push(...parts.map(([kind, spent]) => rowOf(size.live, kind, spent)));
    dynamo.push(rowOf(size.live, "**all**", sumOf(parts.map(([, spent]) => spent))));
    const usd = month.ticks * (month.tickSecs * MEMORY_GB * USD_PER_GB_SECOND + USD_PER_INVOCATION);
    lambda.push([size.live, Math.round(month.ticks), month.tickSecs.toFixed(1), usd.toFixed(2)]);
  }
  const titles = ["live runs", "DynamoDB", "million write units", "million read units", "USD a month"];
  const ofLambda = ["live runs", "ticks a month", "s a tick", "USD a month"];
  return `${table(titles, dynamo)}\n\n${table(ofLambda, lambda)}`;
}
