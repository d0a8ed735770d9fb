import type { TrueRun } from "../../../emulator/index.ts";
import type { Random } from "../random.ts";
import type { Aim } from "../world/aims.ts";
import type { Process, Side } from "./process.ts";

type Moment = { readonly side: Side; readonly on: RegExp; readonly weight: number };

/** Before a reading, between it and the promise that rests on it, the promise and the call, the call and its answer, and what comes of it. */
const MOMENTS: readonly Moment[] = [
  { side: "leaving", on: /^GET \/v2\/actor-runs\/\w+$/, weight: 0.1 },
  { side: "answered", on: /^GET \/v2\/actor-runs\/\w+$/, weight: 0.1 },
  { side: "leaving", on: /^append abort\.(intended|forced) /, weight: 1 },
  { side: "answered", on: /^append abort\.(intended|forced) /, weight: 1 },
  { side: "leaving", on: /^POST /, weight: 1 },
  { side: "answered", on: /^POST /, weight: 1 },
  { side: "leaving", on: /^append abort\.(requested|failed|withdrawn|confirmed|moot) /, weight: 0.5 },
  { side: "answered", on: /^append (exemption\.granted|run\.undone) /, weight: 0.5 },
];

/** Before a schedule is read, between that and the promise, the promise and the change, that and its answer, and what is written of it. */
const OF_SOURCES: readonly Moment[] = [
  { side: "leaving", on: /^GET \/v2\/schedules\/\w+$/, weight: 0.4 },
  { side: "answered", on: /^GET \/v2\/schedules\/\w+$/, weight: 0.6 },
  { side: "leaving", on: /^PUT \/v2\/schedules\//, weight: 1.5 },
  { side: "answered", on: /^PUT \/v2\/schedules\//, weight: 1.5 },
  { side: "leaving", on: /^append source\./, weight: 1 },
  { side: "answered", on: /^append source\./, weight: 1 },
  { side: "leaving", on: /^writeControl$/, weight: 0.2 },
  { side: "answered", on: /^writeControl$/, weight: 0.2 },
];

/** Behind a promise that nobody has taken a call for there are few looks: of those so many are aimed at. */
const MOST_CHANCE = 0.6;

/** So long such a look is on its way: an operator asks four times or more before what he does is written down. */
const WHILE_THEY_ACT_MS = [0, 150, 300, 600];

/** Long enough for others to act meanwhile; longer than a reading stays fresh; than a call, a claim and a tick last. */
const BRIEFLY_MS = [0, 150, 600, 2_500, 4_500];
const LONG_MS = [5_500, 12_000, 40_000, 100_000, 6 * 60_000];

/** What may be done in a world with an aim. */
export type Means = {
  readonly isCalm: () => boolean;
  readonly run: (runId: string) => TrueRun | undefined;
  /** Is it promised to stop the run, and nobody is known to have taken a call for that? */
  readonly isPromised: (runId: string) => boolean;
  readonly after: (ms: number, act: () => void) => void;
  readonly operator: (run: TrueRun) => void;
  /** One who wants the run left alone. */
  readonly forbid: (run: TrueRun) => void;
  readonly user: (run: TrueRun) => void;
  /** The same about a schedule; any where no id is given. */
  readonly order: (scheduleId?: string) => void;
  readonly inConsole: (scheduleId?: string) => void;
  readonly tick: () => void;
  readonly tell: (line: string) => void;
};

/** What people may do about what a moment is about. */
type About = Readonly<Record<"operator" | "user", () => void>>;

/** Has people act, ticks begin and processes die or stand still where it matters most. Each moment is drawn by itself. */
export class Aiming {
  readonly #random: Random;
  readonly #aim: Aim;
  readonly #means: Means;
  readonly #times = new Map<string, number>();

  constructor(random: Random, aim: Aim, means: Means) {
    this.#random = random;
    this.#aim = aim;
    this.#means = means;
  }

  /** For how long the process is held up on this side of this call. */
  take(process: Process, what: string, side: Side): number {
    const moments = this.#aim.isOfSources ? [...OF_SOURCES, ...MOMENTS] : MOMENTS;
    const moment = moments.find((each) => each.side === side && each.on.test(what));
    if (moment === undefined || this.#means.isCalm()) return 0;
    const name = `${process.id} ${side} ${what}`;
    const times = (this.#times.get(name) ?? 0) + 1;
    this.#times.set(name, times);
    const random = this.#random.fork(`${name} ${times}`);
    const [, runId = ""] = /(?:run#|runs\/)(\w+)/.exec(what) ?? [];
    if (this.#isLookBehindPromise(what, side, runId) && random.chance(MOST_CHANCE)) {
      const run = this.#means.run(runId);
      this.#means.tell(`operator, as it is aimed at ${process.id} ${side} ${what}`);
      if (run)
        this.#means.after(random.int(0, 20), () =>
          this.#means[random.pick(["forbid", "operator"] as const)](run),
        );
      return random.pick(WHILE_THEY_ACT_MS);
    }
    if (!random.chance(this.#aim.chance * moment.weight)) return 0;
    const [, scheduleId] = /schedules\/(\w+)/.exec(what) ?? [];
    const isOfSource = OF_SOURCES.includes(moment);
    const about = isOfSource
      ? {
          operator: () => this.#means.order(scheduleId),
          user: () => this.#means.inConsole(scheduleId),
        }
      : this.#aboutRun(runId);
    return this.#strike(random, process, { what, side, ...(about && { about }) });
  }

  #isLookBehindPromise(what: string, side: Side, runId: string): boolean {
    return this.#aim.isClose && side === "leaving" && what.startsWith("GET") && this.#means.isPromised(runId);
  }

  #aboutRun(runId: string): About | undefined {
    const run = this.#means.run(runId);
    return run && { operator: () => this.#means.operator(run), user: () => this.#means.user(run) };
  }

  #strike(
    random: Random,
    process: Process,
    { what, side, about }: { readonly what: string; readonly side: Side; readonly about?: About },
  ): number {
    const { isHarsh } = this.#aim;
    const kinds = ["operator", "operator", "user", "tick"] as const;
    const kind = random.pick(isHarsh ? ([...kinds, "dies", "stands still"] as const) : kinds);
    this.#means.tell(`${kind}, as it is aimed at ${process.id} ${side} ${what}`);
    // What is on its way to Apify is no more than a few seconds on it.
    const briefly = isHarsh && !(side === "leaving" && /^(POST|PUT)/.test(what));
    const heldUpMs = briefly ? random.pick(BRIEFLY_MS) : 0;
    const soonMs = random.int(0, Math.max(20, Math.min(heldUpMs, 300)));
    switch (kind) {
      case "dies":
        process.die(`as it is aimed at ${what}`);
        return 0;
      case "stands still":
        return side === "answered" ? random.pick(LONG_MS) : heldUpMs;
      case "tick":
        this.#means.after(soonMs, this.#means.tick);
        return heldUpMs;
      default:
        if (about) this.#means.after(soonMs, about[kind]);
        return heldUpMs;
    }
  }
}
