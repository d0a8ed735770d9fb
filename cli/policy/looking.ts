import { systemClock } from "../../src/adapters/system.ts";
import { queryBudgets } from "../../src/watchdog/explain/query.ts";
import { ConfigError } from "../../src/watchdog/model/errors.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import type { TickReport } from "../../src/watchdog/tick/report.ts";
import { runTick } from "../../src/watchdog/tick/tick.ts";
import type { Invocation, Option } from "../command.ts";
import { type NamesOf, scanLines, type Trial } from "../lines/scan-lines.ts";
import { wrongClockOf } from "../lines/wrong-clock.ts";
import type { Args } from "../options/args.ts";
import { UsageError } from "../options/usage-error.ts";

/** What `tick` and `scan` are done on. */
export type Looked = {
  readonly ports: Ports;
  readonly nameOf: NamesOf;
  /** Absent: it is a tick. */
  readonly trial?: Trial;
};

const TICK_MS = 60_000;
const LEAST_EVERY_MS = 10_000;

export const EVERY: Readonly<Record<string, Option>> = {
  once: { about: "One look (the default)" },
  every: { value: "SPAN", about: "Look again at this interval (1m), until Ctrl-C" },
};

function everyMsOf(args: Args): number | undefined {
  const everyMs = args.duration("every");
  if (everyMs === undefined) return undefined;
  if (args.flag("once")) throw new UsageError("--once and --every contradict each other: use one of them.");
  if (everyMs >= LEAST_EVERY_MS) return everyMs;
  throw new UsageError(
    `--every: got "${args.text("every")}", wanted 10s or more: Apify's figures move no faster.`,
  );
}

/** Did a run breach a limit so far that it is to be stopped, held or observed? A notice alone does not count. */
const breached = ({ decisions }: TickReport): boolean => decisions.some(({ action }) => action !== "notify");

async function tick({ terminal, signal, env }: Invocation, ports: Ports): Promise<TickReport> {
  terminal.progress("looking at the live runs");
  try {
    const endsBy = new Date(ports.clock.now().getTime() + TICK_MS);
    const allowHolds = env.ALLOW_HOLDS === "true";
    const report = await runTick(ports, { signal, endsBy, allowHolds });
    const wrong = wrongClockOf(report);
    if (wrong !== undefined) throw new ConfigError(wrong);
    return report;
  } finally {
    terminal.progress(undefined);
  }
}

/** One look, reported. Half a look, which Ctrl-C leaves, is no result: of it is said where to find what it has done. */
async function look(invocation: Invocation, looked: Looked, indent: 0 | 2): Promise<TickReport> {
  const { terminal, paint, args, signal, answer } = invocation;
  const { ports, trial, nameOf } = looked;
  const report = await tick(invocation, ports);
  if (signal.aborted) {
    if (trial === undefined && report.outcomes.length > 0)
      terminal.err("What this look had done when it was interrupted: watchdog audit list");
  } else if (args.flag("json")) answer(report, indent);
  else {
    const budgets = await queryBudgets(ports);
    const shown = { columns: terminal.columns, paint, trial, budgets, nameOf };
    for (const line of await scanLines(report, ports.audit, shown)) terminal.out(line);
  }
  return report;
}

/** Looks until Ctrl-C. One that fails is reported, and the next one tries again. */
async function keepLooking(invocation: Invocation, looked: Looked, everyMs: number): Promise<number> {
  const { terminal, signal } = invocation;
  for (let first = true; !signal.aborted; first = false) {
    const began = systemClock.now().getTime();
    try {
      await look(invocation, looked, 0);
    } catch (error) {
      if (first || signal.aborted || (error instanceof Error && error.name === "ConfigError")) throw error;
      terminal.err(`This look failed: ${error instanceof Error ? error.message : error}`);
    }
    const took = systemClock.now().getTime() - began;
    const wait = Math.max(0, everyMs - took);
    terminal.progress(`the next look in ${Math.round(wait / 1000)} s; Ctrl-C ends`);
    await systemClock.sleep(wait, signal);
    terminal.progress(undefined);
  }
  return 0;
}

/** What `tick` and `scan` do: look once, or with `--every` until Ctrl-C. Exit code 1: something is to be stopped. */
export async function looking(invocation: Invocation, open: () => Promise<Looked>): Promise<number> {
  const everyMs = everyMsOf(invocation.args);
  const looked = await open();
  if (everyMs !== undefined) return keepLooking(invocation, looked, everyMs);
  return breached(await look(invocation, looked, 2)) ? 1 : 0;
}
