import type { RunScript, World } from "../emulator/index.ts";
import type { Cell } from "../src/policy/index.ts";
import { fill } from "../src/watchdog/ledger/backfill.ts";
import type { Ports } from "../src/watchdog/model/ports.ts";
import { engineStores } from "./engine.ts";
import { type Bench, benchOn, HOUR, MINUTE, seeded } from "./harness.ts";
import { table } from "./table.ts";

/** Filling the ledger from a list of fifty thousand runs that ended, in one piece and killed halfway. */

const RUNS = 50_000;
const DAYS = 30;
const KILLED_AFTER_PAGES = 25;

function world(): World {
  const random = seeded(11);
  const actors = Array.from({ length: 20 }, (_, i) => `acme/actor-${i}`);
  const runs = Array.from({ length: RUNS }, (): RunScript => {
    const lengthMs = Math.round((1 + 59 * random()) * MINUTE);
    return {
      actor: actors[Math.floor(random() * actors.length)] ?? "",
      startsAfterMs: -Math.round(random() * DAYS * 24 * HOUR) - lengthMs,
      readyForMs: 0,
      cost: 0.1 + random(),
      ends: { afterMs: lengthMs, status: "SUCCEEDED" },
    };
  });
  return { name: "backfill", about: "A month of runs.", actors: actors.map((name) => ({ name })), runs };
}

const POLICY = {
  version: 1,
  rules: [{ id: "cost", limit: { usageTotalUsd: 50 }, steps: [{ at: "100%", do: "notify" }] }],
};
const EVER = [
  { from: "2026-01-01", to: "2027-01-01" },
  { from: "2026-01-01T00", to: "2027-01-01T00" },
];

const key = ({ slot, actorId, origin, microUsd }: Cell): string => `${slot} ${actorId} ${origin} ${microUsd}`;
const cellsOf = async ({ state }: Ports): Promise<string> =>
  (await state.readSpend(EVER)).cells.map(key).sort().join("\n");

type Filled = {
  readonly realSecs: number;
  readonly virtualSecs: number;
  readonly requests: number;
  readonly writeUnits: number;
  readonly peakMb: number;
};

/** Fills, and dies at a page if it is to. */
async function filled(
  { emulator, ports, run }: Bench,
  since: Date,
  dieAtPage = Number.POSITIVE_INFINITY,
): Promise<Filled> {
  ports.apify.takeRequestCount();
  ports.state.takeConsumedCapacity();
  const before = { real: performance.now(), virtual: emulator.clock.now() };
  globalThis.gc?.();
  const rssBefore = process.memoryUsage().rss;
  let peak = rssBefore;
  let pages = 0;
  const { signal } = new AbortController();
  const work = fill(ports, since, signal, () => {
    peak = Math.max(peak, process.memoryUsage().rss);
    pages += 1;
    if (pages === dieAtPage) throw new Error("killed");
  });
  await run(work).catch((error: Error) => {
    if (error.message !== "killed") throw error;
  });
  return {
    realSecs: (performance.now() - before.real) / 1_000,
    virtualSecs: (emulator.clock.now() - before.virtual) / 1_000,
    requests: ports.apify.takeRequestCount(),
    writeUnits: ports.state.takeConsumedCapacity().writeUnits,
    peakMb: (peak - rssBefore) / 1_048_576,
  };
}

const line = (name: string, { realSecs, virtualSecs, requests, writeUnits, peakMb }: Filled) => [
  name,
  realSecs.toFixed(1),
  virtualSecs.toFixed(0),
  requests,
  Math.round(writeUnits),
  Math.round(peakMb),
];

export async function backfill(): Promise<string> {
  const rows: (string | number)[][] = [];
  const cells: string[] = [];
  for (const isKilled of [false, true]) {
    const { stores, close } = await engineStores();
    try {
      const bench = await benchOn(world(), POLICY, { stores });
      await bench.ticks({ forMs: 1, everyMs: MINUTE, waitMs: 0 });
      const since = new Date(bench.emulator.clock.now() - DAYS * 24 * HOUR);
      if (isKilled) {
        rows.push(
          line(`killed after page ${KILLED_AFTER_PAGES}`, await filled(bench, since, KILLED_AFTER_PAGES)),
        );
        rows.push(line("begun again", await filled(bench, since)));
      } else rows.push(line("in one piece", await filled(bench, since)));
      cells.push(await cellsOf(bench.ports));
    } finally {
      await close();
    }
  }
  const same = cells[0] === cells[1] && (cells[0]?.length ?? 0) > 0 ? "the same" : "NOT the same";
  const columns = [
    "backfill of 50,000 runs",
    "machine s",
    "s of waiting between pages, on top",
    "requests",
    "write units",
    "memory on top, MB",
  ];
  return `${table(columns, rows)}\n\nThe cells are ${same}.`;
}
