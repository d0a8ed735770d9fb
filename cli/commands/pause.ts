import { parseDurationSecs } from "../../src/policy/index.ts";
import * as operate from "../../src/watchdog/operate.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { fromNow, minuteOf } from "../when.ts";

/** `2h` from now, or a time such as 2026-11-24T18:00Z. */
function untilOf(text: string, now: Date): Date {
  const secs = parseDurationSecs(text);
  const isTime = /^\d{4}-\d\d-\d\d/.test(text);
  const at =
    secs === undefined ? new Date(isTime ? text : Number.NaN) : new Date(now.getTime() + secs * 1000);
  if (Number.isNaN(at.getTime())) {
    throw new UsageError(
      `--until: got "${text}", wanted a span such as 2h or a time such as 2026-11-24T18:00Z.`,
    );
  }
  if (at > now) return at;
  throw new UsageError(`--until: ${at.toISOString()} is not in the future; it is ${now.toISOString()}.`);
}

export const pause: Command = {
  name: "pause",
  about: "Stop nothing from now on; go on looking",
  options: {
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    until: { value: "WHEN", about: "When it ends by itself: a span such as 2h, or a time" },
  },
  examples: [
    ['pause --reason "Apify incident" --until 2h', "for two hours"],
    ['pause --reason "month-end crawl"', "until resumed"],
  ],
  async run({ args, terminal, connect }) {
    const reason = args.required("reason");
    const { ports, operator } = await connect();
    const now = ports.clock.now();
    const wish = args.text("until");
    const until = wish === undefined ? undefined : untilOf(wish, now);
    const by = await operator();
    await operate.pause(ports, { by, reason, ...(until && { until }) });
    if (args.flag("json")) {
      terminal.out(
        JSON.stringify({ paused: true, by, reason, until: until?.toISOString() ?? null }, null, 2),
      );
      return 0;
    }
    const end = until ? `until ${minuteOf(until)} UTC (${fromNow(until, now)})` : "until you resume";
    terminal.out(`Paused by ${by}, ${end}. No abort call leaves, forced ones included.`);
    return 0;
  },
};
