import type { Launcher } from "../process/launcher.ts";
import type { Fate } from "../process/process.ts";
import type { Weather } from "../process/weather.ts";
import type { Random } from "../random.ts";
import type { SourcesPlan } from "../world/sources-plan.ts";
import { randomClock } from "../world/ticks.ts";
import type { Console } from "./console.ts";
import type { Orders } from "./orders.ts";

type Around = {
  readonly plan: SourcesPlan;
  readonly launcher: Launcher;
  readonly weather: Weather;
  readonly console: Console;
  readonly orders: Orders;
  readonly badLaptops: boolean;
};

/** Who has schedules held and let go, and who changes them in Apify's Console: as the day goes, and where it matters most. */
export class SourcePeople {
  readonly #random: Random;
  readonly #around: Around;

  constructor(random: Random, around: Around) {
    this.#random = random;
    this.#around = around;
  }

  begin(at: (ms: number, act: () => void) => void): void {
    const { plan, console } = this.#around;
    for (const ms of plan.consoleAtMs) at(ms, () => console.act());
    for (const ms of plan.ordersAtMs) at(ms, () => this.order());
  }

  inConsole(id?: string): void {
    this.#around.console.act(id);
  }

  /** An operator's command, whose process may die and whose clock may be off. */
  order(id?: string): void {
    const { launcher, weather, console, orders, badLaptops } = this.#around;
    const random = this.#random;
    const schedule = console.pick(random, id);
    if (schedule === undefined) return;
    const fate = weather.isCalm ? undefined : this.#fate();
    const clock = weather.isCalm ? undefined : randomClock(random, badLaptops);
    launcher.command((ports) => orders.act(ports, schedule), { fate, clock });
  }

  #fate(): Fate | undefined {
    const random = this.#random;
    if (!random.chance(0.25)) return undefined;
    const stage = random.pick(["before", "after", "answered"] as const);
    if (random.chance(0.5)) return { atCall: random.int(0, 20), stage };
    return { on: random.pick(["PUT", "append source", "writeControl"]), atCall: 0, stage };
  }
}
