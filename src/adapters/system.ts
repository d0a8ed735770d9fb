import { randomUUID } from "node:crypto";
import type { Clock, Random } from "../watchdog/model/ports.ts";

/** The longest delay that a Node.js timer takes, about 24 days; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, MAX_DELAY_MS));
      signal?.addEventListener("abort", wake, { once: true });
    }),
};

export const systemRandom: Random = () => Math.random();

/** A version 4 UUID: no two ticks share one, wherever they run. */
export const newTickId = (): string => randomUUID();
