import { MOST_REASON } from "../../src/policy/index.ts";
import * as operate from "../../src/watchdog/policies/operate.ts";
import { type Command, FORCE } from "../command.ts";

export const resume: Command = {
  name: "resume",
  about: "End a pause",
  options: { reason: { value: "TEXT", required: true, about: "Why, for the audit" }, ...FORCE },
  examples: [['resume --reason "Apify is back"', "the next tick stops again what breaches"]],
  writes: () => true,
  async run({ args, terminal, connect, answer }) {
    const reason = args.required("reason", MOST_REASON);
    const { ports, operator } = await connect();
    const by = await operator();
    const resumed = await operate.resume(ports, by, reason);
    if (args.flag("json")) answer({ resumed, by, reason });
    else if (resumed) terminal.out(`Resumed by ${by}: the next tick stops again what breaches.`);
    else terminal.out("There was no pause: nothing was changed.");
    return 0;
  },
};
