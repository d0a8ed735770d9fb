import type { TrueLife, TrueRun } from "../../../emulator/index.ts";
import type { History, SeenCall } from "./history.ts";
import type { Figures } from "./judge.ts";

/** What one answer told its reader of one run. */
export type Reading = {
  readonly by: string;
  /** When the request was sent: nobody may call it fresher than this. */
  readonly sentMs: number;
  /** Whose state it shows: the instant at which Apify answered. */
  readonly asOfMs: number;
  readonly call: SeenCall;
  readonly status: string;
  readonly usageTotalUsd?: number;
};

export const ENDED: readonly string[] = ["SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED"];
const STOPPING: readonly string[] = ["ABORTING", "TIMING-OUT"];

/** In which of its lives a run is at an instant; -1 before its start. */
export const lifeIndexAt = ({ lives }: TrueRun, atMs: number): number =>
  lives.findLastIndex(({ startedAtMs }) => startedAtMs <= atMs);

/** All that the API has told of each run so far. */
export class Readings {
  readonly #history: History;
  readonly #byRun = new Map<string, Reading[]>();
  #seen = 0;

  constructor(history: History) {
    this.#history = history;
  }

  of(runId: string): readonly Reading[] {
    const { calls } = this.#history;
    for (const call of calls.slice(this.#seen)) this.#take(call);
    this.#seen = calls.length;
    return this.#byRun.get(runId) ?? [];
  }

  #take(call: SeenCall): void {
    if (call.kind !== "list" && call.kind !== "get") return;
    for (const [runId, { status, usageTotalUsd }] of Object.entries(call.shown ?? {})) {
      const reading = {
        by: call.by,
        sentMs: call.leftAtMs,
        asOfMs: call.atMs,
        call,
        status,
        ...(typeof usageTotalUsd === "number" && { usageTotalUsd }),
      };
      const known = this.#byRun.get(runId);
      if (known) known.push(reading);
      else this.#byRun.set(runId, [reading]);
    }
  }

  /** The newest of what a process had been told of a run by an instant, not sent before `sinceMs`. */
  latest(by: string, runId: string, sinceMs: number, byMs: number): Reading | undefined {
    return this.of(runId)
      .filter(
        (each) =>
          each.by === by &&
          each.sentMs >= sinceMs &&
          each.call.deliveredAtMs !== undefined &&
          each.call.deliveredAtMs <= byMs,
      )
      .reduce<Reading | undefined>(
        (best, each) => (best && best.sentMs >= each.sentMs ? best : each),
        undefined,
      );
  }

  /**
   * The most that a reading can be made to say against its run at an instant: each time is counted from the earliest
   * moment that the specification allows.
   */
  figures(run: TrueRun, reading: Reading, nowMs: number, underIntent: boolean): Figures {
    const index = lifeIndexAt(run, reading.asOfMs);
    const life = run.lives[index];
    const all = this.of(run.id);
    const ofLife = all.filter((each) => lifeIndexAt(run, each.asOfMs) === index);
    const secs = (fromMs: number): number => (nowMs - fromMs) / 1_000;
    const bornMs = index === 0 ? (life?.startedAtMs ?? nowMs) : firstSent(ofLife, nowMs);
    const readyMs = ofLife
      .filter(({ status, call }) => status === "READY" && this.#wasKnown(call, reading.by))
      .reduce((last, { sentMs }) => Math.max(last, sentMs), bornMs);
    const stopping = ofLife.filter(({ status }) => STOPPING.includes(status));
    return {
      status: reading.status,
      usageTotalUsd: reading.usageTotalUsd,
      stats: reading.call.stats,
      runSecs: secs(readyMs),
      queueSecs: secs(bornMs),
      stoppingSecs: secs(firstSent(stopping, nowMs)),
      underIntent,
      shownBefore: (stat, value) =>
        ofLife.some(
          ({ call, sentMs }) => sentMs <= reading.sentMs - 60_000 && (call.stats?.[stat] ?? -1) >= value,
        ),
    };
  }

  /** Told to the process itself, or to a tick that wrote it down before the process began. */
  #wasKnown({ by, deliveredAtMs }: SeenCall, to: string): boolean {
    if (deliveredAtMs === undefined) return false;
    if (by === to) return true;
    const writtenMs = this.#history.ticks.get(by)?.liveWrittenMs;
    const beganMs = this.#history.ticks.get(to)?.startedAtMs;
    return (
      writtenMs !== undefined && beganMs !== undefined && deliveredAtMs <= writtenMs && writtenMs < beganMs
    );
  }
}

const firstSent = (readings: readonly Reading[], otherwise: number): number =>
  readings.reduce((first, { sentMs }) => Math.min(first, sentMs), otherwise);

export const lifeOf = (run: TrueRun | undefined, index: number | undefined): TrueLife | undefined =>
  index === undefined ? undefined : run?.lives[index];
