import { MOST_REASON, type Pause } from "../../src/policy/index.ts";
import { ConflictError } from "../../src/watchdog/model/errors.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import * as operate from "../../src/watchdog/policies/operate.ts";
import { type Command, FORCE } from "../command.ts";
import { ASKS, asksFirst, confirmed } from "../confirm.ts";
import { previewResume } from "../policy/preview-resume.ts";
import { sentence } from "../show/words.ts";

export const resume: Command = {
  name: "resume",
  about: "End a pause",
  options: { reason: { value: "TEXT", required: true, about: "Why, for the audit" }, ...ASKS, ...FORCE },
  examples: [
    ['resume --reason "Apify is back" --dry-run', "which live runs would the next tick stop?"],
    [
      'resume --reason "Apify is back"',
      "shows the same, asks, and then the next tick stops again what breaches",
    ],
  ],
  notes:
    "It asks first, or takes --yes. What it shows is the policy in force on the live runs as they are now.",
  writes: (args) => !args.flag("dry-run"),
  async run(invocation) {
    const { args, terminal, connect, answer } = invocation;
    const reason = args.required("reason", MOST_REASON);
    const connection = await connect();
    const { ports, operator } = connection;
    const { pause } = await ports.state.readControl();
    // A dry run ends nothing, also where somebody pauses while it is made.
    if (args.flag("dry-run") || (pause !== undefined && asksFirst(args))) {
      const plan = pause
        ? [
            sentence(`Paused by ${pause.by} since ${minuteOf(pause.since)} UTC: ${pause.reason}`),
            ...(await previewResume(invocation, connection)),
          ]
        : ["There is no pause."];
      const code = await confirmed(invocation, { plan, question: "Resume", told: { resumed: false } });
      if (code !== undefined) return code;
    }
    const by = await operator();
    const isShown = (standing: Pause): boolean => standing.since.getTime() === pause?.since.getTime();
    const done = await operate.resume(ports, by, reason, asksFirst(args) ? isShown : undefined);
    if (done.kind === "another") {
      const { pause: other } = done;
      throw new ConflictError(
        `Meanwhile ${other.by} paused: ${other.reason}. Nothing was changed: the same command again shows that pause.`,
      );
    }
    const resumed = done.kind === "resumed";
    if (args.flag("json")) answer({ resumed, by, reason });
    else if (resumed) terminal.out(`Resumed by ${by}: the next tick stops again what breaches.`);
    else terminal.out("There was no pause: nothing was changed.");
    return 0;
  },
};
