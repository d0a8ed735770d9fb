import { parseNewPolicy } from "../../policy/index.ts";
import { hashOfPolicy } from "../audit/pushes.ts";
import type { OperatorPorts } from "../model/ports.ts";
import { isAcknowledged, WEAKER_DEPLOYMENT } from "./acknowledged.ts";
import { pushBehind } from "./policies.ts";
import { lookForPolicy, orAbsent } from "./policy-in-force.ts";
import { weakerIn } from "./weaker.ts";

/** What became of a deployment's policy. */
export type Adoption =
  | { readonly kind: "adopted"; readonly version: number }
  | { readonly kind: "known" }
  /** Somebody pushed by hand since the last deployment's. */
  | { readonly kind: "passed-over"; readonly inForce: number }
  /** It guards less than what is in force, and nobody said that it may. */
  | {
      readonly kind: "weaker";
      readonly inForce: number;
      readonly lost: readonly string[];
      readonly acknowledged: boolean;
    }
  /** What is in force was pushed only just now, and can't be read yet. */
  | { readonly kind: "not-yet" };

type Allowing = {
  /** The same document in mode enforce, where the deployment leaves the mode to what is in force. */
  readonly enforced?: unknown;
  /** The version that it may weaken. */
  readonly allowWeaker?: number | undefined;
};

/**
 * Puts the policy of a deployment in force when it is new, guards no less than what is in force, and nobody has pushed another
 * by hand since the last deployment's. Throws `PolicyError` on a document that can't be used; what is in force stays then.
 */
export async function adoptPolicy(
  ports: OperatorPorts,
  observed: unknown,
  { enforced, allowWeaker }: Allowing = {},
): Promise<Adoption> {
  const hashes = [observed, ...(enforced === undefined ? [] : [enforced])].map(hashOfPolicy);
  for (;;) {
    const control = await ports.state.readControl();
    const { policyVersion: seen, deployedPolicy: last } = control;
    if (last && hashes.includes(last.hash)) return { kind: "known" };
    if (seen !== undefined && seen !== last?.version) return { kind: "passed-over", inForce: seen };
    const { found, absent } = await orAbsent(lookForPolicy(ports, control));
    if (absent) return { kind: "not-yet" };
    const inForce = found?.inForce;
    const document = enforced !== undefined && inForce?.policy.mode === "enforce" ? enforced : observed;
    const lost = inForce ? weakerIn(inForce.policy, parseNewPolicy(document)) : [];
    if (inForce && lost.length > 0 && allowWeaker !== inForce.version) {
      const acknowledged = isAcknowledged(control, WEAKER_DEPLOYMENT, ports.clock.now());
      return { kind: "weaker", inForce: inForce.version, lost, acknowledged };
    }
    const deployed = (version: number) => ({ deployedPolicy: { hash: hashOfPolicy(document), version } });
    const version = await pushBehind(ports, { document, by: "deployment", seen }, deployed);
    if (version !== undefined) return { kind: "adopted", version };
  }
}
