import { createEmulator, steppedClock } from "../../emulator/index.ts";
import { pushPolicy } from "../../src/watchdog/policies/policies.ts";
import { Operators } from "./operators.ts";
import type { Violation } from "./oracle/history.ts";
import { Oracle } from "./oracle/oracle.ts";
import { Aiming, type Means } from "./process/aiming.ts";
import { Launcher } from "./process/launcher.ts";
import { People } from "./process/people.ts";
import type { Plant, Surroundings } from "./process/ports.ts";
import { Rival } from "./process/rival.ts";
import { heldSecret } from "./process/secret.ts";
import { Weather } from "./process/weather.ts";
import { Witness } from "./process/witness.ts";
import { type Random, seededRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { Console } from "./sources/console.ts";
import { Orders } from "./sources/orders.ts";
import { SourcePeople } from "./sources/source-people.ts";
import { DynamoStorage } from "./storage/dynamo-storage.ts";
import { memoryStorage } from "./storage/memory-storage.ts";
import type { Storage } from "./storage/storage.ts";
import type { Transcript } from "./transcript.ts";
import { Users } from "./users.ts";
import { calledIn } from "./world/called.ts";
import type { Plan } from "./world/plan.ts";
import type { SourcesPlan } from "./world/sources-plan.ts";

const START = new Date("2026-09-01T08:00:00.000Z");
const ACCOUNT = "sim";

/** A world as it runs, with all that is in it. */
export class Simulation {
  readonly witness: Witness;
  readonly #plan: Plan;
  readonly #scheduler: Scheduler;
  readonly #world: Surroundings;
  readonly #launcher: Launcher;
  readonly #rival: Rival | undefined;
  readonly #oracles: readonly Oracle[];
  readonly #users: Users;
  readonly #people: People;
  readonly #sources: SourcePeople | undefined;
  /** Runs that it is promised to stop, and for which nobody is known to have taken a call. */
  readonly #promised = new Set<string>();
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
      { account: ACCOUNT, cycleStart, called: calledIn(plan.world, START.getTime()) },
      emulator,
      storage.rows,
      tell,
    );
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
      allowHolds: plan.sources !== undefined,
      secret: () => heldSecret(plan.secrets, clock.now() - START.getTime(), this.witness),
    };
    this.#launcher = new Launcher(this.#scheduler, this.#world, plant);
    if (plan.hasRival) this.#rival = new Rival(plan, this.#world, this.#scheduler, random.fork("rival"));
    this.#oracles = [new Oracle(this.witness), ...(this.#rival ? [this.#rival.oracle] : [])];
    this.#users = new Users(random.fork("users"), emulator, this.witness);
    const stops: string[] = [];
    const seen = { runs: () => this.witness.truth.runs(), stops: () => stops };
    this.#people = new People(random, stops, {
      plan,
      weather,
      scheduler: this.#scheduler,
      launcher: this.#launcher,
      operators: new Operators(random.fork("operators"), plan, seen),
      users: this.#users,
    });
    if (plan.sources) this.#sources = this.#sourcePeople(random.fork("sources"), plan, plan.sources);
    if (plan.aim) this.#aimBy(new Aiming(random.fork("aim"), plan.aim, this.#means()));
  }

  #sourcePeople(random: Random, { policy, badLaptops }: Plan, plan: SourcesPlan): SourcePeople {
    const { emulator, weather } = this.#world;
    const note = (scheduleId: string) =>
      this.witness.releases.push({ scheduleId, atMs: this.#scheduler.nowMs });
    return new SourcePeople(random, {
      ...{ plan, weather, badLaptops, launcher: this.#launcher },
      console: new Console(random.fork("console"), emulator, this.witness),
      orders: new Orders(random.fork("orders"), policy, note),
    });
  }

  #aimBy(aiming: Aiming): void {
    this.#launcher.onMoment = (process, what, side) => aiming.take(process, what, side);
  }

  #means(): Means {
    const { weather, tell } = this.#world;
    const tick = { atMs: 0, timeoutMs: 30_000, signalAfterMs: 22_000, isWarm: true };
    return {
      isCalm: () => weather.isCalm,
      isPromised: (runId) => this.#promised.has(runId),
      run: (runId) => this.witness.truth.runs().find(({ id }) => id === runId),
      after: (ms, act) => void this.#scheduler.after(ms, act),
      operator: (run) => this.#people.seeTo(run),
      forbid: (run) => this.#people.forbid(run),
      user: (run) => this.#users.about(run),
      order: (id) => this.#sources?.order(id),
      inConsole: (id) => this.#sources?.inConsole(id),
      tick: () => this.#launcher.tick(tick),
      tell,
    };
  }

  async play(goesOn: (history: Witness) => boolean = () => true): Promise<void> {
    const plan = this.#plan;
    const at = (ms: number, act: () => void): void => {
      this.#scheduler.at(START.getTime() + ms, act);
    };
    at(0, () => this.#launcher.command((ports) => pushPolicy(ports, plan.policy, "setup"), { isSafe: true }));
    this.#rival?.begin(at);
    for (const tick of plan.ticks) at(tick.atMs, () => this.#launcher.tick(tick));
    for (const ms of plan.operatorsAtMs) at(ms, () => this.#people.operate());
    const { agedAtMs } = plan.newer ?? {};
    if (agedAtMs !== undefined)
      at(agedAtMs, () => {
        this.#launcher.endAll();
        this.#world.storage.age();
        this.#world.tell("the tables are as an older release would have left them");
      });
    for (const ms of plan.newer?.acknowledgesAtMs ?? []) at(ms, () => this.#people.quiet());
    this.#sources?.begin(at);
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
      for (const fault of plan.sources?.lasting ?? [])
        this.#world.emulator.faults.add({ ...fault, times: Number.POSITIVE_INFINITY });
    });
    const wantsMore = () => goesOn(this.witness);
    const endMs = START.getTime() + plan.activeMs + plan.calmMs;
    await this.#scheduler.runUntil(endMs, () => this.#look() && wantsMore());
    // Ticks that began before the calm are over a minute later at the latest.
    for (const oracle of this.#oracles)
      if (!this.#isBroken && wantsMore()) oracle.end(START.getTime() + plan.activeMs + 60_000);
  }

  get violations(): readonly Violation[] {
    return this.#oracles.flatMap(({ violations }) => violations);
  }

  get left(): Storage["left"] {
    return this.#world.storage.left;
  }

  get refused(): Storage["refused"] {
    return this.#world.storage.refused;
  }

  /** What comes after the first broken promise says little. */
  get #isBroken(): boolean {
    return this.violations.length > 0;
  }

  #note(text: string): void {
    const [, what = "", runId = ""] = /"kind":"abort\.(\w+)".*"runId":"(\w+)"/.exec(text) ?? [];
    if (what === "intended" || what === "forced") this.#promised.add(runId);
    if (["requested", "confirmed", "moot", "withdrawn"].includes(what)) this.#promised.delete(runId);
  }

  #look(): boolean {
    for (const oracle of this.#oracles) oracle.look();
    const { entries } = this.witness;
    for (; this.#looked < entries.length; this.#looked++) {
      const { text = "" } = entries[this.#looked] ?? {};
      this.#people.read(text);
      this.#note(text);
    }
    return !this.#isBroken;
  }
}
