import type { Policy } from "../../src/policy/index.ts";
import { policyInForce } from "../../src/watchdog/policies/policy-in-force.ts";
import type { Command } from "../command.ts";
import { promotionLines, promotionTold } from "../lines/policy/promotion-lines.ts";
import { readPromotion } from "../policy/read-promotion.ts";

/** The same policy, were all of its rules enforced. */
const enforced = (policy: Policy): Policy => ({
  ...policy,
  mode: "enforce",
  rules: policy.rules.map(({ mode: _mode, ...rule }) => rule),
});

export const policyObserved: Command = {
  name: "policy observed",
  about: "What rules that are only observed would have stopped so far, and what became of those runs",
  examples: [
    ["policy observed", "before you enforce: each rule, for how long, which stops, which of them wrong"],
    ["policy observed --json", "the same for a program, with the runs"],
  ],
  notes:
    "By what the watchdog wrote down when it looked, at most 90 days back; nothing is replayed. policy push shows the same of the rules that it makes stop runs. For a policy that was not in force: backtest.",
  async run(invocation) {
    const { args, terminal, paint, connect, answer, pasteable } = invocation;
    const connection = await connect();
    const { ports } = connection;
    const inForce = await policyInForce(ports, await ports.state.readControl());
    const after = inForce && enforced(inForce.policy);
    const promotion = after && (await readPromotion(invocation, connection, inForce, after));
    const version = inForce?.version ?? null;
    if (args.flag("json")) answer({ version, promotion: promotionTold(promotion) });
    else if (inForce === undefined)
      terminal.out(
        pasteable("No policy was pushed yet, so nothing is observed: watchdog policy push policy.yaml"),
      );
    else if (promotion === undefined)
      terminal.out(`Version ${version} is in force. None of its rules is only observed.`);
    else terminal.out(promotionLines(promotion, { columns: terminal.columns, paint, pasteable }));
    return promotion?.kind === "unknown" ? 1 : 0;
  },
};
