import type { Life, Run } from "../../policy/index.ts";
import type { BudgetMemory, Live, LiveRun, Samples } from "../model/live.ts";
import { suspectsNewLife } from "../observe/remember.ts";
import { mergeCalled } from "./attention/called.ts";

/** Of one life as two ticks saw it: all that either saw, but of a row of looks only what both say holds. Of two lives: the later. */
function mergeLife(a: Life, b: Life): Life {
  if (a.number !== b.number) return a.number > b.number ? a : b;
  // Whoever is in doubt since when it lives has it from the other.
  const { since } =
    a.doubtedAt && !b.doubtedAt ? b : !a.doubtedAt && b.doubtedAt ? a : a.since > b.since ? a : b;
  const doubtedAt = a.doubtedAt && b.doubtedAt && earlier(a.doubtedAt, b.doubtedAt);
  const readyUntil = later(a.readyUntil, b.readyUntil);
  const stoppingSince = earlier(a.stoppingSince, b.stoppingSince);
  const lookedAt = earlier(a.lookedAt, b.lookedAt);
  return {
    number: a.number,
    since,
    ...(doubtedAt && { doubtedAt }),
    ...(readyUntil && { readyUntil }),
    ...(stoppingSince && { stoppingSince }),
    looks: mergeLooks(a.looks, b.looks),
    ...(lookedAt && { lookedAt }),
  };
}

/** A look that broke a row in one tick must not be undone by the other, which did not see it: the row begins late. */
function mergeLooks(a: Life["looks"], b: Life["looks"]): Life["looks"] {
  const both = Object.entries(a).flatMap(([key, since]) => {
    const other = b[key];
    return other ? [[key, since > other ? since : other] as const] : [];
  });
  return Object.fromEntries(both);
}

/** What one life is known by. Of one life: what either knew; of two: what the later one's knew. */
function mergeOfLife(win: LiveRun, lose: LiveRun): Pick<LiveRun, "burn" | "samples"> & Pick<Run, "settings"> {
  if (win.life.number !== lose.life.number) {
    const { run, burn, samples } = win.life.number > lose.life.number ? win : lose;
    return { ...(burn && { burn }), ...(samples && { samples }), ...settingsOf(run) };
  }
  const samples = laterSamples(win.samples, lose.samples);
  return {
    ...(win.burn && { burn: win.burn }),
    ...(samples && { samples }),
    ...settingsOf(win.run.settings ? win.run : lose.run),
  };
}

const settingsOf = ({ settings }: Run): Pick<Run, "settings"> => (settings ? { settings } : {});

function laterSamples(a: LiveRun["samples"], b: LiveRun["samples"]): LiveRun["samples"] {
  const lastAt = ({ base, latest = base }: Samples): Date => latest.at;
  return a && b ? (lastAt(a) >= lastAt(b) ? a : b) : (a ?? b);
}

function newer(a: LiveRun, b: LiveRun): LiveRun {
  if (a.unread !== b.unread) return a.unread ? b : a;
  const [win, lose] = a.observedAt >= b.observedAt ? [a, b] : [b, a];
  const said = [...new Set([...win.said, ...lose.said])];
  // Whoever did not see the end took it for the same life: the end stands, so that the next look asks which life it is.
  if (win.life.number === lose.life.number && suspectsNewLife(lose, win)) return { ...lose, said };
  const { burn: _burn, samples: _samples, run, ...rest } = win;
  const { settings: _settings, ...seen } = run;
  const { settings, ...ofLife } = mergeOfLife(win, lose);
  return {
    ...rest,
    ...ofLife,
    run: { ...seen, ...(settings && { settings }) },
    life: mergeLife(win.life, lose.life),
    said,
  };
}

/**
 * What stands, and what the loser of a race wanted to write, as one: of each run the newer look, of cursors and
 * heartbeats the later. A run that only one of them still knows is kept; the next tick looks at it again.
 */
export function mergeLive(stands: Live, ours: Live): Live {
  const runs = new Map(stands.runs);
  for (const [id, run] of ours.runs) {
    const other = runs.get(id);
    runs.set(id, other ? newer(other, run) : run);
  }
  const cursor = later(stands.cursor, ours.cursor);
  const [a, b] = [stands.heartbeat, ours.heartbeat];
  // The runs that either took back by then are in what it wrote.
  const awaitedUpTo = later(stands.awaitedUpTo, ours.awaitedUpTo);
  const heartbeat = a && b ? (a.startedAt > b.startedAt ? a : b) : (a ?? b);
  const last = a && b && a.startedAt > b.startedAt ? stands : ours;
  const amiss = last.amiss ?? stands.amiss;
  const called = mergeCalled((last === ours ? stands : ours).called, last.called);
  const renamed = last.renamed ?? stands.renamed;
  const selecting = last.selecting ?? stands.selecting;
  const [held, found] = [stands.takenUp, ours.takenUp];
  const takenUp = held && found && held.at > found.at ? held : (found ?? held);
  const completeAt = later(stands.completeAt, ours.completeAt);
  const isCounted = stands.recordings !== undefined || ours.recordings !== undefined;
  const budgets = mergeBudgets(stands.budgets, ours.budgets);
  return {
    // With what a newer version keeps there besides.
    ...stands,
    runs,
    ...(cursor && { cursor }),
    ...(awaitedUpTo && { awaitedUpTo }),
    ...(heartbeat && { heartbeat }),
    ...(completeAt && { completeAt }),
    // What each knows of recordings it knows of its own marks: of those that were merged nobody knows but the items.
    ...(isCounted && { recordings: Math.min(stands.recordings ?? 0, ours.recordings ?? 0) }),
    ...(budgets && { budgets }),
    ...(amiss && { amiss }),
    ...(called && { called }),
    ...(renamed && { renamed }),
    ...(selecting && { selecting }),
    ...(takenUp && { takenUp }),
  };
}

/** Of a row of looks only what both say holds, of what was said all. */
function mergeBudgets(a: BudgetMemory | undefined, b: BudgetMemory | undefined): BudgetMemory | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const lookedAt = earlier(a.lookedAt, b.lookedAt);
  return {
    looks: mergeLooks(a.looks, b.looks),
    ...(lookedAt && { lookedAt }),
    said: [...new Set([...a.said, ...b.said])],
  };
}

const earlier = (a: Date | undefined, b: Date | undefined): Date | undefined =>
  a && b ? (a < b ? a : b) : (a ?? b);

/** The later of two instants, as far as there are any. */
export const later = (a: Date | undefined, b: Date | undefined): Date | undefined =>
  a && b ? (a > b ? a : b) : (a ?? b);
