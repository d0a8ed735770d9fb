import { MOST_REASON } from "../../src/policy/index.ts";
import { findSource, holderOf } from "../../src/watchdog/hold/list-sources.ts";
import { scheduleUrl, scheduleWords } from "../../src/watchdog/model/holds/hold.ts";
import { holdsOf, leftOf } from "../../src/watchdog/model/holds/sources.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { orderRelease } from "../../src/watchdog/tick/outside.ts";
import { type Command, FORCE } from "../command.ts";
import { ASKS, confirmed } from "../confirm.ts";
import { capital, sentence } from "../show/words.ts";
import { UNKNOWN_YET } from "./hold.ts";

const ORDER_MS = 60_000;

export const release: Command = {
  name: "release",
  about: "Enable a schedule that the watchdog has disabled",
  positionals: [{ name: "schedule", about: "The schedule, by its id or name" }],
  options: {
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    ...ASKS,
    ...FORCE,
  },
  examples: [
    ['release prices-every-minute --reason "month end" --dry-run', "who holds it, and until when?"],
    ['release prices-every-minute --reason "month end"', "shows the same, asks, enables it"],
  ],
  notes:
    "It asks first, or takes --yes. No rule holds the schedule again until the hold's time would have been up. It is enabled only if it is still as the " +
    "watchdog left it; one that somebody else changed meanwhile is reported, and a second release enables it as it is now. A pause holds it back.",
  writes: (args) => !args.flag("dry-run"),
  async run(invocation) {
    const { args, terminal, connect, signal, answer } = invocation;
    const reason = args.required("reason", MOST_REASON);
    const wish = args.required("schedule");
    const { ports, operator } = await connect();
    const control = await ports.state.readControl();
    const isMeant = (each: { readonly scheduleId: string; readonly name?: string }): boolean =>
      each.scheduleId === wish || each.name === wish;
    const hold = holdsOf(control).find(isMeant);
    const left = leftOf(control).find(isMeant);
    const scheduleId = (hold ?? left)?.scheduleId ?? (await findSource(ports, wish, signal))?.id;
    if (scheduleId === undefined) {
      terminal.err(
        `Apify has no schedule "${wish}" that this token may read. The account's schedules: watchdog sources`,
      );
      return 1;
    }
    const { name } = hold ?? left ?? {};
    const whose = scheduleWords({ scheduleId, ...(name !== undefined && { name }) });
    const Whose = capital(whose);
    const plan = hold
      ? [
          sentence(`${Whose} is held by ${holderOf(hold)} until ${minuteOf(hold.until)} UTC`),
          "It is enabled, and starts runs as its times come; no rule holds it again until then.",
        ]
      : left
        ? [
            sentence(
              `${Whose} was disabled by the watchdog and changed by somebody else; it is enabled as it is now`,
            ),
          ]
        : [sentence(`${Whose} is not held by the watchdog`)];
    const code = await confirmed(invocation, {
      plan,
      question: `Enable ${whose}`,
      told: { scheduleId, released: false },
    });
    if (code !== undefined) return code;
    const by = await operator();
    const endsBy = new Date(ports.clock.now().getTime() + ORDER_MS);
    const uncut = AbortSignal.timeout(ORDER_MS);
    const result = await orderRelease(ports, { scheduleId, by, reason }, { signal: uncut, endsBy });
    const { kind, why, outcomes } = result;
    if (args.flag("json"))
      answer({
        scheduleId,
        released: kind === "done",
        kind,
        ...(why !== undefined && { why }),
        by,
        reason,
        outcomes,
      });
    else if (kind === "done") terminal.out(sentence(`${Whose} is enabled again`));
    else if (kind === "open") terminal.out(`${Whose} is to be enabled; ${UNKNOWN_YET}`);
    else terminal.err(`${Whose} (${scheduleUrl(scheduleId)}) was not enabled: ${why}`);
    return kind === "refused" ? 1 : 0;
  },
};
