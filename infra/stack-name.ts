import type { Construct } from "constructs";
import { DEFAULT_ACCOUNT } from "../functions/contract.ts";
import { textFromContext } from "./settings.ts";

/**
 * A stack for each account. What CloudFormation can't carry is refused, not replaced: `a.b` and `a_b` made one name would be
 * one stack, and the second account would take over the first one's watchdog.
 */
export function stackNameOf(app: Construct): string {
  const account = textFromContext(app, "account") ?? DEFAULT_ACCOUNT;
  if (account === DEFAULT_ACCOUNT) return "RunWatchdog";
  if (!/^[A-Za-z0-9-]+$/.test(account)) {
    throw new Error(
      `account names the stack as well, so it must be letters, digits and dashes, got "${account}": ` +
        "use such a name, or put the construct RunWatchdog into a stack of your own",
    );
  }
  return `RunWatchdog-${account}`;
}
