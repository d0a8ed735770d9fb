import { pushPolicy } from "../../../src/watchdog/policies/policies.ts";
import { Oracle } from "../oracle/oracle.ts";
import type { Random } from "../random.ts";
import type { Scheduler } from "../scheduler.ts";
import { memoryStorage } from "../storage/memory-storage.ts";
import { calledIn } from "../world/called.ts";
import type { Plan } from "../world/plan.ts";
import { randomPolicy } from "../world/policies.ts";
import { Launcher } from "./launcher.ts";
import type { Surroundings } from "./ports.ts";
import { Witness } from "./witness.ts";

const ACCOUNT = "rival";
const MINUTE = 60_000;

/**
 * Another watchdog on the same Apify account, with tables and a policy of its own: to each the other is somebody who stops
 * runs. It is judged as the first one is.
 */
export class Rival {
  readonly oracle: Oracle;
  readonly #witness: Witness;
  readonly #launcher: Launcher;
  readonly #plan: Plan;
  readonly #random: Random;

  constructor(plan: Plan, world: Surroundings, scheduler: Scheduler, random: Random) {
    const { cycleStart = { day: 1 } } = plan.world;
    const storage = memoryStorage(ACCOUNT);
    const about = { account: ACCOUNT, cycleStart, called: calledIn(plan.world, world.witness.nowMs()) };
    this.#plan = plan;
    this.#random = random;
    this.#witness = new Witness(about, world.emulator, storage.rows, world.tell);
    this.oracle = new Oracle(this.#witness);
    this.#witness.others.push(world.witness);
    world.witness.others.push(this.#witness);
    const own = { ...world, account: ACCOUNT, storage, witness: this.#witness };
    this.#launcher = new Launcher(scheduler, own, undefined, "rival ");
  }

  /** When its ticks are, from the world's start, and what is done first. */
  begin(at: (ms: number, act: () => void) => void): void {
    const { activeMs, calmMs, theme, hasBudgets } = this.#plan;
    const policy = randomPolicy(this.#random, { ...(theme && { theme }), hasBudgets });
    at(0, () => this.#launcher.command((ports) => pushPolicy(ports, policy, "setup"), { isSafe: true }));
    for (let ms = this.#random.int(10, 60) * 1_000; ms < activeMs + calmMs - 2 * MINUTE; ms += MINUTE) {
      const tick = { atMs: ms, timeoutMs: 50_000, signalAfterMs: 42_000, isWarm: true };
      at(ms, () => this.#launcher.tick(tick));
    }
  }
}
