import type { Emulator, EmulatorResponse, TrueRun, TrueSchedule } from "../../../emulator/index.ts";
import type { History, SeenCall, SeenEntry, SeenLedger, SeenRestore, SeenTick } from "../oracle/history.ts";
import type { Rows } from "../storage/storage.ts";
import { dateIn, detailIn, isOfTypical, readableOf, refusalIn, successesIn } from "./shown.ts";

/** A run in the live index, as far as its spend goes. */
type Remembered = {
  readonly run: { readonly id: string };
  readonly spent?: { readonly microUsd: number };
  readonly unrecorded?: Readonly<Record<string, number>>;
  readonly unrecordedBefore?: readonly { readonly bySlot: Readonly<Record<string, number>> }[];
  readonly recorded?: { readonly version: number };
};

/** How far an answer has come: its reader has it, it lies before one who stands still, or it is waited for no more. */
export type Over = (how: "delivered" | "arrived" | "left") => void;

/** A run with all that its Actor and task were called up to an instant. */
export type Called = (run: TrueRun, byMs: number) => TrueRun;

/** What is booked of a run, and as the Actors that it was before, together. */
function sumBySlot(all: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const bySlot of all)
    for (const [slot, microUsd] of Object.entries(bySlot)) sums[slot] = (sums[slot] ?? 0) + microUsd;
  return sums;
}

type Sent = {
  readonly url: string;
  readonly leftAtMs: number;
  readonly saidMs?: number;
  readonly goneAtMs?: number | undefined;
};

/** Stands beside the world and writes down what the oracle needs: every request, every entry, every tick. */
export class Witness implements History {
  readonly account: string;
  readonly truth: History["truth"];
  readonly cycleStart: NonNullable<History["cycleStart"]>;
  readonly calls: SeenCall[] = [];
  readonly entries: SeenEntry[] = [];
  readonly restores: SeenRestore[] = [];
  readonly releases: { readonly scheduleId: string; readonly atMs: number }[] = [];
  /** Those of other watchdogs on the account: to them what ours does is done by somebody. */
  readonly others: Witness[] = [];
  readonly ticks = new Map<string, SeenTick>();
  readonly #emulator: Emulator;
  readonly #rows: Rows;
  /** The texts of the entries of each chain. */
  readonly #known = new Map<string, string[]>();
  readonly #clocks = new Map<string, readonly { readonly fromMs: number; readonly aheadMs: number }[]>();
  readonly #askedMs = new Map<string, number>();
  readonly #asked = new Set<string>();
  readonly #tell: (line: string) => void;
  #versions = "";
  #schedules: readonly TrueSchedule[];

  constructor(
    { account, cycleStart, called }: Pick<Witness, "account" | "cycleStart"> & { readonly called: Called },
    emulator: Emulator,
    rows: Rows,
    tell: (line: string) => void,
  ) {
    this.account = account;
    this.cycleStart = cycleStart;
    // Of other users' runs the account knows nothing, and what is done to one is done to none that there is.
    const own = () => emulator.truth.runs().filter(({ userId }) => userId === undefined);
    this.truth = { ...emulator.truth, runs: () => own().map((run) => called(run, this.nowMs())) };
    this.#emulator = emulator;
    this.#rows = rows;
    this.#tell = tell;
    this.#schedules = this.truth.schedules();
  }

  nowMs(): number {
    return this.#emulator.clock.now();
  }

  policyText(version: number): string | undefined {
    return this.#rows.policyText(version);
  }

  /** Notes that what was kept at an instant has been put back. */
  restored(keptMs: number, what: SeenRestore["what"]): void {
    this.restores.push({ atMs: this.nowMs(), keptMs, what });
    this.#tell(`the ${what} is put back as it was at ${new Date(keptMs).toISOString()}`);
  }

  /** Notes how far a process's clock is ahead from now on. */
  noteClock(by: string, aheadMs: number): void {
    this.#clocks.set(by, [...(this.#clocks.get(by) ?? []), { fromMs: this.nowMs(), aheadMs }]);
  }

  aheadMs(by: string, atMs: number): number {
    return this.#clocks.get(by)?.findLast(({ fromMs }) => fromMs <= atMs)?.aheadMs ?? 0;
  }

