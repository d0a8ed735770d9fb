import type { Lively, Money, Runs, Sources, Users } from "../account/parts.ts";
import type { VirtualClock } from "../ground/clock.ts";
import { costOf } from "../runs/accrual.ts";
import { figureIn } from "../runs/figure.ts";
import type { Effect } from "../runs/interference.ts";
import { type Life, metamorphsBy, type Run } from "../runs/run.ts";
import { shownStatus } from "../runs/shown-status.ts";
import { sightOf } from "../runs/sight.ts";
import { endOf, turnedAt } from "../runs/timeline.ts";
import type { AnswerKind } from "../world/answers.ts";
import type { RunStatus } from "../world/script.ts";
import type { Call } from "./call.ts";
import { identity, type TrueIdentity } from "./identity.ts";
import { knownRun, type SpendTruth, spendTruthOf } from "./spend.ts";

/** One life of a run, as far as it has gone. All instants in epoch ms. */
export type TrueLife = {
  readonly startedAtMs: number;
  /** When it left READY for RUNNING; absent while it is READY, and where there was no READY. */
  readonly readyUntilMs?: number;
  readonly abortingAtMs?: number;
  readonly endedAtMs?: number;
  readonly endStatus?: RunStatus;
};

/** A run that has started, deleted ones included. */
export type TrueRun = TrueIdentity & {
  readonly lives: readonly TrueLife[];
  /** What it has turned into; absent when it has not. */
  readonly metamorphs?: readonly {
    readonly atMs: number;
    readonly actorId: string;
    readonly actorName: string;
  }[];
};

/** The platform's receipt of a request to abort a run, whatever the caller heard of it. */
export type AskedToAbort = {
  readonly atMs: number;
  readonly gracefully: boolean;
  /** What it did: "none" when the run had ended already, or was ABORTING. */
  readonly effect: Effect;
};

/** A schedule as it is now, deleted ones included. */
export type TrueSchedule = {
  readonly id: string;
  readonly name: string;
  readonly title: string | null;
  readonly cronExpression: string;
  readonly isEnabled: boolean;
  readonly isDeleted: boolean;
  readonly modifiedAtMs: number;
  /** Of what it starts. */
  readonly actorIds: readonly string[];
  readonly taskIds: readonly string[];
};

/** What really is, for an oracle to compare with what a client believes. */
export interface Truth {
  /** The runs started by now, ascending by start. */
  runs(): readonly TrueRun[];
  /** The account's schedules. */
  schedules(): readonly TrueSchedule[];
  /** What the run had truly cost at the instant, in USD, with the corrections that have come by the clock's now. */
  costUsdAt(runId: string, atMs: number): number;
  /**
   * `usageTotalUsd` as its owner's read at the instant would show it, in full or (`list`) in lists; undefined when the
   * answer has no figure.
   */
  reportedUsdAt(runId: string, atMs: number, kind?: AnswerKind): number | undefined;
  /** The status that lists gave the run at the instant, faults aside; undefined while they did not show it. */
  listedStatusAt(runId: string, atMs: number): string | undefined;
  /** Every request so far, in order. */
  readonly calls: readonly Call[];
}

/** With it, what was spent when, and when which run was to be stopped. */
export interface WholeTruth extends Truth, SpendTruth {
  /** The requests to abort the run that reached the platform with a token of its owner's, in order. */
  askedToAbort(runId: string): readonly AskedToAbort[];
  /** The id of the run with this label. Throws when none has it yet. */
  idOf(label: string): string;
}

type Known = Runs &
  Users &
  Sources &
  Pick<Money, "outside"> &
  Pick<Lively, "settle"> & { readonly clock: VirtualClock };

/** The truth about a platform; `calls` is filled by the emulator. */
export function truthOf(known: Known, calls: readonly Call[]): WholeTruth {
  // Whoever asks sees what has happened by now, whether or not anybody sent a request meanwhile.
  const platform = {
    ...known,
    get runs() {
      known.settle();
      return known.runs;
    },
  };
  const runOf = (runId: string) => knownRun(platform, runId);
  return {
    ...spendTruthOf(platform),
    calls,
    askedToAbort(runId) {
      const owner = platform.runs.get(runId)?.user;
      return calls
        .filter((call) => call.kind === "abort" && call.runId === runId && !call.neverArrived)
        .filter(({ userId }) => owner && userId === owner.id)
        .map(({ atMs, gracefully = false, effect }) => ({ atMs, gracefully, effect }));
    },
    costUsdAt: (runId, atMs) => costOf(runOf(runId), platform.clock.now()).by(atMs),
    reportedUsdAt(runId, atMs, kind = "detail") {
      const run = runOf(runId);
      return figureIn(run, sightOf(run, atMs, kind)) ?? undefined;
    },
    listedStatusAt(runId, atMs) {
      const run = runOf(runId);
      return shownStatus(run, sightOf(run, atMs, "list"));
    },
    idOf(label) {
      const run = platform.runs.all().find((each) => each.label === label);
      if (run) return run.id;
      throw new Error(`No run has the label "${label}" yet. Give a run's script one: label: "${label}".`);
    },
    schedules() {
      known.settle();
      return known.schedules.map(trueSchedule);
    },
    runs() {
      const nowMs = platform.clock.now();
      const started = platform.runs.all().filter((run) => run.startedAtMs <= nowMs);
      return started.map((run) => trueRun(run, platform, nowMs));
    },
  };
}

const trueSchedule = ({
  id,
  name,
  title,
  cronExpression,
  isEnabled,
  isDeleted,
  modifiedAtMs,
  actions,
}: Known["schedules"][number]): TrueSchedule => ({
  id,
  name,
  title,
  cronExpression,
  isEnabled,
  isDeleted,
  modifiedAtMs,
  actorIds: [...new Set(actions.map(({ actor }) => actor.id))],
  taskIds: actions.flatMap(({ task }) => task?.id ?? []),
});

function trueRun(run: Run, platform: Users, nowMs: number): TrueRun {
  const metamorphs = metamorphsBy(run, nowMs).map(({ atMs, actor }) => ({
    atMs,
    actorId: actor.id,
    actorName: actor.name,
  }));
  return {
    ...identity(run, platform),
    ...(metamorphs.length > 0 ? { metamorphs } : {}),
    lives: run.lives.map((life) => trueLife(life, nowMs)),
  };
}

function trueLife(life: Life, nowMs: number): TrueLife {
  const happened = (atMs: number | undefined) => (atMs !== undefined && atMs <= nowMs ? atMs : undefined);
  const wasReady = turnedAt(life, "READY") !== undefined;
  const readyUntilMs = wasReady ? happened(turnedAt(life, "RUNNING")) : undefined;
  const abortingAtMs = happened(turnedAt(life, "ABORTING"));
  const end = endOf(life);
  return {
    startedAtMs: life.startedAtMs,
    ...(readyUntilMs === undefined ? {} : { readyUntilMs }),
    ...(abortingAtMs === undefined ? {} : { abortingAtMs }),
    ...(end && end.atMs <= nowMs ? { endedAtMs: end.atMs, endStatus: end.status } : {}),
  };
}
