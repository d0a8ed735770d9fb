import type { Run } from "../../src/policy/index.ts";
import type { Apify } from "../../src/watchdog/model/ports.ts";

/** A run as the pretend account has it; what is told of it is what stands here. */
export type PretendRun = {
  readonly id: string;
  readonly actorId: string;
  readonly actorTaskId?: string;
  readonly origin: string;
  readonly startedAt: Date;
  status: string;
  finishedAt?: Date;
  resurrectCount: number;
  /** `undefined`: not told. */
  microUsd?: number;
};

/** An Apify account at the port, whose figures a test moves as it likes, downwards too. */
export class PretendAccount {
  readonly runs: PretendRun[] = [];
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  #runOf(run: PretendRun, isDetail: boolean): Run {
    const { id, actorId, actorTaskId, origin, startedAt, status, finishedAt, resurrectCount, microUsd } = run;
    return {
      id,
      actorId,
      ...(actorTaskId && { actorTaskId }),
      origin,
      startedAt,
      status,
      ...(finishedAt && { finishedAt }),
      ...(microUsd !== undefined && { usageTotalMicroUsd: microUsd }),
      ...(isDetail && { detail: { stats: {}, ...(resurrectCount > 0 && { resurrectCount }) } }),
    };
  }

  /** Only what a tick without rules needs of Apify. */
  get apify(): Apify {
    const listed = (of: readonly PretendRun[]) =>
      of
        .toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime())
        .map((run) => this.#runOf(run, false));
    const apify: Partial<Apify> = {
      checkUser: async () => ({ kind: "user", id: "user1", username: "acme", by: "users/me" }),
      listRuns: async ({ statuses, startedAfter }) => ({
        runs: listed(
          this.runs.filter(
            ({ status, startedAt }) =>
              (statuses === undefined || statuses.includes(status)) &&
              (startedAfter === undefined || startedAt >= startedAfter),
          ),
        ),
        observedAt: this.#now(),
        complete: true,
        malformed: 0,
      }),
      readRun: async (runId) => {
        const run = this.runs.find(({ id }) => id === runId);
        const observedAt = this.#now();
        return run
          ? { kind: "found", run: this.#runOf(run, true), observedAt, sentMs: 0 }
          : { kind: "missing", observedAt };
      },
      limits: async () => {
        throw new Error("not told");
      },
      takeRequestCount: () => 0,
      takeClockChecks: () => 1,
      clockChecks: () => 1,
      now: () => this.#now(),
    };
    return apify as Apify;
  }
}