  readonly clockSetsMs = (by: string): readonly number[] =>
    (this.#clocks.get(by) ?? []).slice(1).map(({ fromMs }) => fromMs);

  /** Notes what leaves a process, which may never reach Apify. */
  left(by: string, url: string): void {
    const { pathname } = new URL(url);
    this.#asked.add(`${by} ${pathname}`);
    const isOfToken = pathname === "/v2/users/me";
    if (isOfToken && !this.#askedMs.has(by)) this.#askedMs.set(by, this.nowMs());
  }

  readonly askedWhoseMs = (by: string): number | undefined => this.#askedMs.get(by);

  readonly hasAskedFor = (by: string, runId: string): boolean =>
    this.#asked.has(`${by} /v2/actor-runs/${runId}`);

  readonly recordings = (): number => this.#rows.recordings() + (this.#rows.live()?.version ?? 0);

  ledger(): SeenLedger {
    const cells = new Map<string, number>();
    const slots = new Map<string, Map<string, number>>();
    for (const [slot, spenders] of this.#rows.cells()) {
      // What an older release kept of a spender lies beside what was added since.
      const sums = slots.get(slot) ?? new Map<string, number>();
      for (const [spender, microUsd] of spenders) sums.set(spender, (sums.get(spender) ?? 0) + microUsd);
      slots.set(slot, sums);
      if (slot.length !== "2026-09-01".length) continue;
      for (const [spender, microUsd] of spenders) cells.set(spender, (cells.get(spender) ?? 0) + microUsd);
    }
    const runs = [...this.#rows.runs()].map(([runId, text]) => {
      const { run, life, spent, settledAt, version, booked, bookedBefore = [] } = JSON.parse(text);
      const by = [run.actorId, run.actorTaskId ?? "", run.origin ?? ""];
      const spender = JSON.stringify(run.scheduleId ? [...by, run.scheduleId] : by);
      const settled = settledAt !== undefined;
      const all = [booked, ...bookedBefore.map(({ bySlot }: { bySlot: object }) => bySlot)];
      const kept = booked && { booked: sumBySlot(all) };
      return { runId, spender, spentMicroUsd: spent?.microUsd, settled, version, life, ...kept };
    });
    return { cells, slots, runs, live: this.#remembered() };
  }

  #remembered(): SeenLedger["live"] {
    const { runs = [] } = JSON.parse(this.#rows.live()?.text() ?? "{}") as { runs?: readonly Remembered[] };
    return runs.map(({ run, spent, unrecorded = {}, unrecordedBefore = [], recorded }) => ({
      runId: run.id,
      knownMicroUsd: spent?.microUsd ?? 0,
      unrecordedMicroUsd: [unrecorded, ...unrecordedBefore.map(({ bySlot }) => bySlot)]
        .flatMap((each) => Object.values(each))
        .reduce((sum, each) => sum + each, 0),
      version: recorded?.version ?? 0,
    }));
  }

  /** What did this process's call of what is stored just change? */
  readonly look = (by: string, what: string): void => {
    const tick = this.ticks.get(by);
    const before = this.entries.length;
    for (const [chain, stored] of this.#rows.chains()) {
      const known = this.#known.get(chain) ?? [];
      this.#known.set(chain, known);
      // One that was overwritten comes again, in the place that it has.
      for (const [index, { sequence, text, hash }] of stored.entries()) {
        if (known[index] === text) continue;
        known[index] = text;
        this.entries.push({ commitMs: this.nowMs(), by, chain, sequence, text, hash });
        this.#tell(`  entry ${text}`);
      }
    }
    const versions = `${this.#rows.controlVersion()} ${this.#rows.live()?.version}`;
    const moved = versions !== this.#versions;
    this.#versions = versions;
    if (tick === undefined) return;
    if (what === "readLive") tick.liveReadMs ??= this.nowMs();
    if (what === "writeLive" && moved) tick.liveWrittenMs = [...(tick.liveWrittenMs ?? []), this.nowMs()];
    else if (moved || this.entries.length > before) tick.lastWriteMs = this.nowMs();
  };

  /** Writes down a request that has just reached Apify. Returns how to tell that its sender waits no more. */
  saw(
    by: string,
    { url, leftAtMs, saidMs = leftAtMs, goneAtMs }: Sent,
    response: EmulatorResponse | undefined,
  ): Over {
    for (const other of this.others)
      other.#saw("user", { url, leftAtMs, saidMs: leftAtMs }, response)("delivered");
    return this.#saw(by, { url, leftAtMs, saidMs, goneAtMs }, response);
  }

  /** How a schedule was at the last call that names one, and how it is since this one. */
  #change(scheduleId: string | undefined): SeenCall["schedule"] {
    if (scheduleId === undefined) return undefined;
    const was = this.#schedules.find(({ id }) => id === scheduleId);
    this.#schedules = this.truth.schedules();
    const after = this.#schedules.find(({ id }) => id === scheduleId);
    return was && after && { before: was, after };
  }

  #saw(by: string, { url, leftAtMs, saidMs, goneAtMs }: Sent, response: EmulatorResponse | undefined): Over {
    const call = this.truth.calls.at(-1);
    if (call === undefined) throw new Error("the emulator wrote down no call");
    const { shown: _all, ...whole } = call;
    const schedule = this.#change(call.scheduleId);
    const readable = readableOf(url, call.shown, response, this.nowMs());
    const detail = call.kind === "get" && readable.shown ? detailIn(response) : undefined;
    const successes =
      call.kind === "list" && call.shown ? successesIn(url, response, this.nowMs()) : undefined;
    const refusedAs = refusalIn(response);
    const datedMs = dateIn(response);
    const seen: SeenCall = {
      ...whole,
      ...readable,
      by,
      leftAtMs,
      ...(saidMs !== undefined && { saidMs }),
      ...(refusedAs !== undefined && { refusedAs }),
      ...(datedMs !== undefined && { datedAheadMs: datedMs - call.atMs }),
      ...(detail && { detail }),
      ...(schedule && { schedule }),
      ...(successes && { successes }),
      ...(isOfTypical(url) && { isOfTypical: true }),
      ...(call.kind === "list" && url.includes("startedBefore=") && { isHistory: true }),
    };
    if (goneAtMs !== undefined) seen.overAtMs = goneAtMs;
    this.calls.push(seen);
    const told = call.shown ?? schedule?.after;
    this.#tell(`  ${call.status} ${call.effect} ${told ? JSON.stringify(told) : ""}`);
    return (how): void => {
      // What lay before somebody who stood still was over when it came.
      seen.overAtMs ??= this.nowMs();
      if (how === "delivered") seen.deliveredAtMs = this.nowMs();
    };
  }
}
