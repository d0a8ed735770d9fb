import { setImmediate as turn } from "node:timers/promises";
import type { VirtualClock } from "../../emulator/index.ts";
import type { Clock } from "../../src/watchdog/model/ports.ts";

type Sleeper = { readonly at: number; readonly wake: () => void };

/** So many turns of the event loop without an end are taken for "all are asleep". */
const IDLE_TURNS = 3;

/**
 * The emulator's clock as the watchdog's: nobody waits for real. While work is under way and everybody sleeps, time
 * jumps to the next one's hour. `isBusy`: somebody is waited for whom this clock does not drive, such as a database.
 */
export function virtualTime(
  clock: VirtualClock,
  isBusy = () => false,
): Clock & { run<T>(work: Promise<T>): Promise<T> } {
  const sleepers = new Set<Sleeper>();
  const wakeNext = (): void => {
    const next = [...sleepers].toSorted((a, b) => a.at - b.at)[0];
    if (next === undefined) return;
    if (next.at > clock.now()) clock.advance(next.at - clock.now());
    sleepers.delete(next);
    next.wake();
  };
  return {
    now: () => new Date(clock.now()),
    monotonicMs: () => clock.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper: Sleeper = {
          at: clock.now() + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", sleeper.wake, { once: true });
      }),
    async run(work) {
      let done = false;
      const finish = (): void => {
        done = true;
      };
      work.then(finish, finish);
      for (let idle = 0; !done; idle++) {
        await turn();
        const isIdle = idle >= IDLE_TURNS && sleepers.size > 0;
        if (isIdle && !isBusy()) wakeNext();
        if (isIdle || isBusy()) idle = 0;
      }
      return work;
    },
  };
}
