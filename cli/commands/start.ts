import type { Command } from "../command.ts";
import { capsFromOptions } from "../options/threshold-options.ts";
import { startOptionsFrom } from "../start/start-options.ts";

export const start: Command = {
  name: "start",
  about: "Watch an account on this machine: a pretend one, or yours, read-only",
  options: {
    once: { about: "One tick; then wait until what it stopped has ended (at most 60 s)" },
    web: { about: "The console beside it, one page in your browser: prints its address" },
    act: { about: "With --web, on the pretend account: the page may stop runs, let them run and so on" },
    policy: {
      value: "FILE",
      about: "The policy (default: policy.yaml here, else the example that comes along)",
    },
    "max-usd-per-run": { value: "N", about: "No policy file: abort a run that costs N USD" },
    "max-run-time": { value: "SPAN", about: "No policy file: abort a run that takes longer (6h)" },
    "max-usd-per-day": { value: "N", about: "No policy file: a budget of a day in USD" },
    "max-usd-per-month": { value: "N", about: "No policy file: a budget of a month in USD" },
  },
  examples: [
    ["start", "a pretend account with a day of believable runs at high speed; Ctrl-C ends it"],
    ["start --web", "the same, with the console in your browser"],
    ["start --once --max-usd-per-run 5", "one tick with one limit"],
  ],
  notes:
    "Without APIFY_TOKEN the account is a pretend one, and runs are really stopped there. With APIFY_TOKEN it is yours, and only observed: nothing but reads can be sent, whatever the policy says. The tables stay in .watchdog in this folder.",
  endsItself: true,
  async run({ args, terminal, env, signal, asking }) {
    const options = startOptionsFrom({
      once: args.flag("once"),
      json: args.flag("json"),
      web: args.flag("web"),
      act: args.flag("act"),
      policy: args.text("policy"),
      caps: capsFromOptions((option) => args.text(option)),
    });
    terminal.progress("Starting …");
    const { runStart } = await import("../start/run-start.ts");
    return runStart(options, { terminal, env, signal, asking });
  },
};
