import { spawnSync } from "node:child_process";
import { parsePolicy } from "../src/policy/index.ts";
import { backtest } from "../src/watchdog/learn/backtest.ts";
import { type Front, front, type NoFront } from "../src/watchdog/learn/front/front.ts";
import { historyOf } from "../src/watchdog/learn/history.ts";
import { Listed } from "../src/watchdog/learn/listed/listed.ts";
import type { History, Past } from "../src/watchdog/learn/past.ts";
import { suggest } from "../src/watchdog/learn/suggest/suggest.ts";
import { table } from "./table.ts";

const START = Date.UTC(2026, 8, 1);
const DAY_MS = 86_400_000;
const DAYS = 90;
const TASKS = 500;

const taskId = (i: number): string => `task${String(i).padStart(13, "0")}`;

/** Runs of five hundred tasks, about half an hour each, evenly over ninety days; from one to two dollars, one in 15 fails. */
const runOf = (i: number, count: number) => {
  const startedAt = new Date(START + Math.floor((i / count) * DAYS * DAY_MS));
  return {
    id: `run${i}`,
    actorId: `actor${i % 20}`,
    actorTaskId: taskId(i % TASKS),
    status: i % 15 === 0 ? "FAILED" : "SUCCEEDED",
    origin: "SCHEDULER",
    startedAt,
    finishedAt: new Date(startedAt.getTime() + 1_800_000),
    usageTotalMicroUsd: 1_000_000 + ((i * 7_919) % 1_000) * 1_000,
  };
};

const PAGE = 1_000;

/** Five hundred tasks, about half an hour a run, evenly over ninety days; from one to two dollars, one in 15 fails. As listed. */
function historyWith(count: number): History {
  const [from, until] = [new Date(START), new Date(START + DAYS * DAY_MS)];
  const at = new Date(until.getTime() + DAY_MS);
  const listed = new Listed();
  for (let page = 0; page < count; page += PAGE)
    listed.add({
      at,
      runs: Array.from({ length: Math.min(PAGE, count - page) }, (_, i) => runOf(page + i, count)),
    });
  return historyOf(listed, { from, until });
}

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

function timed<T>(work: () => T): readonly [T, number] {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}

const mostMb = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

const ONE_RULE = (limit: object) =>
  parsePolicy({ version: 1, mode: "observe", rules: [{ id: "all", limit, steps: STEPS }] });

function found(limits: Front | NoFront): string {
  return `${"points" in limits ? limits.points.length : 0} limits`;
}

/** What is measured: the first call makes ready, and is not timed. */
const CASES: Readonly<Record<string, (history: History) => () => string>> = {
  "backtest, 20 rules": (history) => {
    const policy = parsePolicy({ version: 1, mode: "observe", rules: [...limits, ...budgets] });
    return () => `${backtest(policy, history, () => ({})).stops.length} stops`;
  },
  "front of a rule on cost": (history) => {
    const wide = { ...history, runs: spread(history.runs) };
    return () => found(front(ONE_RULE({ usageTotalUsd: 15 }), "all", wide, () => ({})));
  },
  "front of a rule on time": (history) => {
    const wide = { ...history, runs: spread(history.runs) };
    return () => found(front(ONE_RULE({ runTime: "12h" }), "all", wide, () => ({})));
  },
  suggest: (history) => () => `${suggest(history, "usd").suggestions.length} limits`,
};

/** One of them, in a process that does nothing else: memory is the most that it ever held, Node.js and the runs included. */
function measure(name: string, count: number): void {
  const before = mostMb();
  const work = CASES[name]?.(historyWith(count));
  if (work === undefined) throw new Error(`no such case: ${name}`);
  const read = mostMb();
  const [what, secs] = timed(work);
  console.log(JSON.stringify([name, count, what, secs.toFixed(2), before, read, mostMb()]));
}

/** Back-tests under 17 limits and 3 budgets, fronts, and suggestions for 500 tasks: what each takes of one core and of memory. */
export async function evidence(): Promise<string> {
  const rows = [10_000, 100_000].flatMap((count) =>
    Object.keys(CASES).map((name) => {
      const { stdout } = spawnSync(process.execPath, [import.meta.filename, name, String(count)], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      });
      return JSON.parse(stdout) as readonly (string | number)[];
    }),
  );
  return table(["", "runs", "found", "s of one core", "MB before", "MB with the runs", "MB at most"], rows);
}

const [name, count] = process.argv.slice(2);
if (import.meta.main && name) measure(name, Number(count));
