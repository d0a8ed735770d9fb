import type { RunScript, World } from "../emulator/index.ts";
import { benchOn, HOUR, MINUTE, SECOND, seeded } from "./harness.ts";
import { table } from "./table.ts";

/** What a tick asks of Apify, where its list tells what runs cost and where the detail alone does. */

const ACTORS = 50;
const TICKS = 20;
/** The first of a process learns who it is, and what was there before. */
const FIRST_TICKS = 1;

const POLICY = {
  version: 1,
  mode: "enforce",
  rules: [{ id: "no-run-over-50-usd", limit: { usageTotalUsd: 50 }, steps: [{ at: "100%", do: "abort" }] }],
};
const TIME_ALONE = {
  version: 1,
  mode: "enforce",
  rules: [{ id: "a-day-is-enough", limit: { runTime: "24h" }, steps: [{ at: "100%", do: "abort" }] }],
};

function worldOf(live: number, isTold: boolean): World {
  const random = seeded(17);
  const runs = Array.from(
    { length: live },
    (): RunScript => ({
      actor: `acme/shop-${Math.floor(random() * ACTORS)}`,
      startsAfterMs: -Math.round(random() * 4 * HOUR) - 5 * MINUTE,
      cost: 0.1 + random(),
      ...(!isTold && { costMissing: { as: "absent", in: "list" } }),
    }),
  );
  const actors = Array.from({ length: ACTORS }, (_, i) => ({ name: `acme/shop-${i}` }));
  return { name: "bench", about: "Runs, and what is told of them.", actors, runs };
}

export async function requests(): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const live of [100, 1_000]) {
    for (const [told, policy, isTold] of [
      ["in the list", POLICY, true],
      ["in the detail alone", POLICY, false],
      ["in the detail alone, and no rule on cost", TIME_ALONE, false],
    ] as const) {
      const bench = await benchOn(worldOf(live, isTold), policy, { answerMs: 0.1 * SECOND });
      const reports = await bench.ticks({ forMs: TICKS * MINUTE, everyMs: MINUTE, waitMs: 0 });
      const later = reports.slice(FIRST_TICKS).map(({ apiRequests }) => apiRequests);
      const mean = later.reduce((sum, each) => sum + each, 0) / later.length;
      const left = reports
        .slice(FIRST_TICKS)
        .reduce((sum, { skipped }) => sum + (skipped["cost left for a later tick"] ?? 0), 0);
      rows.push([
        live,
        told,
        reports[0]?.apiRequests ?? 0,
        mean.toFixed(1),
        Math.max(...later),
        (left / later.length).toFixed(0),
      ]);
    }
  }
  return table(
    ["live runs", "cost told", "first tick", "a tick", "most", "costs left for a later tick"],
    rows,
  );
}
