import { systemClock } from "../../src/adapters/system.ts";
import { CAP_NAMES, capId } from "../../src/policy/index.ts";
import { queryBudgets } from "../../src/watchdog/explain/query.ts";
import { ConfigError } from "../../src/watchdog/model/errors.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import type { TickReport } from "../../src/watchdog/tick/report.ts";
import { runTick } from "../../src/watchdog/tick/tick.ts";
import { type Command, FORCE, type Invocation } from "../command.ts";
import { scanLines } from "../lines/scan-lines.ts";
import { wrongClockOf } from "../lines/wrong-clock.ts";
import type { Args } from "../options/args.ts";
import { UsageError } from "../options/usage-error.ts";
import { scanPorts } from "../policy/scan-ports.ts";

/** What makes a scan a trial: nothing is written then. */
const TRIALS = ["policy", ...CAP_NAMES.map(capId)];
const isTrial = (args: Args): boolean => TRIALS.some((name) => args.text(name) !== undefined);

const TICK_MS = 60_000;
const LEAST_EVERY_MS = 10_000;

/** Did a run breach a limit so far that it is to be stopped, held or observed? A notice alone does not count. */
export const breached = ({ decisions }: TickReport): boolean =>
  decisions.some(({ action }) => action !== "notify");

async function tick({ terminal, signal }: Invocation, ports: Ports): Promise<TickReport> {
  terminal.progress("looking at the live runs");
  try {
    const endsBy = new Date(ports.clock.now().getTime() + TICK_MS);
    const report = await runTick(ports, { signal, endsBy });
    const wrong = wrongClockOf(report);
    if (wrong !== undefined) throw new ConfigError(wrong);
    return report;
  } finally {
    terminal.progress(undefined);
  }
}

type Look = {
  readonly ports: Ports;
  readonly trial: boolean;
  readonly tell: (report: TickReport) => Promise<void>;
};

/** One look, told. Half a look, which Ctrl-C leaves, is no result: of it is said where to find what it has done. */
async function look(invocation: Invocation, { ports, trial, tell }: Look): Promise<TickReport> {
  const report = await tick(invocation, ports);
  if (!invocation.signal.aborted) await tell(report);
  else if (!trial && report.outcomes.length > 0) {
    invocation.terminal.err("What this look had done when it was interrupted: watchdog audit list");
  }
  return report;
}

/** Looks until Ctrl-C. One that fails is told, and the next one tries again. */
async function keepScanning(invocation: Invocation, looked: Look, everyMs: number): Promise<number> {
  const { terminal, signal } = invocation;
  for (let first = true; !signal.aborted; first = false) {
    const began = systemClock.now().getTime();
    try {
      await look(invocation, looked);
    } catch (error) {
      if (first || signal.aborted || (error instanceof Error && error.name === "ConfigError")) throw error;
      terminal.err(`This tick failed: ${error instanceof Error ? error.message : error}`);
    }
    const took = systemClock.now().getTime() - began;
    const wait = Math.max(0, everyMs - took);
    terminal.progress(`the next look in ${Math.round(wait / 1000)} s; Ctrl-C ends`);
    await systemClock.sleep(wait, signal);
    terminal.progress(undefined);
  }
  return 0;
}

export const scan: Command = {
  name: "scan",
  about: "Look at the live runs now; do what the policy says",
  options: {
    once: { about: "One look (the default)" },
    every: { value: "SPAN", about: "Look again and again, such as 1m, until Ctrl-C" },
    policy: { value: "FILE", about: "Try this policy instead: nothing is stopped, pushed or written" },
    "max-usd-per-run": { value: "N", about: "Try this limit in USD instead, likewise" },
    "max-run-time": { value: "SPAN", about: "Try this limit such as 6h instead, likewise" },
    "max-usd-per-day": { value: "N", about: "Try this budget of a day in USD instead, likewise" },
    "max-usd-per-month": { value: "N", about: "Try this budget of a month in USD instead, likewise" },
    ...FORCE,
  },
  examples: [
    ["scan", "one tick of the watchdog, as its schedule would"],
    [
      "scan --max-usd-per-run 5 --max-run-time 6h",
      "what would these limits stop now? Needs only APIFY_TOKEN",
    ],
    ["scan --policy policy.yaml --json", "the same for a policy file, as a tick report"],
  ],
  notes: `Without --policy and --max-…, this is a tick on the watchdog's tables: it stops what the policy in force says. With them it is a trial: the policy is judged in observe mode in memory, on what the tables know, if there are any. Exit code 1: something is over a limit at which it is to be stopped.`,
  endsItself: true,
  writes: (args) => !isTrial(args),
  async run(invocation) {
    const { args, terminal, paint, answer } = invocation;
    const everyMs = args.duration("every");
    if (everyMs !== undefined && args.flag("once")) {
      throw new UsageError("--once and --every contradict each other: use one of them.");
    }
    if (everyMs !== undefined && everyMs < LEAST_EVERY_MS) {
      throw new UsageError(
        `--every: got "${args.text("every")}", wanted 10s or more: Apify's figures move no faster.`,
      );
    }
    const { ports, trial, nameOf } = await scanPorts(invocation);
    const asJson = args.flag("json");
    const tell: Look["tell"] = async (report) => {
      if (asJson) return answer(report, everyMs === undefined ? 2 : 0);
      const budgets = await queryBudgets(ports);
      const shown = { columns: terminal.columns, paint, trial, budgets, nameOf };
      for (const line of await scanLines(report, ports.audit, shown)) terminal.out(line);
    };
    const looked = { ports, trial, tell };
    if (everyMs !== undefined) return keepScanning(invocation, looked, everyMs);
    return breached(await look(invocation, looked)) ? 1 : 0;
  },
};
