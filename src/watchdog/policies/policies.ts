import { parseNewPolicy } from "../../policy/index.ts";
import { hashOfPolicy, readPushes } from "../audit/pushes.ts";
import { type ControlState, stateOf } from "../model/control.ts";
import { checkGiven } from "../model/given.ts";
import type { OperatorPorts } from "../model/ports.ts";
import { WEAKER_DEPLOYMENT, withoutAcknowledged } from "./acknowledged.ts";
import { type Operator, operate } from "./operate.ts";

/** A document that is to be put in force, by whom and why, and the version that its author saw in force. */
export type Push = {
  readonly document: unknown;
  readonly by: Operator;
  /** `undefined`: none was pushed. */
  readonly seen: number | undefined;
  readonly reason?: string;
  /** The version whose document this is. */
  readonly rolledBackTo?: number;
};

/** The number behind every one that was ever pushed: after a restored state table no number is given twice. */
const nextVersion = async ({ audit }: OperatorPorts, seen: number | undefined): Promise<number> =>
  Math.max(seen ?? 0, ...(await readPushes(audit)).byVersion.keys()) + 1;

/**
 * Puts a document in force behind the version that its author saw; its entry holds the document and its hash. Returns the
 * new version, or `undefined` when somebody has pushed since: nothing is written then. Throws `PolicyError` on a document
 * that can't be used, `ConfigError` on a reason that can't be kept.
 */
export async function pushBehind(
  ports: OperatorPorts,
  { document, by, seen, reason, rolledBackTo }: Push,
  patchFor: (version: number) => Partial<ControlState> = () => ({}),
): Promise<number | undefined> {
  parseNewPolicy(document);
  checkGiven({ by, reason });
  const version = await nextVersion(ports, seen);
  const change = {
    version,
    previousVersion: seen ?? null,
    ...(rolledBackTo !== undefined && { rolledBackTo }),
    ...(reason !== undefined && { reason }),
    hash: hashOfPolicy(document),
    document,
  };
  const isPushed = await operate(
    ports,
    (control) =>
      control.policyVersion === seen
        ? {
            next: {
              ...withoutAcknowledged(stateOf(control), WEAKER_DEPLOYMENT),
              ...patchFor(version),
              policyVersion: version,
            },
            entry: { kind: "policy.pushed", by, change },
          }
        : undefined,
    { policy: { version, document } },
  );
  return isPushed ? version : undefined;
}

/**
 * Puts a policy document (JSON, already read from YAML) in force as the next version, whatever is in force. Throws
 * `PolicyError` on a document that can't be used, before anything is written. Returns the version.
 */
export async function pushPolicy(ports: OperatorPorts, document: unknown, by: Operator): Promise<number> {
  for (;;) {
    const { policyVersion: seen } = await ports.state.readControl();
    const version = await pushBehind(ports, { document, by, seen });
    if (version !== undefined) return version;
  }
}
