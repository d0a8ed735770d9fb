import type { VirtualClock } from "../../emulator/index.ts";

type Event = { readonly atMs: number; readonly order: number; act: (() => void) | undefined };

const before = (a: Event, b: Event): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** Everything that awaits nothing but promises has run when the next turn of Node's event loop begins. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Virtual time: a queue of events, earliest first, those of one instant in the order of their coming. Each event is
 * followed by whatever continuations it set free, before the next one is looked at. So the order of all that happens
 * hangs on the seed alone.
 */
export class Scheduler {
  readonly #clock: VirtualClock;
  #heap: Event[] = [];
  #order = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get nowMs(): number {
    return this.#clock.now();
  }

  /** Has `act` happen at an instant, at once if that is past. Returns what calls it off. */
  at(atMs: number, act: () => void): () => void {
    const event: Event = { atMs: Math.max(Math.ceil(atMs), this.nowMs), order: this.#order++, act };
    this.#push(event);
    return () => {
      event.act = undefined;
    };
  }

  after(ms: number, act: () => void): () => void {
    return this.at(this.nowMs + ms, act);
  }

  /** Lets everything up to an instant happen, for as long as `goesOn`, which sees the world after each event. */
  async runUntil(untilMs: number, goesOn: () => boolean): Promise<void> {
    for (;;) {
      const event = this.#heap[0];
      if (event === undefined || event.atMs > untilMs) break;
      this.#pop();
      if (event.act === undefined) continue;
      this.#clock.advance(event.atMs - this.nowMs);
      event.act();
      await settled();
      if (!goesOn()) return;
    }
    this.#clock.advance(Math.max(0, untilMs - this.nowMs));
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let child = heap.push(event) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || before(above, event)) break;
      heap[child] = above;
      heap[parent] = event;
      child = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let parent = 0;
    heap[0] = last;
    for (;;) {
      let child = 2 * parent + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left !== undefined && right !== undefined && before(right, left)) child += 1;
      const least = heap[child];
      if (least === undefined || before(last, least)) break;
      heap[parent] = least;
      heap[child] = last;
      parent = child;
    }
  }
}
