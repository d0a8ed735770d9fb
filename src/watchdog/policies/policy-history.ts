import { readChain } from "../audit/append.ts";
import { pushesIn } from "../audit/pushes.ts";
import { CONTROL_CHAIN } from "../model/entry.ts";
import { lookForPolicy, type PolicySources } from "./policy-in-force.ts";

/** One version of the policy, as the audit tells of it. */
export type PolicyVersion = {
  readonly version: number;
  readonly pushedAt: string;
  readonly by: string;
  /** Of the document as pushed; absent where it was pushed before entries held it. */
  readonly hash?: string;
  readonly reason?: string;
  readonly rolledBackTo?: number;
  /** The watchdog found that it can't be used, and why. */
  readonly problem?: string;
};

export type PolicyHistory = {
  /** The one really used; absent when none was pushed, or none can be used. */
  readonly inForce?: number;
  /** The oldest first. */
  readonly versions: readonly PolicyVersion[];
};

type Change = { readonly version?: number; readonly problem?: string };

/** Every version that was pushed: when, by whom and why. */
export async function policyHistory(ports: PolicySources): Promise<PolicyHistory> {
  const { entries } = await readChain(ports, CONTROL_CHAIN);
  const problems = new Map<number | undefined, string | undefined>();
  for (const { kind, change = {} } of entries) {
    const { version, problem } = change as Change;
    if (kind === "policy.fell-back") problems.set(version, problem);
  }
  const versions = pushesIn(entries).map(({ version, at, by, hash, reason, rolledBackTo }): PolicyVersion => {
    const problem = problems.get(version);
    return {
      version,
      pushedAt: at,
      by,
      ...(hash !== undefined && { hash }),
      ...(reason !== undefined && { reason }),
      ...(rolledBackTo !== undefined && { rolledBackTo }),
      ...(problem !== undefined && { problem }),
    };
  });
  const { inForce } = await lookForPolicy(ports, await ports.state.readControl());
  return { ...(inForce && { inForce: inForce.version }), versions };
}
