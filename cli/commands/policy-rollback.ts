import { MOST_REASON } from "../../src/policy/index.ts";
import { type RollbackTarget, rollbackTarget } from "../../src/watchdog/policies/rollback.ts";
import { type Command, FORCE } from "../command.ts";
import { ASKS } from "../confirm.ts";
import { changePolicy } from "../policy/change-policy.ts";
import { sentence } from "../show/words.ts";

const refusal = (target: Exclude<RollbackTarget, { readonly kind: "found" | "in-force" }>): string => {
  if (target.kind === "no-policy") return "No policy was pushed yet: there is nothing to go back to.";
  if (target.kind === "first") return "Version 1 is the first one: there is nothing to go back to.";
  return `${sentence(`Version ${target.version} can't be used: ${target.problem}`)} Versions: watchdog policy list`;
};

export const policyRollback: Command = {
  name: "policy rollback",
  about: "Put what an earlier version says in force again, as a new version",
  positionals: [{ name: "number", about: "Which version (default: the one before)", optional: true }],
  options: {
    reason: { value: "TEXT", required: true, about: "Why, for the audit" },
    ...ASKS,
    ...FORCE,
  },
  examples: [
    ['policy rollback --reason "stopped too much"', "what was in force before the last push"],
    ['policy rollback 1 --reason "as in May" --dry-run', "what that would change"],
  ],
  writes: (args) => !args.flag("dry-run"),
  async run(invocation) {
    const { args, terminal, answer } = invocation;
    const [wish, reason] = [args.count("number"), args.required("reason", MOST_REASON)];
    const { ports } = await invocation.connect();
    const target = await rollbackTarget(ports, wish);
    if (target.kind === "in-force") {
      if (args.flag("json")) answer({ pushed: false, version: target.version });
      else terminal.out(`Version ${target.version} is in force: nothing was changed.`);
      return 0;
    }
    if (target.kind !== "found") {
      terminal.err(refusal(target));
      return 1;
    }
    const { document, version } = target.policy;
    return changePolicy(invocation, { document, reason, rolledBackTo: version });
  },
};
