import type { Scheduler } from "../scheduler.ts";
import type { Sending } from "./sending.ts";

/** At which of its outgoing calls a process dies, the nth of those that begin so, and on which side of the effect. */
export type Fate = {
  readonly on?: string;
  readonly atCall: number;
  readonly stage: "before" | "after" | "answered";
};

/** After the answer to which of its calls, the nth of those that begin so, a process stands still, and for how long. */
export type Freeze = {
  readonly on?: string;
  readonly atCall: number;
  readonly forMs: number;
  /** So does its monotonic clock, as where the whole machine sleeps: only the clock on the wall tells. */
  readonly stopsClock: boolean;
};

/** On which side of one of its calls a process is: the call is about to leave, or its answer to be read. */
export type Side = "leaving" | "answered";

/** How far a process's clock on the wall is ahead of Apify's, in ms; behind when negative. It may be set meanwhile. */
export type WallClock = {
  readonly aheadMs: number;
  readonly set?: { readonly afterMs: number; readonly byMs: number };
};

/**
 * One running program: a tick, or an operator's command. All that it asks of the world passes here, takes time, and may
 * be the last thing that it does. Whoever waits in a dead process waits for ever.
 */
export class Process {
  readonly id: string;
  readonly #scheduler: Scheduler;
  readonly #fate: Fate | undefined;
  readonly #tell: (line: string) => void;
  readonly #pending = new Set<() => void>();
  readonly #freeze: Freeze | undefined;
  #calls = 0;
  #answers = 0;
  #frozenUntilMs = 0;
  #aheadMs: number;
  /** For how long its monotonic clock has stood still. */
  #stoodMs = 0;
  #alive = true;
  onDeath: (() => void) | undefined;
  onFirstAnswer: (() => void) | undefined;
  onFreeze: ((forMs: number) => void) | undefined;
  /** Asked as each of its calls leaves, and as the answer comes: for how long that is held up. */
  onMoment: ((what: string, side: Side) => number) | undefined;

  constructor(options: {
    id: string;
    scheduler: Scheduler;
    fate?: Fate | undefined;
    freeze?: Freeze | undefined;
    clock?: WallClock | undefined;
    tell: (line: string) => void;
  }) {
    this.id = options.id;
    this.#scheduler = options.scheduler;
    this.#fate = options.fate;
    this.#freeze = options.freeze;
    this.#aheadMs = options.clock?.aheadMs ?? 0;
    this.#tell = options.tell;
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  die(why: string): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#tell(`${this.id} dies ${why}`);
    for (const close of this.#pending) close();
    this.#pending.clear();
    this.onDeath?.();
  }

  /** It has ended by itself: nothing that it left behind can do anything any more. */
  finish(): void {
    this.#alive = false;
    this.#pending.clear();
  }

  send<T>(sending: Sending<T>): Promise<T> {
    const { what, passage, signal } = sending;
    const dies = this.#diesAt(what);
    return new Promise<T>((resolve, reject) => {
      let isOver = false;
      const over = (answered: boolean): void => {
        if (isOver) return;
        isOver = true;
        this.#pending.delete(lost);
        signal?.removeEventListener("abort", giveUp);
        sending.over?.(answered);
      };
      const lost = (): void => over(false);
      const giveUp = (): void => {
        over(false);
        reject(new DOMException("This operation was aborted", "AbortError"));
      };
      this.#pending.add(lost);
      signal?.addEventListener("abort", giveUp, { once: true });

      const arrive = (): void => {
        if (dies === "before") this.die(`before ${what}`);
        if (!this.#alive && !passage.landsAnyway) return;
        const failed = passage.fails;
        const { value, lateMs = 0 } = failed === "before" ? { value: undefined } : sending.effect();
        // A rejection is an answer like any other: it waits for its time.
        value?.catch(() => undefined);
        this.#tell(`${this.id} ${what}${failed ? ` fails ${failed} the effect` : ""}`);
        if (dies === "after") this.die(`after ${what}`);
        const deliver = (): void => {
          if (!this.#alive || isOver) return;
          over(failed === undefined);
          this.onFirstAnswer?.();
          this.onFirstAnswer = undefined;
          if (failed || value === undefined) reject(sending.error(failed ?? "before"));
          else value.then(resolve, reject);
          if (dies === "answered") this.die(`on the answer to ${what}`);
        };
        this.#scheduler.after(passage.downMs + lateMs, () => {
          if (!this.#alive || isOver) return;
          this.#freezeAt(what);
          const standsMs = this.onMoment?.(what, "answered") ?? 0;
          if (standsMs > 0 && !this.isFrozen) this.#standStill(what, standsMs, false);
          if (!this.#alive) return;
          if (this.isFrozen) sending.arrived?.();
          this.whenThawed(deliver);
        });
      };
      if (!this.#alive) return;
      const heldUpMs = this.onMoment?.(what, "leaving") ?? 0;
      this.#scheduler.after(passage.upMs + heldUpMs, arrive);
    });
  }

  #diesAt(what: string): Fate["stage"] | undefined {
    const { on = "", atCall, stage } = this.#fate ?? { atCall: -1 };
    return what.startsWith(on) && this.#calls++ === atCall ? stage : undefined;
  }

  get isFrozen(): boolean {
    return this.#scheduler.nowMs < this.#frozenUntilMs;
  }

  #freezeAt(what: string): void {
    const {
      on = "",
      atCall,
      forMs,
      stopsClock,
    } = this.#freeze ?? { atCall: -1, forMs: 0, stopsClock: false };
    if (this.isFrozen || !what.startsWith(on) || this.#answers++ !== atCall) return;
    this.#standStill(what, forMs, stopsClock);
  }

  #standStill(what: string, forMs: number, stopsClock: boolean): void {
    this.#frozenUntilMs = this.#scheduler.nowMs + forMs;
    if (stopsClock) this.#stoodMs += forMs;
    this.onFreeze?.(forMs);
    this.#tell(`${this.id} stands still for ${forMs} ms after ${what}`);
  }

  /** Now or, where it stands still, as soon as it goes on. */
  whenThawed(act: () => void): void {
    if (this.isFrozen) this.#scheduler.at(this.#frozenUntilMs, () => this.whenThawed(act));
    else act();
  }

  /** What it takes for the time. */
  wallMs(): number {
    return this.#scheduler.nowMs + this.#aheadMs;
  }

  setClock(byMs: number): void {
    this.#aheadMs += byMs;
    this.#tell(`the clock of ${this.id} is set by ${byMs} ms`);
  }

  /** Asked by the process alone, so never while it stands still. */
  monotonicMs(): number {
    return this.#scheduler.nowMs - this.#stoodMs;
  }

  /** Waits; ends early when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const untilMs = this.monotonicMs() + ms;
      let cancel = (): void => undefined;
      const wake = (): void => {
        cancel();
        signal?.removeEventListener("abort", wake);
        if (this.#alive) resolve();
      };
      const look = (): void => {
        const leftMs = untilMs - this.monotonicMs();
        if (leftMs <= 0) this.whenThawed(wake);
        else cancel = this.#scheduler.after(leftMs, look);
      };
      cancel = this.#scheduler.after(ms, look);
      signal?.addEventListener("abort", wake, { once: true });
    });
  }
}
