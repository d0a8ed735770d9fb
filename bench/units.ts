import type { RunScript, World } from "../emulator/index.ts";
import { engineStores } from "./engine.ts";
import { benchOn, HOUR, MINUTE, SECOND } from "./harness.ts";
import { table } from "./table.ts";

/** What a month of ticks takes of DynamoDB, with so many runs live at any time. */

/** USD for a million request units, on demand, us-east-1. List prices of late 2025; they may change. */
const WRITE_USD = 0.625;
const READ_USD = 0.125;
const TICKS_A_MONTH = 30 * 24 * 60;

const LIVES_FOR_MS = 2 * HOUR;
const FOR_MS = 5 * HOUR;
const ACTORS = Array.from({ length: 8 }, (_, i) => `acme/actor-${i}`);

/** So many places, in each of which one run follows the other. */
function worldOf(places: number): World {
  const runs: RunScript[] = [];
  for (let place = 0; place < places; place++) {
    const first = -Math.round((place / places) * LIVES_FOR_MS);
    for (let at = first; at < FOR_MS; at += LIVES_FOR_MS + 5 * SECOND) {
      runs.push({
        actor: ACTORS[place % ACTORS.length] ?? "",
        startsAfterMs: at,
        readyForMs: 0,
        cost: 0.2,
        ends: { afterMs: LIVES_FOR_MS, status: "SUCCEEDED" },
      });
    }
  }
  return {
    name: "units",
    about: "Runs of two hours, one after the other.",
    actors: ACTORS.map((name) => ({ name })),
    runs,
  };
}

const STEPS = [
  { at: "80%", do: "notify" },
  { at: "100%", do: "abort" },
];
const POLICY = {
  version: 1,
  mode: "enforce",
  rules: [
    { id: "cost", limit: { usageTotalUsd: 50 }, steps: STEPS },
    { id: "time", limit: { runTime: "12h" }, steps: STEPS },
    { id: "day", budget: { usd: 100_000, per: "day" }, steps: STEPS },
    { id: "month", budget: { usd: 100_000, per: "month", each: "actor" }, steps: STEPS },
  ],
};

async function monthOf(places: number) {
  const { stores, close } = await engineStores();
  try {
    const bench = await benchOn(worldOf(places), POLICY, { stores });
    const [, ...reports] = await bench.ticks({ forMs: FOR_MS, everyMs: MINUTE, waitMs: 0 });
    // The first hour fills the ledger; four hours are a steady state with their hour turns.
    const steady = reports.slice(60);
    const mean = (of: (report: (typeof steady)[number]) => number): number =>
      steady.reduce((sum, report) => sum + of(report), 0) / steady.length;
    const reads = mean(({ consumedCapacity }) => consumedCapacity.readUnits) * TICKS_A_MONTH;
    const writes = mean(({ consumedCapacity }) => consumedCapacity.writeUnits) * TICKS_A_MONTH;
    const usd = (reads * READ_USD + writes * WRITE_USD) / 1_000_000;
    return { reads, writes, usd, requests: mean(({ apiRequests }) => apiRequests) };
  } finally {
    await close();
  }
}

const millions = (units: number): string => (units / 1_000_000).toFixed(2);

export async function units(): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const places of [1, 100, 1_000]) {
    const { reads, writes, usd, requests } = await monthOf(places);
    rows.push([places, millions(reads), millions(writes), usd.toFixed(2), requests.toFixed(1)]);
  }
  return table(
    [
      "live runs",
      "read units a month, millions",
      "write units a month, millions",
      "USD a month",
      "requests to Apify a tick",
    ],
    rows,
  );
}
