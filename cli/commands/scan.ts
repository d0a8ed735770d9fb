import type { Command } from "../command.ts";
import { EVERY, looking } from "../policy/looking.ts";
import { scanned } from "../policy/scan-ports.ts";

export const scan: Command = {
  name: "scan",
  about: "Look at the live runs now: what would be stopped? Stops and writes nothing",
  options: {
    ...EVERY,
    policy: { value: "FILE", about: "By this policy instead of the one in force" },
    "max-usd-per-run": { value: "N", about: "By this limit in USD instead" },
    "max-run-time": { value: "SPAN", about: "By this limit on time (6h) instead" },
    "max-usd-per-day": { value: "N", about: "By this budget of a day in USD instead" },
    "max-usd-per-month": { value: "N", about: "By this budget of a month in USD instead" },
  },
  examples: [
    ["scan", "what would the policy in force stop now?"],
    [
      "scan --max-usd-per-run 5 --max-run-time 6h",
      "what would these limits stop now? Needs only APIFY_TOKEN",
    ],
    ["scan --policy policy.yaml --json", "the same for a policy file, as a tick report"],
  ],
  notes:
    "The policy is judged in observe mode in memory, on what the tables know, if there are any; Apify is only read; what maxAborts would hold is shown as a stop. watchdog tick does what it says. Exit code 1: something is over a limit at which it is to be stopped.",
  endsItself: true,
  run: (invocation) => looking(invocation, () => scanned(invocation)),
};
