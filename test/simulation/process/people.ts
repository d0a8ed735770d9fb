import type { TrueRun } from "../../../emulator/index.ts";
import type { Operators } from "../operators.ts";
import type { EntryFields } from "../oracle/entry-text.ts";
import type { Random } from "../random.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Users } from "../users.ts";
import type { Plan } from "../world/plan.ts";
import { randomClock } from "../world/ticks.ts";
import type { Launcher } from "./launcher.ts";
import type { Weather } from "./weather.ts";

type Around = {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly launcher: Launcher;
  readonly weather: Weather;
  readonly operators: Operators;
  readonly users: Users;
};

/** Operators and users as the day goes: what they do when nobody asks them, and what they do about stops. */
export class People {
  readonly #around: Around;
  readonly #laptops: Random;
  readonly #nerves: Random;
  readonly #quiets: Random;
  readonly #stops: string[];

  /** `stops`: the entries of stops, the latest last; it is filled here. */
  constructor(random: Random, stops: string[], around: Around) {
    this.#around = around;
    this.#stops = stops;
    this.#laptops = random.fork("laptops");
    this.#nerves = random.fork("nerves");
    this.#quiets = random.fork("quiets");
  }

  /** Somebody reads what has just been written down. */
  read(text: string): void {
    if (text.includes('"kind":"abort.intended"')) this.#react();
    if (text.includes('"kind":"abort.confirmed"')) this.#regret(text);
  }

  operate(): void {
    this.#around.launcher.command((ports) => this.#around.operators.act(ports), this.#laptop());
  }

  /** An operator has seen what calls for a person. */
  quiet(): void {
    const quiets = this.#quiets;
    this.#around.launcher.command((ports) => this.#around.operators.quiet(ports, quiets), {
      clock: randomClock(quiets, false),
    });
  }

  /** An operator sees to one run. */
  seeTo(run: TrueRun): void {
    this.#around.launcher.command((ports) => this.#around.operators.about(ports, run), this.#laptop());
  }

  /** An operator wants one run left alone. */
  forbid(run: TrueRun): void {
    this.#around.launcher.command((ports) => this.#around.operators.forbid(ports, run), this.#laptop());
  }

  #undo(): void {
    this.#around.launcher.command(
      (ports) => this.#around.operators.undo(ports) ?? Promise.resolve(),
      this.#laptop(),
    );
  }

  /** What becomes of the next command's process, and by which clock. */
  #laptop() {
    if (this.#around.weather.isCalm) return {};
    return {
      fate: this.#around.operators.fate(),
      clock: randomClock(this.#laptops, this.#around.plan.badLaptops),
    };
  }

  /** A promise to stop a run is the moment at which the wishes of others cross the watchdog's most. */
  #react(): void {
    const nerves = this.#nerves;
    if (this.#around.weather.isCalm || !nerves.chance(this.#around.plan.nerves)) return;
    const soon = (): number => nerves.int(1, nerves.pick([300, 3_000, 30_000]));
    const act = nerves.chance(0.7) ? () => this.operate() : () => this.#around.users.act();
    this.#around.scheduler.after(soon(), act);
    const twin = { atMs: 0, timeoutMs: 30_000, signalAfterMs: 22_000, isWarm: true };
    if (nerves.chance(0.4)) this.#around.scheduler.after(soon(), () => this.#around.launcher.tick(twin));
  }

  /** A stop that is done may be taken back, by several people and while ticks are at work, and again when that failed. */
  #regret(text: string): void {
    const nerves = this.#nerves;
    this.#stops.push((JSON.parse(text) as EntryFields).entryId);
    if (this.#around.weather.isCalm || !nerves.chance(0.5)) return;
    const times = nerves.int(1, 3);
    for (let i = 0; i < times; i++) {
      this.#around.scheduler.after(nerves.int(1, nerves.pick([300, 10_000, 60_000])), () => this.#undo());
    }
  }
}
