import { canonical, mayBeChildOf, type Run } from "../../src/policy/index.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { resolveSubject } from "../../src/watchdog/overrule/exempt.ts";
import type { Args } from "../options/args.ts";
import { UsageError } from "../options/usage-error.ts";

/** By what live runs are selected; what is given must all be so. */
export const SELECTORS = ["actor", "task", "schedule"] as const;

/** Which live runs are meant, and what they are called. */
export type MeantRuns = { readonly isMeant: (run: Run) => boolean; readonly what: string };

async function scheduleId({ apify }: Ports, given: string, signal: AbortSignal): Promise<string> {
  const answer = await apify.schedule(given, signal).catch(() => undefined);
  if (answer?.kind === "found") return answer.id;
  const all = (await apify.listNamed("schedule", signal)) ?? [];
  const found = all.find(({ name }) => name !== undefined && canonical(name) === canonical(given));
  if (found) return found.id;
  throw new UsageError(`--schedule: Apify has no schedule "${given}", by id or by name.`);
}

async function idOf(ports: Ports, kind: "actor" | "task", id: string, signal: AbortSignal): Promise<string> {
  const resolved = await resolveSubject(ports, { kind, id }, { signal, canAsk: true });
  if (resolved.kind === "unknown") throw new UsageError(resolved.why);
  return resolved.subject.id;
}

async function withChildren({ apify }: Ports, runId: string, signal: AbortSignal): Promise<MeantRuns> {
  const reading = await apify.readRun(runId, signal);
  if (reading.kind === "missing") throw new UsageError(`Apify has no run ${runId}. Live runs: watchdog runs`);
  return {
    isMeant: (run) => run.id === runId || mayBeChildOf(reading.run, run),
    what: `run ${runId} and what Actors started during its life`,
  };
}

/** What the options select. Throws `UsageError` on ones that don't go together, and on a name that Apify does not know. */
export async function meantRuns(ports: Ports, args: Args, signal: AbortSignal): Promise<MeantRuns> {
  const runId = args.text("runId");
  const given = SELECTORS.flatMap((name) => {
    const value = args.text(name);
    return value === undefined ? [] : [{ name, value }];
  });
  const [first] = given;
  if (first && (runId !== undefined || args.flag("with-children")))
    throw new UsageError(`--${first.name} goes without a run, and without --with-children.`);
  if (first === undefined) {
    if (runId === undefined) throw new UsageError("<runId> is missing: --with-children goes with a run.");
    return withChildren(ports, runId, signal);
  }
  const ids: Partial<Record<(typeof SELECTORS)[number], string>> = {};
  for (const { name, value } of given)
    ids[name] =
      name === "schedule" ? await scheduleId(ports, value, signal) : await idOf(ports, name, value, signal);
  return {
    isMeant: ({ actorId, actorTaskId, scheduleId: by }) =>
      (ids.actor ?? actorId) === actorId &&
      (ids.task === undefined || ids.task === actorTaskId) &&
      (ids.schedule === undefined || ids.schedule === by),
    what: given.map(({ name, value }) => `${name === "actor" ? "Actor" : name} ${value}`).join(", "),
  };
}
