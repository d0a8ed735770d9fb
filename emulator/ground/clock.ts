/** The emulator's only source of time. Runs are worked out from it at each request; nothing ticks. */
export interface VirtualClock {
  /** Epoch milliseconds. Must never go back. */
  now(): number;
  /** Moves the clock ahead by `ms` milliseconds. Throws on a negative or non-finite step. */
  advance(ms: number): void;
}

/** A clock that stands still until `advance()` moves it: for tests and simulations. */
export function steppedClock(startAt: Date): VirtualClock {
  let now = startAt.getTime();
  return {
    now: () => now,
    advance(ms) {
      now += checkedStep(ms);
    },
  };
}

/** A clock that runs with the real one, `speed` times as fast, from `startAt` (default: the real time). */
export function runningClock(options: { startAt?: Date; speed?: number } = {}): VirtualClock {
  const speed = options.speed ?? 1;
  if (!(speed > 0) || !Number.isFinite(speed)) {
    throw new RangeError(
      `A clock's speed must be a number above 0: got ${speed}. Use steppedClock() to stand still.`,
    );
  }
  // The monotonic clock: a change of the machine's date must not move virtual time.
  const realStart = performance.now();
  let ahead = 0;
  const start = options.startAt?.getTime() ?? Date.now();
  return {
    now: () => Math.floor(start + (performance.now() - realStart) * speed + ahead),
    advance(ms) {
      ahead += checkedStep(ms);
    },
  };
}

function checkedStep(ms: number): number {
  if (ms >= 0 && Number.isFinite(ms)) return ms;
  throw new RangeError(`A clock moves forward by a finite number of milliseconds: got ${ms}.`);
}
