import { MOST_REASON } from "../../src/policy/index.ts";
import { type Command, FORCE } from "../command.ts";
import { ASKS } from "../confirm.ts";
import { REQUIRES, requiredBacktest } from "../evidence/required-backtest.ts";
import { changePolicy } from "../policy/change-policy.ts";
import { readPolicyFile } from "../policy/policy-file.ts";

export const policyPush: Command = {
  name: "policy push",
  about: "Put a policy file in force, having shown what it changes",
  positionals: [{ name: "file", about: "A policy in YAML or JSON; - for standard input" }],
  options: {
    "if-changed": { about: "The default by now: what is in force already makes no version" },
    reason: { value: "TEXT", about: "Why, for the audit" },
    ...REQUIRES,
    ...ASKS,
    ...FORCE,
  },
  examples: [
    ["policy push policy.yaml --dry-run", "what would differ, and which live runs it would stop now"],
    ['policy push policy.yaml --reason "month end"', "the same, then in force from the next tick on"],
    ["policy push policy.yaml --yes --json", "in a pipeline, at each merge"],
    [
      "policy push policy.yaml --require-backtest --yes",
      "the same, and only where it would have stopped no healthy run",
    ],
  ],
  notes:
    "What means the same as the policy in force makes no version. What guards less than the policy in force, stops what was not stopped so far, would stop a live run now, or stops on timesTypical, asks first, or takes --yes. A mistake in the file changes nothing and ends with 1. So does a push of somebody else while the difference was being shown. --require-backtest refuses, with 1, what --fail-if says, and what too little is recorded to say anything of.",
  writes: (args) => !args.flag("dry-run"),
  async run(invocation) {
    const { args } = invocation;
    const reason = args.text("reason", MOST_REASON);
    const document = await readPolicyFile(args.required("file"));
    return changePolicy(invocation, { document, reason, gate: requiredBacktest(invocation) });
  },
};
