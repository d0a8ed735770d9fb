import { readPushes, versionBefore } from "../audit/pushes.ts";
import { lookForPolicy, type PolicySources, type ReadPolicy, readVersion } from "./policy-in-force.ts";

/** The version whose document is to be in force again, or why there is none. */
export type RollbackTarget =
  | { readonly kind: "found"; readonly policy: ReadPolicy }
  | { readonly kind: "no-policy" }
  | { readonly kind: "first" }
  | { readonly kind: "in-force"; readonly version: number }
  | { readonly kind: "unusable"; readonly version: number; readonly problem: string };

/** Finds what to go back to: the version named, else the one before the version in force. */
export async function rollbackTarget(
  ports: PolicySources,
  wish: number | undefined,
): Promise<RollbackTarget> {
  const control = await ports.state.readControl();
  const { policyVersion: pushed } = control;
  if (pushed === undefined) return { kind: "no-policy" };
  const { inForce } = await lookForPolicy(ports, control);
  if (wish !== undefined && wish === inForce?.version && !inForce.fellBack)
    return { kind: "in-force", version: wish };
  // Where an earlier version stands in for the pushed one, that is what it was before.
  const before = versionBefore(await readPushes(ports.audit), pushed);
  const version = wish ?? (inForce?.fellBack ? inForce.version : before);
  if (version === 0 && wish === undefined) return { kind: "first" };
  const reading = await readVersion(ports, version);
  return reading.kind === "good"
    ? { kind: "found", policy: reading.inForce }
    : { kind: "unusable", version, problem: reading.problem };
}
