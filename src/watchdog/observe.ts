import pLimit from "p-limit";
import {
  isEnded,
  isLive,
  LIVE_STATUSES,
  looksAfter,
  needsDetail,
  type Policy,
  type Run,
} from "../policy/index.ts";
import { type Context, errorText, skip } from "./context.ts";
import { ApifyError } from "./errors.ts";
import type { LiveRun } from "./live.ts";
import { resolveNames } from "./names.ts";
import { isYoung, observationOf, remember, type Seen, suspectsNewLife } from "./remember.ts";

/** Detail reads under way at once. Each is another resource to Apify, so its limit of 60 a second does not bind. */
const CONCURRENCY = 10;
/** Runs are found by their start; what started shortly before the cursor may have been listed late. */
export const CURSOR_OVERLAP_MS = 2 * 60_000;
const GONE_MS = 10 * 60_000;

export type Coverage = {
  readonly listed: number;
  /** Every run of the account that is live was seen. */
  readonly complete: boolean;
  /** Every run started before this was seen; unchanged when the listing was cut short. */
  readonly cursor?: Date;
};

/** Runs one piece of work per run; one that fails is counted and never stops the others. */
export async function forEachRun(
  context: Context,
  ids: readonly string[],
  what: string,
  work: (id: string) => Promise<void>,
): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  const one = async (id: string): Promise<void> => {
    if (context.signal.aborted) return skip(context, "no time left to read runs");
    try {
      await work(id);
    } catch (error) {
      if (error instanceof ApifyError && error.isAuthorisation) throw error;
      context.ports.log.warn(`${what} failed`, { runId: id, error: errorText(error) });
      skip(context, `${what} failed`);
    }
  };
  await Promise.all(ids.map((id) => limit(() => one(id))));
}

/** Takes in what a run's detail shows, or that it could not be found. */
export async function readDetail(context: Context, id: string): Promise<Seen | undefined> {
  const { live, ports } = context;
  const reading = await ports.apify.readRun(id, context.signal);
  const known = live.get(id);
  if (reading.kind === "found") {
    const seen: Seen = { run: reading.run, observedAt: reading.observedAt, source: "detail" };
    const { missingSince: _found, ...rest } = remember(known, seen);
    live.set(id, rest);
    return seen;
  }
  if (known === undefined || isYoung(known.run.startedAt, reading.observedAt)) return undefined;
  if (known.missingSince === undefined) live.set(id, { ...known, missingSince: reading.observedAt });
  else if (reading.observedAt.getTime() - known.missingSince.getTime() >= GONE_MS) {
    live.delete(id);
    ports.log.warn("Apify has had no such run for ten minutes; it is taken for gone", { runId: id });
  }
  skip(context, "run not found");
  return undefined;
}

/** The live runs, and those that may have lived and died since the cursor. */
async function list(
  context: Context,
  cursor: Date | undefined,
): Promise<{ seen: Map<string, Seen>; cover: Coverage }> {
  const { apify } = context.ports;
  const seen = new Map<string, Seen>();
  const take = (runs: readonly Run[], observedAt: Date): void => {
    for (const run of runs) seen.set(run.id, { run, observedAt, source: "list" });
  };
  const since = cursor && new Date(cursor.getTime() - CURSOR_OVERLAP_MS);
  const started = since && (await apify.listRuns({ startedAfter: since }, context.signal));
  if (started) take(started.runs, started.observedAt);
  const live = await apify.listRuns({ statuses: LIVE_STATUSES }, context.signal);
  take(live.runs, live.observedAt);
  skip(context, "malformed list item", live.malformed + (started?.malformed ?? 0));

  const reached = started?.complete === false ? started.runs.at(-1)?.startedAt : (started ?? live).observedAt;
  const complete = live.complete && started?.complete !== false;
  if (!complete) skip(context, "listing cut short");
  const next = reached ?? cursor;
  return { seen, cover: { listed: live.runs.length, complete, ...(next && { cursor: next }) } };
}

/** Everything to judge in this tick goes to `context.observations`; what is known of runs to `context.live`. */
export async function observe(
  context: Context,
  policy: Policy | undefined,
  cursor: Date | undefined,
): Promise<Coverage> {
  const { live, liveRunIds } = context;
  const { seen, cover } = await list(context, cursor);

  // The list may lag, and a resurrected run looks like an old one: such runs are believed by their detail alone.
  const suspects = [...seen.values()].filter((each) => suspectsNewLife(live.get(each.run.id), each));
  const unlisted = [...live.values()].filter(({ run }) => isLive(run.status) && !seen.has(run.id));
  for (const each of seen.values()) {
    if (!suspects.includes(each)) live.set(each.run.id, remember(live.get(each.run.id), each));
  }
  for (const { run } of suspects) seen.delete(run.id);
  const toRead = [
    ...suspects.map(({ run }) => run.id),
    ...(cover.complete ? unlisted.map(({ run }) => run.id) : []),
  ];
  await forEachRun(context, toRead, "reading a run", async (id) => {
    const found = await readDetail(context, id);
    if (found) seen.set(id, found);
  });

  for (const id of seen.keys()) if (isLive(live.get(id)?.run.status ?? "")) liveRunIds.add(id);
  const current = [...liveRunIds].flatMap((id) => live.get(id) ?? []);
  if (policy) await observeFor(context, policy, current);
  return cover;
}

/** Resolves the names and reads the details that the policy asks for, and makes the observations. */
async function observeFor(context: Context, policy: Policy, current: readonly LiveRun[]): Promise<void> {
  const { live, observations } = context;
  const names = await resolveNames(
    context,
    policy,
    current.map(({ run }) => run),
  );
  const observationFor = (id: string) => {
    const each = live.get(id);
    return each && !isEnded(each.run.status) ? observationOf(each, names(each.run)) : undefined;
  };
  const lacking = current.filter(
    (each) => each.source === "list" && needsDetail(policy, observationOf(each, names(each.run))),
  );
  await forEachRun(
    context,
    lacking.map(({ run }) => run.id),
    "reading a run's detail",
    async (id) => void (await readDetail(context, id)),
  );
  for (const { run } of current) {
    const observation = observationFor(run.id);
    if (observation === undefined) continue;
    observations.set(run.id, observation);
    const looks = looksAfter(policy.rules, observation, context.ports.clock.now());
    const each = live.get(run.id);
    if (each) live.set(run.id, { ...each, life: { ...each.life, looks } });
  }
}
