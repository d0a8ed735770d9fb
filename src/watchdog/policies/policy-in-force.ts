import { PolicyError, parseStoredPolicy } from "../../policy/index.ts";
import type { Control, PolicyInForce } from "../model/control.ts";
import { CONTROL_CHAIN, type Entry } from "../model/entry.ts";
import { AbsentPolicyError, ConfigError } from "../model/errors.ts";
import type { AuditReads, Clock, ControlReads, Memory } from "../model/ports.ts";

/**
 * A control state may be read between its own commit and that of the document that was pushed with it: one that seems to
 * be missing is looked for again before anything is made of that.
 */
const MAX_READS = 3;
const BETWEEN_READS_MS = 50;

/**
 * A document that is missing so soon after its push is only not there yet, and says nothing of what its author wants: an
 * earlier, stricter version must not stop in its place what it may let live.
 */
const ABSENT_MINUTES = 10;

/** A policy that can be used, with its document as pushed. */
export type ReadPolicy = PolicyInForce & { readonly document: unknown };

type Reading =
  | { readonly kind: "good"; readonly inForce: ReadPolicy }
  | { readonly kind: "bad"; readonly problem: string; readonly missing?: true };

/** What tells which policy is in force. */
export type PolicySources = {
  readonly state: ControlReads;
  readonly audit: AuditReads;
  readonly clock: Clock;
};

/** One version, read and parsed. Only what a person must mend is a bad one; a read that fails is thrown. */
export async function readVersion(
  { state, clock }: Pick<PolicySources, "state" | "clock">,
  version: number,
  reads = 1,
): Promise<Reading> {
  try {
    let document = await state.readPolicy(version);
    for (let again = 1; document === undefined && again < reads; again++) {
      await clock.sleep(BETWEEN_READS_MS);
      document = await state.readPolicy(version);
    }
    if (document === undefined) return { kind: "bad", problem: "it is not in the store", missing: true };
    return { kind: "good", inForce: { version, document, policy: parseStoredPolicy(document) } };
  } catch (error) {
    if (!(error instanceof PolicyError) && !(error instanceof ConfigError)) throw error;
    return { kind: "bad", problem: error.message.replaceAll("\n", "; ") };
  }
}

/** Was this version pushed so long ago, by the audit, that its document can't be on its way any more? */
async function isLongPushed({ audit, clock }: PolicySources, version: number): Promise<boolean> {
  const entries = (await audit.readChain(CONTROL_CHAIN)).map(({ text }) => JSON.parse(text) as Entry);
  const push = entries.findLast(
    ({ kind, change }) => kind === "policy.pushed" && change?.version === version,
  );
  const age = push && clock.now().getTime() - new Date(push.at).getTime();
  return age !== undefined && age > ABSENT_MINUTES * 60_000;
}

async function readSettled(ports: PolicySources, version: number, reads?: number): Promise<Reading> {
  const reading = await readVersion(ports, version, reads);
  const isAbsent = reading.kind === "bad" && reading.missing && !(await isLongPushed(ports, version));
  if (isAbsent) throw new AbsentPolicyError(version, `${ABSENT_MINUTES} minutes`);
  return reading;
}

/**
 * The policy in force: the version that the control state points to or, where that can't be used, the newest earlier one
 * that can. `undefined` when none was pushed. Throws `AbsentPolicyError` while a document pushed only just now is missing,
 * `ConfigError` when none of them can be used, and whatever a read throws that failed: none is ever taken for "no policy".
 */
export async function policyInForce(ports: PolicySources, control: Control): Promise<ReadPolicy | undefined> {
  const { policyVersion: wanted } = control;
  if (wanted === undefined) return undefined;
  const pointed = await readSettled(ports, wanted, MAX_READS);
  if (pointed.kind === "good") return pointed.inForce;
  const { problem } = pointed;
  for (let version = wanted - 1; version > 0; version--) {
    const earlier = await readSettled(ports, version);
    if (earlier.kind === "good") return { ...earlier.inForce, fellBack: { version: wanted, problem } };
  }
  throw new ConfigError(
    `policy version ${wanted} is in force but can't be used (${problem}), and there is no earlier one that can: ` +
      "nothing is stopped until a policy is pushed",
  );
}

/** What was looked for or, where a document is only not there yet, the error that says so. */
export const orAbsent = <T>(found: Promise<T>): Promise<{ found?: T; absent?: AbsentPolicyError }> =>
  found.then(
    (value) => ({ found: value }),
    (error: unknown) => {
      if (error instanceof AbsentPolicyError) return { absent: error };
      throw error;
    },
  );

/** As `policyInForce`, for those who go on without one: `problem` says why none can be used. */
export async function lookForPolicy(
  ports: PolicySources,
  control: Control,
): Promise<{ readonly inForce?: ReadPolicy; readonly problem?: string }> {
  try {
    const inForce = await policyInForce(ports, control);
    return inForce ? { inForce } : {};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problem: error.message };
  }
}

/** Reads each version once, for a process that lives on: what can be used never changes. What can't may be mended. */
export function policyReader(
  ports: PolicySources & { readonly memory: Memory },
): (control: Control) => Promise<PolicyInForce | undefined> {
  const cache = ports.memory.policies;
  const fallbacks = new Map<number, PolicyInForce>();
  return async (control) => {
    const { policyVersion: version } = control;
    if (version === undefined) return undefined;
    const cached = cache.get(version);
    if (cached) return { version, policy: cached };
    const known = fallbacks.get(version);
    if (known) return known;
    const inForce = await policyInForce(ports, control);
    if (inForce?.fellBack) fallbacks.set(version, inForce);
    else if (inForce) cache.set(version, inForce.policy);
    return inForce;
  };
}
