import { createEmulator, steppedClock } from "../../emulator/index.ts";
import { pushPolicy } from "../../src/watchdog/policies/policies.ts";
import { Operators } from "./operators.ts";
import type { EntryFields } from "./oracle/entry-text.ts";
import { Oracle } from "./oracle/oracle.ts";
import { Launcher } from "./process/launcher.ts";
import type { Plant, Surroundings } from "./process/ports.ts";
import { Weather } from "./process/weather.ts";
import { Witness } from "./process/witness.ts";
import { type Random, seededRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { DynamoStorage } from "./storage/dynamo-storage.ts";
import { memoryStorage } from "./storage/memory-storage.ts";
import type { Storage } from "./storage/storage.ts";
import type { Transcript } from "./transcript.ts";
import { Users } from "./users.ts";
import { calledIn } from "./world/called.ts";
import type { Plan } from "./world/plan.ts";
import { FIRST_TOKEN } from "./world/refusals.ts";
import { randomClock } from "./world/ticks.ts";

const START = new Date("2026-09-01T08:00:00.000Z");
const ACCOUNT = "sim";

/** A world as it runs, with all that is in it. */
export class Simulation {
  readonly witness: Witness;
  readonly oracle: Oracle;
  readonly #plan: Plan;
  readonly #scheduler: Scheduler;
  readonly #world: Surroundings;
  readonly #launcher: Launcher;
  readonly #operators: Operators;
  readonly #users: Users;
  readonly #nerves: Random;
  readonly #laptops: Random;
  readonly #stops: string[] = [];
  #looked = 0;

  constructor(plan: Plan, plant: Plant | undefined, transcript: Transcript) {
    const clock = steppedClock(START);
    const tell = (line: string): void => transcript.add(clock.now(), line);
    const random = seededRandom(plan.seed, "play");
    const emulator = createEmulator({ world: plan.world, seed: plan.seed, clock });
    const weather = new Weather(random.fork("weather"), plan.climate);
    const storage =
      plan.storage === "memory"
        ? memoryStorage(ACCOUNT)
        : new DynamoStorage(ACCOUNT, {
            nowMs: () => clock.now(),
            weather,
            random: random.fork("dynamo"),
            tell,
          });
    this.#plan = plan;
    const { cycleStart = { day: 1 } } = plan.world;
    this.witness = new Witness(
      { account: ACCOUNT, cycleStart, called: calledIn(plan.world) },
      emulator,
      storage.rows,
      tell,
    );
    this.oracle = new Oracle(this.witness);
    this.#scheduler = new Scheduler(clock);
    this.#world = {
      account: ACCOUNT,
      emulator,
      storage,
      weather,
      witness: this.witness,
      random: random.fork("jitter"),
      tell,
      abortEndpoint: plan.abortEndpoint,
      secret: () =>
        plan.secrets.findLast(({ fromMs }) => fromMs <= clock.now() - START.getTime())?.token ?? FIRST_TOKEN,
    };
    this.#launcher = new Launcher(this.#scheduler, this.#world, plant);
    this.#operators = new Operators(random.fork("operators"), plan, {
      runs: () => emulator.truth.runs(),
      stops: () => this.#stops,
    });
    this.#users = new Users(random.fork("users"), emulator, this.witness);
    this.#laptops = random.fork("laptops");
    this.#nerves = random.fork("nerves");
  }

  async play(goesOn: (history: Witness) => boolean = () => true): Promise<void> {
    const plan = this.#plan;
    const at = (ms: number, act: () => void): void => {
      this.#scheduler.at(START.getTime() + ms, act);
    };
    at(0, () => this.#launcher.command((ports) => pushPolicy(ports, plan.policy, "setup"), { isSafe: true }));
    for (const tick of plan.ticks) at(tick.atMs, () => this.#launcher.tick(tick));
    for (const ms of plan.operatorsAtMs) at(ms, () => this.#operate());
    for (const ms of plan.usersAtMs) at(ms, () => this.#users.act());
    for (const { keptAtMs, atMs, what } of plan.restores) {
      at(keptAtMs, () => {
        const back = this.#world.storage.backup();
        const keptMs = this.#scheduler.nowMs;
        at(atMs, () => {
          this.#launcher.endAll();
          back(what);
          this.#world.witness.restored(keptMs, what);
        });
      });
    }
    at(plan.activeMs, () => {
      this.#world.weather.isCalm = true;
      this.#world.emulator.faults.clear();
    });
    const wantsMore = () => goesOn(this.witness);
    const endMs = START.getTime() + plan.activeMs + plan.calmMs;
    await this.#scheduler.runUntil(endMs, () => this.#look() && wantsMore());
    // Ticks that began before the calm are over a minute later at the latest.
    if (!this.#isBroken && wantsMore()) this.oracle.end(START.getTime() + plan.activeMs + 60_000);
  }

  get refused(): Storage["refused"] {
    return this.#world.storage.refused;
  }

  /** What comes after the first broken promise says little. */
  get #isBroken(): boolean {
    return this.oracle.violations.length > 0;
  }

  #operate(): void {
    this.#launcher.command((ports) => this.#operators.act(ports), this.#laptop());
  }

  #undo(): void {
    this.#launcher.command((ports) => this.#operators.undo(ports) ?? Promise.resolve(), this.#laptop());
  }

  /** What becomes of the next command's process, and by which clock. */
  #laptop() {
    if (this.#world.weather.isCalm) return {};
    return { fate: this.#operators.fate(), clock: randomClock(this.#laptops, this.#plan.badLaptops) };
  }

  #look(): boolean {
    this.oracle.look();
    const { entries } = this.witness;
    for (; this.#looked < entries.length; this.#looked++) {
      const text = entries[this.#looked]?.text ?? "";
      if (text.includes('"kind":"abort.intended"')) this.#react();
      if (text.includes('"kind":"abort.confirmed"')) this.#regret(text);
    }
    return !this.#isBroken;
  }

  /** A promise to stop a run is the moment at which the wishes of others cross the watchdog's most. */
  #react(): void {
    const nerves = this.#nerves;
    if (this.#world.weather.isCalm || !nerves.chance(this.#plan.nerves)) return;
    const soon = (): number => nerves.int(1, nerves.pick([300, 3_000, 30_000]));
    const act = nerves.chance(0.7) ? () => this.#operate() : () => this.#users.act();
    this.#scheduler.after(soon(), act);
    const twin = { atMs: 0, timeoutMs: 30_000, signalAfterMs: 22_000, isWarm: true };
    if (nerves.chance(0.4)) this.#scheduler.after(soon(), () => this.#launcher.tick(twin));
  }

  /** A stop that is done may be taken back, by several people and while ticks are at work, and again when that failed. */
  #regret(text: string): void {
    const nerves = this.#nerves;
    this.#stops.push((JSON.parse(text) as EntryFields).entryId);
    if (this.#world.weather.isCalm || !nerves.chance(0.5)) return;
    const times = nerves.int(1, 3);
    for (let i = 0; i < times; i++) {
      this.#scheduler.after(nerves.int(1, nerves.pick([300, 10_000, 60_000])), () => this.#undo());
    }
  }
}
