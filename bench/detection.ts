import type { RunScript, World } from "../emulator/index.ts";
import { type Bench, benchOn, HOUR, MINUTE, quantile, SECOND, seeded } from "./harness.ts";
import { table } from "./table.ts";

/** From the breach, which the pretend account knows to the millisecond, to the call that stops the run. */

const RUNS = 120;
const LIMIT_USD = 2;
const LIMIT_SECS = 450;
const BUDGET_USD = 30;
/** One request to Apify and its answer. */
const ANSWER_MS = 200;

type Case = {
  readonly name: string;
  readonly rule: Record<string, unknown>;
  readonly script: (random: () => number) => Pick<RunScript, "cost">;
};

const ABORT = [{ at: "100%", do: "abort" }];
const COST = { limit: { usageTotalUsd: LIMIT_USD }, steps: ABORT };

const CASES = {
  time: {
    name: "time limit",
    rule: { limit: { runTime: `${LIMIT_SECS}s` }, steps: ABORT },
    script: () => ({ cost: 1 }),
  },
  steady: {
    name: "money, steady burn",
    rule: COST,
    script: (random) => ({ cost: 6 + 18 * random() }),
  },
  bursty: {
    name: "money, bursty burn",
    rule: COST,
    script: (random) => ({
      cost: {
        thenUsdPerHour: 2,
        bursts: { everyMs: Math.round((20 + 70 * random()) * SECOND), usd: 0.1 + 0.2 * random() },
      },
    }),
  },
  budget: {
    name: "budget of all, steady burn",
    rule: { budget: { usd: BUDGET_USD, per: "day" }, steps: ABORT },
    script: (random) => ({ cost: 1 + 2 * random() }),
  },
} as const satisfies Record<string, Case>;

const WAYS = [
  { name: "watchdog", everyMs: MINUTE, waitMs: MINUTE },
  { name: "poll, 60 s", everyMs: MINUTE, waitMs: 0 },
  { name: "poll, 300 s", everyMs: 5 * MINUTE, waitMs: 0 },
] as const;

/** Runs that start at any second of twenty minutes, each with its own pace. */
function worldOf({ script }: Case, usageLagMs: number, count: number): World {
  const random = seeded(7);
  const runs = Array.from(
    { length: count },
    (): RunScript => ({
      actor: "acme/shop",
      startsAfterMs: Math.round(random() * 20 * MINUTE),
      readyForMs: 0,
      usageLagMs,
      ...script(random),
    }),
  );
  return { name: "bench", about: "Runs of one kind.", actors: [{ name: "acme/shop" }], runs };
}

type Found = { readonly delayMs: number; readonly overshootUsd: number };

/** What became of every run that breached while there was still time to see it. */
function foundIn(
  { emulator: { truth } }: Bench,
  kind: keyof typeof CASES,
  untilMs: number,
): readonly Found[] {
  const everyone = () => true;
  return truth.runs().flatMap(({ id, lives }) => {
    const startedAtMs = lives[0]?.startedAtMs ?? 0;
    const breachMs =
      kind === "time"
        ? startedAtMs + LIMIT_SECS * SECOND
        : kind === "budget"
          ? truth.crossedAt(everyone, BUDGET_USD, { untilMs })
          : truth.crossedAt(id, LIMIT_USD, { untilMs });
    const [call] = truth.askedToAbort(id);
    if (breachMs === undefined || call === undefined) return [];
    const over =
      kind === "budget"
        ? truth.costUsdAt(id, call.atMs) - truth.costUsdAt(id, Math.max(breachMs, startedAtMs))
        : truth.costUsdAt(id, call.atMs) - truth.costUsdAt(id, breachMs);
    return [{ delayMs: call.atMs - Math.max(breachMs, startedAtMs), overshootUsd: Math.max(0, over) }];
  });
}

async function measure(kind: keyof typeof CASES, lagMs: number, way: (typeof WAYS)[number]) {
  const { rule } = CASES[kind];
  const policy = {
    version: 1,
    mode: "enforce",
    guards: { maxAborts: { perTick: 1_000, perHour: 1_000, percentOfLive: 100 } },
    rules: [{ id: "only", ...rule }],
  };
  const bench = await benchOn(worldOf(CASES[kind], lagMs, kind === "budget" ? 20 : RUNS), policy, {
    answerMs: ANSWER_MS,
  });
  const forMs = kind === "budget" ? 1.5 * HOUR : HOUR;
  const reports = await bench.ticks({ forMs, everyMs: way.everyMs, waitMs: way.waitMs });
  const found = foundIn(bench, kind, bench.emulator.clock.now());
  const requests = reports.reduce((sum, { apiRequests }) => sum + apiRequests, 0);
  return {
    found,
    delays: found.map(({ delayMs }) => delayMs / SECOND),
    overshoots: found.map(({ overshootUsd }) => overshootUsd),
    perMinute: requests / (forMs / MINUTE),
  };
}

const secs = (value: number): string => value.toFixed(1);
const usd = (value: number): string => value.toFixed(4);

export async function detection(): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const kind of Object.keys(CASES) as (keyof typeof CASES)[]) {
    for (const lagSecs of kind === "time" ? [0] : [0, 15, 60, 300]) {
      const measured = [];
      for (const way of WAYS) measured.push({ way, ...(await measure(kind, lagSecs * SECOND, way)) });
      const poll = measured.find(({ way }) => way.name === "poll, 60 s");
      for (const { way, found, delays, overshoots, perMinute } of measured) {
        const typical = quantile(overshoots, 0.5);
        const ratio = typical > 0 ? quantile(poll?.overshoots ?? [], 0.5) / typical : Number.NaN;
        rows.push([
          `${CASES[kind].name}${kind === "time" ? "" : `, lag ${lagSecs} s`}`,
          way.name,
          found.length,
          secs(quantile(delays, 0.5)),
          secs(quantile(delays, 0.99)),
          usd(typical),
          usd(quantile(overshoots, 0.99)),
          Number.isFinite(ratio) ? `${ratio.toFixed(1)}` : "",
          perMinute.toFixed(1),
        ]);
      }
    }
  }
  return table(
    [
      "breach",
      "by",
      "runs",
      "p50 s",
      "p99 s",
      "p50 USD",
      "p99 USD",
      "times less than poll, 60 s",
      "requests a minute",
    ],
    rows,
  );
}
