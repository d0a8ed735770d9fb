import type { Random } from "../../../watchdog/model/ports.ts";

/** Apify's advice for 429 and 5xx: DELAY = 500 ms, sleep random(DELAY, 2 × DELAY), double DELAY, repeat. */
const DELAY_MS = 500;

/** How long to wait before the next try when `waits` waits have passed: 500 to 1000, 1000 to 2000, 2000 to 4000 ms. */
export const backoffMs = (waits: number, random: Random): number => DELAY_MS * 2 ** waits * (1 + random());
