import { emptyMemory, type Memory, type Ports } from "../../../src/watchdog/model/ports.ts";
import type { TickReport } from "../../../src/watchdog/tick/report.ts";
import { runTick } from "../../../src/watchdog/tick/tick.ts";
import type { SeenTick } from "../oracle/history.ts";
import type { Scheduler } from "../scheduler.ts";
import type { PlannedTick } from "../world/ticks.ts";
import { type Plant, portsFor, type Surroundings } from "./ports.ts";
import { type Fate, type Freeze, Process, type Side, type WallClock } from "./process.ts";

/** What becomes of a process, and what is wrong with it. */
type Character = {
  readonly fate?: Fate | undefined;
  readonly freeze?: Freeze | undefined;
  readonly clock?: WallClock | undefined;
};

/** Starts processes, each with ports of its own, and ends them when their time is over. */
export class Launcher {
  readonly #scheduler: Scheduler;
  readonly #world: Surroundings;
  readonly #plant: Plant | undefined;
  /** What processes that ended well have left in memory for the next ones. */
  readonly #warm: Memory[] = [];
  readonly #processes: Process[] = [];
  #count = 0;

  readonly #whose: string;
  /** What comes of each moment of its processes; for how long it holds them up. */
  onMoment: ((process: Process, what: string, side: Side) => number) | undefined;

  /** `whose`: what its processes' names begin with. */
  constructor(scheduler: Scheduler, world: Surroundings, plant: Plant | undefined, whose = "") {
    this.#scheduler = scheduler;
    this.#world = world;
    this.#plant = plant;
    this.#whose = whose;
  }

  /** As when somebody has switched off the schedule and waited. */
  endAll(): void {
    for (const process of this.#processes.splice(0)) process.die("so that nothing runs");
  }

  #process(kind: string, how: Character): Process {
    const id = `${this.#whose}${kind}${++this.#count}`;
    const { tell, witness } = this.#world;
    const process = new Process({ id, scheduler: this.#scheduler, ...how, tell });
    const { aheadMs = 0, set } = how.clock ?? {};
    witness.noteClock(id, aheadMs);
    this.#processes.push(process);
    process.onMoment = (what, side) => this.onMoment?.(process, what, side) ?? 0;
    if (set)
      this.#scheduler.after(set.afterMs, () => {
        if (!process.isAlive) return;
        process.setClock(set.byMs);
        witness.noteClock(id, aheadMs + set.byMs);
      });
    return process;
  }

  /** Runs one tick of the watchdog, as its function on Lambda would. */
  tick({ timeoutMs, signalAfterMs, watchMs, fate, freeze, clock, isWarm }: PlannedTick): void {
    const scheduler = this.#scheduler;
    const process = this.#process("tick", { fate, freeze, clock });
    const memory = (isWarm && this.#warm.pop()) || emptyMemory();
    const isClockBad = clock !== undefined && (Math.abs(clock.aheadMs) > 30_000 || clock.set !== undefined);
    const seen: SeenTick = {
      by: process.id,
      tickId: process.id,
      endsByMs: scheduler.nowMs + timeoutMs,
      ...(isClockBad && { isClockBad }),
    };
    this.#world.witness.ticks.set(process.id, seen);
    const end = (how: "done" | "failed" | "died", error = ""): void => {
      Object.assign(seen, { endedAtMs: scheduler.nowMs, how, error });
      this.#world.tell(`${process.id} ${how} ${error}`);
    };
    process.onFirstAnswer = () => {
      seen.startedAtMs = scheduler.nowMs;
    };
    process.onDeath = () => end("died");
    const signal = new AbortController();
    const endsBy = new Date(process.wallMs() + timeoutMs);
    let stoodMs = 0;
    process.onFreeze = (forMs) => {
      stoodMs += forMs;
      seen.stoodStill = true;
    };
    const cancelSignal = scheduler.after(signalAfterMs, () =>
      process.whenThawed(() => process.isAlive && signal.abort()),
    );
    // Who stands still is not ended meanwhile: his host stands still, too.
    const timeOut = (leftMs: number): void => {
      const hadStoodMs = stoodMs;
      scheduler.after(leftMs, () => {
        if (stoodMs > hadStoodMs) timeOut(stoodMs - hadStoodMs);
        else process.die("at its time-out");
      });
    };
    timeOut(timeoutMs);
    const over = (how: "done" | "failed", error = "", report?: TickReport): void => {
      if (report) Object.assign(seen, { attention: report.attention, isComplete: report.complete });
      cancelSignal();
      process.finish();
      this.#warm.push(memory);
      end(how, error);
    };
    const ports = portsFor(this.#world, process, memory, this.#plant);
    const watchUntil = watchMs === undefined ? undefined : new Date(process.wallMs() + watchMs);
    const { allowHolds } = this.#world;
    runTick(ports, { signal: signal.signal, endsBy, allowHolds, ...(watchUntil && { watchUntil }) }).then(
      (report) => over("done", "", report),
      (error: unknown) => over("failed", String(error)),
    );
  }

  /** Runs an operator's command: no plant spoils it, and when it `isSafe`, nothing else does. */
  command(
    work: (ports: Ports) => Promise<unknown>,
    { isSafe = false, ...character }: { isSafe?: boolean } & Character = {},
  ): void {
    const { weather, tell } = this.#world;
    const process = this.#process("operator", character);
    const world = isSafe ? { ...this.#world, weather: weather.calmed() } : this.#world;
    const over = (how: string): void => {
      process.finish();
      tell(`${process.id} ${how}`);
    };
    work(portsFor(world, process, emptyMemory(), undefined)).then(
      () => over("done"),
      (error: unknown) => over(`failed ${String(error)}`),
    );
  }
}
