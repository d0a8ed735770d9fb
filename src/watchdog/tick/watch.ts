import { isEnded, LIVE_STATUSES, type Policy, type Run } from "../../policy/index.ts";
import { holdSources } from "../hold/hold-sources.ts";
import { recordDue } from "../ledger/record.ts";
import type { PolicyInForce } from "../model/control.ts";
import { skip } from "../model/pass.ts";
import { forEachRun } from "../observe/for-each-run.ts";
import { knownOf, resolveKnown } from "../observe/known.ts";
import { lookAt } from "../observe/look.ts";
import { noteLooks } from "../observe/note-looks.ts";
import { observationOf, remember, suspectsNewLife } from "../observe/remember.ts";
import { readUntoldCosts } from "../observe/untold-costs.ts";
import { perform } from "../stop/perform.ts";
import type { Context } from "./context.ts";
import { decideOn } from "./decide-on.ts";
import { BUDGETS_KEY, Looks, nextDue } from "./due.ts";
import type { Phases } from "./phases.ts";

/** In a look at all of them, so many details at most are read for a cost that the list left out. */
const UNTOLD_A_LOOK = 50;

/** Reads runs again, and takes in what they show. */
async function lookAtRuns(
  context: Context,
  policy: Policy,
  ids: readonly string[],
  looks: Looks,
): Promise<void> {
  const { observations, ports } = context;
  await forEachRun(context, ids, "looking at a run in time", async (id) => {
    let figure: number | undefined;
    let fresh: Awaited<ReturnType<typeof lookAt>>;
    try {
      fresh = await lookAt(context, id);
      if (fresh.kind === "found") figure = fresh.observation.run.usageTotalMicroUsd;
    } finally {
      // A look that failed was one, too: what is long due would else be looked at again without a pause.
      looks.note(id, figure, ports.clock.now());
    }
    if (fresh.kind === "missing" || isEnded(fresh.observation.run.status)) observations.delete(id);
    else {
      observations.set(id, fresh.observation);
      noteLooks(context, policy, fresh.observation);
    }
  });
}

/** Lists what is live again: what all of it has spent, in one request. Runs that may be in a new life are left to the next tick. */
async function lookAtAll(context: Context, policy: Policy): Promise<void> {
  const { completeAt, live, liveRunIds, observations, ports, signal } = context;
  const listing = await ports.apify.listRuns({ statuses: LIVE_STATUSES }, signal);
  const seen = listing.runs.flatMap((run) => {
    const look = { run, observedAt: listing.observedAt, source: "list" as const };
    if (suspectsNewLife(live.get(run.id), look)) return [];
    live.set(run.id, remember(live.get(run.id), look, completeAt));
    liveRunIds.add(run.id);
    return [run];
  });
  await recordDue(context);
  const unknown = seen.filter(({ id }) => !observations.has(id));
  const known = await resolveKnown(context, policy, unknown, signal);
  const ids = seen.map(({ id }) => id);
  const namesOf = (run: Run) => knownOf(observations.get(run.id) ?? known(run));
  await readUntoldCosts(context, { policy, ids, namesOf, most: UNTOLD_A_LOOK }, signal);
  for (const run of seen) {
    const each = live.get(run.id);
    if (each === undefined || isEnded(each.run.status)) {
      observations.delete(run.id);
      continue;
    }
    const before = observations.get(run.id);
    observations.set(run.id, observationOf(each, before ? knownOf(before) : known(run)));
  }
}

/** What could be reached first, by what is in force and known now. */
async function nextLook(context: Context, looks: Looks) {
  const { judged, observations, ports } = context;
  const control = await ports.state.readControl();
  const inForce = await context.policyOf(control);
  if (inForce === undefined) return undefined;
  const open = new Set(control.openIntents.map(({ runId }) => runId));
  const free = [...observations.values()].filter(({ run }) => !open.has(run.id));
  const ledger = await context.ledgerOf(inForce.policy);
  const due = nextDue(inForce.policy, free, { ledger, looks, judged, now: ports.clock.now() });
  return due && { due, inForce };
}

/** Looks, judges and acts as the tick did, on what was due. */
async function takeLook(
  context: Context,
  phases: Phases,
  inForce: PolicyInForce,
  { runIds, budget }: { readonly runIds: readonly string[]; readonly budget: boolean },
  looks: Looks,
): Promise<void> {
  const { ports } = context;
  const { policy } = inForce;
  await lookAtRuns(context, policy, runIds, looks);
  if (budget) {
    await lookAtAll(context, policy);
    const ledger = await context.ledgerOf(policy);
    const spent = ledger?.live.reduce((sum, { usageTotalMicroUsd = 0 }) => sum + usageTotalMicroUsd, 0);
    looks.note(BUDGETS_KEY, spent, ports.clock.now());
  }
  const control = await ports.state.readControl();
  const decided = await decideOn(context, policy, control, budget ? undefined : runIds);
  await perform(context, phases.attempt, decided, inForce);
  if (decided.holds.length > 0)
    await holdSources(context, phases.attempt, inForce, { decisions: decided.holds });
}

/**
 * Waits, in this process, for the next instant at which a step could be reached, and looks just then; until nothing more
 * is foreseen before `until`. A process that dies meanwhile is replaced by the next tick. Returns how often it looked.
 *
 *     tick |--- phases ---|········ wait ········| look |···· wait ····| look |   until
 */
export async function watch(context: Context, phases: Phases, until: Date): Promise<number> {
  const { ports, signal } = context;
  const looks = new Looks();
  for (let looked = 0; ; looked++) {
    if (ports.clock.now() >= until) return looked;
    const foreseen = await phases.run("foreseeing the next look", () => nextLook(context, looks));
    if (foreseen === undefined) skip(context, "looks in time given up");
    const next = foreseen?.value;
    if (next === undefined || next.due.at >= until) return looked;
    const { due, inForce } = next;
    const waitMs = due.at.getTime() - ports.clock.now().getTime();
    if (waitMs > 0) await ports.clock.sleep(waitMs, signal);
    if (signal.aborted) return looked;
    const isDone = await phases.run("looking in time", () => takeLook(context, phases, inForce, due, looks));
    // What failed once may fail at once again; the next tick looks at it anew.
    if (!isDone) {
      skip(context, "looks in time given up");
      return looked;
    }
  }
}
