import { formatDuration, type Run } from "../../src/policy/index.ts";
import { withDetails } from "../../src/watchdog/learn/details.ts";
import { AT_ONCE, BETWEEN_RUNS_MS, readRuns } from "../../src/watchdog/learn/listed/read-listed.ts";
import type { Invocation, Option } from "../command.ts";
import { count } from "../show/words.ts";
import type { KnownPast } from "./past.ts";

export const DETAILS: Readonly<Record<string, Option>> = {
  "no-details": { about: "Read no single runs for what Apify's list leaves out" },
};

/** About what an answer of Apify takes. */
const ANSWER_MS = 250;
const secsFor = (runs: number): number =>
  Math.ceil(((runs / AT_ONCE) * (BETWEEN_RUNS_MS + ANSWER_MS)) / 1000);

/**
 * Reads in full those runs that something hangs on which Apify's list does not say; how many requests that takes is said
 * before. What is read is kept, so that it is asked for once. Without a way to ask, all stays as it is known.
 */
export async function readDetails(
  { args, terminal, signal }: Invocation,
  past: KnownPast,
  wanted: readonly string[],
): Promise<KnownPast> {
  if (wanted.length === 0 || args.flag("no-details")) return past;
  const source = await past.source();
  if (source === undefined) return past;
  terminal.err(
    `Reading ${count(wanted.length, "run")} in full, for what Apify's list leaves out: as many requests, ` +
      `about ${formatDuration(secsFor(wanted.length))}.${source.kept ? " What is read is kept." : ""} --no-details does without.`,
  );
  const read = new Map<string, Run>();
  await readRuns(source.ports, wanted, signal, (part) => {
    source.kept?.add(part);
    for (const run of part.runs) read.set(run.id, run);
    terminal.progress(`${read.size} of ${wanted.length} runs read`);
  });
  terminal.progress(undefined);
  return { ...past, history: withDetails(past.history, read) };
}
