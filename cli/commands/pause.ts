import { MOST_REASON, type Pause } from "../../src/policy/index.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import * as operate from "../../src/watchdog/policies/operate.ts";
import { type Command, FORCE } from "../command.ts";
import { ASKS, confirmed } from "../confirm.ts";
import { untilOf } from "../options/span-options.ts";
import { untilText } from "../show/when.ts";

const endOf = ({ until }: Pause): string => (until ? `until ${minuteOf(until)} UTC` : "until resumed");

const planText = (until: Date | undefined, now: Date): string =>
  until
    ? `Nothing is stopped ${untilText(until, now)}.`
    : "This pause has no end: nothing is stopped until somebody resumes. With --until it ends by itself.";

export const pause: Command = {
  name: "pause",
  about: "Stop nothing from now on; go on looking",
  options: {
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    until: {
      value: "WHEN",
      about: "When it ends by itself: a span (2h), a day (tomorrow) or a time",
    },
    ...ASKS,
    ...FORCE,
  },
  examples: [
    ['pause --reason "Apify incident" --until 2h', "for two hours"],
    ['pause --reason "month-end crawl" --yes', "until resumed"],
  ],
  notes:
    "A pause without --until asks first, or takes --yes, and calls for attention until it is resumed. A second pause replaces the first, and says so. When its time is up a pause is without effect at once; the next tick writes that down.",
  writes: (args) => !args.flag("dry-run"),
  async run(invocation) {
    const { args, terminal, connect, answer } = invocation;
    const reason = args.required("reason", MOST_REASON);
    const { ports, operator } = await connect();
    const now = ports.clock.now();
    const wish = args.text("until");
    const until = wish === undefined ? undefined : await untilOf(wish, ports);
    if (until === undefined || args.flag("dry-run")) {
      const deed = {
        plan: [planText(until, now)],
        question: "Pause without an end",
        told: { paused: false },
      };
      const code = await confirmed(invocation, deed);
      if (code !== undefined) return code;
    }
    const by = await operator();
    const replaced = await operate.pause(ports, { by, reason, ...(until && { until }) });
    if (args.flag("json")) {
      const replaces = replaced ? operate.toldPause(replaced) : null;
      answer({ paused: true, by, reason, until: until?.toISOString() ?? null, replaces });
      return 0;
    }
    const end = until ? untilText(until, now) : "until you resume";
    terminal.out(`Paused by ${by}, ${end}. No abort call leaves, forced ones included.`);
    if (replaced)
      terminal.out(`It replaces the pause by ${replaced.by}: ${replaced.reason} (${endOf(replaced)}).`);
    return 0;
  },
};
