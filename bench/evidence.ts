import { parsePolicy } from "../src/policy/index.ts";
import { backtest } from "../src/watchdog/learn/backtest.ts";
import { front } from "../src/watchdog/learn/front/front.ts";
import type { History, Past } from "../src/watchdog/learn/past.ts";
import { suggest } from "../src/watchdog/learn/suggest/suggest.ts";
import { table } from "./table.ts";

const START = Date.UTC(2026, 8, 1);
const DAY_MS = 86_400_000;
const DAYS = 90;
const TASKS = 500;

const taskId = (i: number): string => `task${String(i).padStart(13, "0")}`;

/** Runs of five hundred tasks, about half an hour each, evenly over ninety days; from one to two dollars, one in 15 fails. */
const runsOf = (count: number): readonly Past[] =>
  Array.from({ length: count }, (_, i) => {
    const startedAt = new Date(START + Math.floor((i / count) * DAYS * DAY_MS));
    return {
      run: {
        id: `run${i}`,
        actorId: `actor${i % 20}`,
        actorTaskId: taskId(i % TASKS),
        status: i % 15 === 0 ? "FAILED" : "SUCCEEDED",
        origin: "SCHEDULER",
        startedAt,
        finishedAt: new Date(startedAt.getTime() + 1_800_000),
        usageTotalMicroUsd: 1_000_000 + ((i * 7_919) % 1_000) * 1_000,
      },
      stopped: false,
    };
  });

const STEPS = [
  { at: "80%", do: "notify" },
  { at: "100%", do: "abort" },
];

const limits = Array.from({ length: 17 }, (_, i) => ({
  id: `limit-${i}`,
  for: { tasks: [taskId(i)] },
  limit: i % 2 === 0 ? { usageTotalUsd: 1.5 + i } : { runTime: `${i}h` },
  steps: STEPS,
}));
const budgets = [
  { id: "day", budget: { usd: 5_000, per: "day" }, steps: STEPS },
  { id: "week", budget: { usd: 2_500, per: "week", each: "actor" }, steps: STEPS },
  { id: "month", budget: { usd: 5_000, per: "month", each: "task" }, steps: STEPS },
];

/** The same, of many sizes: up to a hundred dollars, and a day. */
const spread = (runs: readonly Past[]): readonly Past[] =>
  runs.map(({ run, ...past }, i) => ({
    ...past,
    run: {
      ...run,
      usageTotalMicroUsd: (run.usageTotalMicroUsd ?? 0) * (1 + ((i * 31) % 50)),
      finishedAt: new Date((run.finishedAt ?? run.startedAt).getTime() + ((i * 7_919) % 80_000) * 1_000),
    },
  }));

const FRONTS = { cost: { usageTotalUsd: 15 }, time: { runTime: "12h" } };

function timed<T>(work: () => T): readonly [T, number] {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}

const mostMb = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

/** Back-tests under 17 limits and 3 budgets, fronts, and suggestions for 500 tasks: what they take of one core. */
export async function evidence(): Promise<string> {
  const policy = parsePolicy({ version: 1, mode: "observe", rules: [...limits, ...budgets] });
  const rows: (readonly (string | number)[])[] = [];
  let backtestMb = 0;
  for (const count of [10_000, 100_000]) {
    const runs = runsOf(count);
    const until = new Date(START + DAYS * DAY_MS);
    const history: History = { source: "apify", from: new Date(START), until, runs, open: 0 };
    const [found, secs] = timed(() => backtest(policy, history, () => ({})));
    backtestMb = mostMb();
    rows.push(["backtest, 20 rules", count, `${found.stops.length} stops`, secs.toFixed(1)]);
    const wide = { ...history, runs: spread(runs) };
    for (const [what, limit] of Object.entries(FRONTS)) {
      const whole = parsePolicy({ version: 1, mode: "observe", rules: [{ id: "all", limit, steps: STEPS }] });
      const [moved, frontSecs] = timed(() => front(whole, "all", wide, () => ({})));
      const points = "points" in moved ? moved.points.length : 0;
      rows.push([`front of a rule on ${what}`, count, `${points} limits`, frontSecs.toFixed(1)]);
    }
    const [limited, suggestSecs] = timed(() => suggest(history, "usd"));
    rows.push(["suggest", count, `${limited.suggestions.length} limits`, suggestSecs.toFixed(2)]);
  }
  return `${table(["", "runs", "found", "s of one core"], rows)}\n\n${backtestMb} MB at most up to the end of the last back-test, ${mostMb()} MB in all; the runs are included.`;
}
