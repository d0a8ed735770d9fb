import type { Pause } from "../../src/policy/index.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { fromNow } from "../show/when.ts";

/** `until 2026-09-01 18:00 UTC (in 2h)`, or `until resumed`. */
export const endOfPause = ({ until }: Pause, now: Date): string =>
  until ? `until ${minuteOf(until)} UTC (${fromNow(until, now)})` : "until resumed";
