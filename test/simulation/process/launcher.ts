import { emptyMemory, type Memory, type Ports } from "../../../src/watchdog/model/ports.ts";
import { runTick } from "../../../src/watchdog/tick/tick.ts";
import type { SeenTick } from "../oracle/history.ts";
import type { Scheduler } from "../scheduler.ts";
import type { PlannedTick } from "../world/ticks.ts";
import { type Plant, portsFor, type Surroundings } from "./ports.ts";
import { type Fate, type Freeze, Process } from "./process.ts";

/** Starts processes, each with ports of its own, and ends them when their time is over. */
export class Launcher {
  readonly #scheduler: Scheduler;
  readonly #world: Surroundings;
  readonly #plant: Plant | undefined;
  /** What processes that ended well have left in memory for the next ones. */
  readonly #warm: Memory[] = [];
  #count = 0;

  constructor(scheduler: Scheduler, world: Surroundings, plant: Plant | undefined) {
    this.#scheduler = scheduler;
    this.#world = world;
    this.#plant = plant;
  }

  #process(
    kind: string,
    how: { readonly fate?: Fate | undefined; readonly freeze?: Freeze | undefined },
  ): Process {
    const id = `${kind}${++this.#count}`;
    return new Process({ id, scheduler: this.#scheduler, ...how, tell: this.#world.tell });
  }

  /** Runs one tick of the watchdog, as its function on Lambda would. */
  tick({ timeoutMs, signalAfterMs, watchMs, fate, freeze, isWarm }: PlannedTick): void {
    const scheduler = this.#scheduler;
    const process = this.#process("tick", { fate, freeze });
    const memory = (isWarm && this.#warm.pop()) || emptyMemory();
    const seen: SeenTick = { by: process.id, tickId: process.id };
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
    const endsBy = new Date(scheduler.nowMs + timeoutMs);
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
    const over = (how: "done" | "failed", error = ""): void => {
      cancelSignal();
      process.finish();
      this.#warm.push(memory);
      end(how, error);
    };
    const ports = portsFor(this.#world, process, memory, this.#plant);
    const watchUntil = watchMs === undefined ? undefined : new Date(scheduler.nowMs + watchMs);
    runTick(ports, { signal: signal.signal, endsBy, ...(watchUntil && { watchUntil }) }).then(
      () => over("done"),
      (error: unknown) => over("failed", String(error)),
    );
  }

  /** Runs an operator's command: no plant spoils it, and when it `isSafe`, nothing else does. */
  command(
    work: (ports: Ports) => Promise<unknown>,
    { isSafe = false, fate }: { isSafe?: boolean; fate?: Fate | undefined } = {},
  ): void {
    const { weather, tell } = this.#world;
    const process = this.#process("operator", { fate });
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
