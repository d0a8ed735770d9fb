import { DAY_MS, MOST_REASON } from "../../src/policy/index.ts";
import { findSource } from "../../src/watchdog/hold/list-sources.ts";
import { scheduleUrl, scheduleWords } from "../../src/watchdog/model/holds/hold.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { orderHold } from "../../src/watchdog/tick/outside.ts";
import { type Command, FORCE } from "../command.ts";
import { ASKS, confirmed } from "../confirm.ts";
import { untilOf } from "../options/span-options.ts";
import { untilText } from "../show/when.ts";
import { capital, sentence } from "../show/words.ts";

/** What is said of an order whose outcome nobody could read. */
export const UNKNOWN_YET = "what came of it is not known yet, and the next tick goes on with it.";

/** For how long an order may take; ticks go on with it in any case. */
const ORDER_MS = 60_000;
const MOST_MS = 31 * DAY_MS;

export const hold: Command = {
  name: "hold",
  about: "Disable a schedule until a time; the watchdog enables it again",
  positionals: [{ name: "schedule", about: "The schedule, by its id or name" }],
  options: {
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    until: {
      value: "WHEN",
      required: true,
      about: "When it is enabled again: a span (2h), a day (tomorrow) or a time; at most 31 days",
    },
    ...ASKS,
    ...FORCE,
  },
  examples: [
    [
      'hold prices-every-minute --until 2h --reason "the shop is down" --dry-run',
      "what does it start, and when next?",
    ],
    ['hold prices-every-minute --until 2h --reason "the shop is down"', "shows the same, asks, disables it"],
  ],
  notes:
    "It asks first, or takes --yes. Runs that are live go on. The hold is written before the schedule is disabled. At its end the watchdog's ticks " +
    "enable the schedule, if it is still as it was left: what somebody else changes meanwhile stays as it is. A pause holds it back, and the order too. " +
    "The token needs Write on the schedule, and Run on each Actor that it starts.",
  writes: (args) => !args.flag("dry-run"),
  async run(invocation) {
    const { args, terminal, connect, signal, answer, pasteable } = invocation;
    const reason = args.required("reason", MOST_REASON);
    const wish = args.required("schedule");
    const { ports, operator } = await connect();
    const until = await untilOf(args.required("until"), ports, MOST_MS);
    const schedule = await findSource(ports, wish, signal);
    if (schedule === undefined) {
      terminal.err(
        `Apify has no schedule "${wish}" that this token may read. The account's schedules: watchdog sources`,
      );
      return 1;
    }
    const { id: scheduleId, name, nextRunAt } = schedule;
    const whose = scheduleWords({ scheduleId, ...(name !== undefined && { name }) });
    const next = nextRunAt ? `, next at ${minuteOf(nextRunAt)} UTC` : "";
    const now = ports.clock.now();
    const Whose = capital(whose);
    const deed = {
      plan: [
        `${sentence(`${Whose} is disabled ${untilText(until, now)}`)}${next ? ` It starts ${schedule.starts.length === 1 ? "1 Actor or task" : `${schedule.starts.length} Actors or tasks`}${next}.` : ""}`,
        "Runs that are live go on.",
      ],
      question: `Disable ${whose}`,
      told: { scheduleId, held: false },
    };
    const code = await confirmed(invocation, deed);
    if (code !== undefined) return code;
    const by = await operator();
    const endsBy = new Date(ports.clock.now().getTime() + ORDER_MS);
    // Once it is written, its call is not given up half-way.
    const uncut = AbortSignal.timeout(ORDER_MS);
    const result = await orderHold(ports, { scheduleId, by, reason }, until, { signal: uncut, endsBy });
    const { kind, why, outcomes } = result;
    if (args.flag("json")) {
      answer({
        scheduleId,
        held: kind === "done",
        kind,
        ...(why !== undefined && { why }),
        by,
        reason,
        until: until.toISOString(),
        outcomes,
      });
    } else if (kind === "done") {
      terminal.out(sentence(`${Whose} is disabled until ${minuteOf(until)} UTC`));
      terminal.out(pasteable(`To let it go: watchdog release ${scheduleId} --reason "…"`));
    } else if (kind === "open") terminal.out(`${Whose} is to be disabled; ${UNKNOWN_YET}`);
    else terminal.err(`${Whose} (${scheduleUrl(scheduleId)}) is not held: ${why}`);
    return kind === "refused" ? 1 : 0;
  },
};
