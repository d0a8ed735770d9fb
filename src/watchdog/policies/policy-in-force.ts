import { PolicyError, parseStoredPolicy } from "../../policy/index.ts";
import { hashOfPolicy, type Pushed, type Pushes, readPushes } from "../audit/pushes.ts";
import type { Control, PolicyInForce } from "../model/control.ts";
import { AbsentPolicyError, ConfigError } from "../model/errors.ts";
import type { AuditReads, Clock, ControlReads, Memory } from "../model/ports.ts";

/**
 * A control state may be read between its own commit and that of the document and the entry that were pushed with it: what
 * seems to be missing is looked for again before anything is made of that.
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

/** Why a document is not the one that was pushed, if so. Pushes of before entries held hashes vouch for none. */
function unlike(push: Pushed, hash: string): string | undefined {
  if (push.hash === undefined || push.hash === hash) return undefined;
  return `its document in the state table is not the one that was pushed: its hash is ${hash.slice(0, 12)}…, pushed was ${push.hash.slice(0, 12)}…`;
}

const bad = (problem: string): Reading => ({ kind: "bad", problem });

/** One version, read, parsed and held against its push. Only what a person must mend is a bad one; a read that fails is thrown. */
async function readPushed(
  { state, clock }: Pick<PolicySources, "state" | "clock">,
  version: number,
  push: Pushed | undefined,
  reads = 1,
): Promise<Reading> {
  try {
    let document = await state.readPolicy(version);
    for (let again = 1; document === undefined && again < reads; again++) {
      await clock.sleep(BETWEEN_READS_MS);
      document = await state.readPolicy(version);
    }
    if (document === undefined) return { kind: "bad", problem: "it is not in the store", missing: true };
    const policy = parseStoredPolicy(document);
    const hash = hashOfPolicy(document);
    if (push === undefined) return bad("the audit has no entry that it was pushed");
    const problem = unlike(push, hash);
    return problem ? bad(problem) : { kind: "good", inForce: { version, hash, document, policy } };
  } catch (error) {
    if (!(error instanceof PolicyError) && !(error instanceof ConfigError)) throw error;
    return bad(error.message.replaceAll("\n", "; "));
  }
}

/** One version as it can be used, or why it can't. */
export const readVersion = async (ports: PolicySources, version: number): Promise<Reading> =>
  readPushed(ports, version, (await readPushes(ports.audit)).byVersion.get(version));

/** The pushes, as far as the control state knows of them; a chain that is behind it is read again. */
async function pushesFor({ audit, clock }: PolicySources, { head }: Control): Promise<Pushes> {
  for (let reads = 1; ; reads++) {
    const pushes = await readPushes(audit);
    if (pushes.end >= (head?.sequence ?? 0) || reads === MAX_READS) return pushes;
    await clock.sleep(BETWEEN_READS_MS);
  }
}

/** Was it pushed so long ago that its document can't be on its way any more? */
const isLongPushed = ({ at }: Pushed, now: Date): boolean =>
  now.getTime() - new Date(at).getTime() > ABSENT_MINUTES * 60_000;

async function readSettled(
  ports: PolicySources,
  version: number,
  push: Pushed | undefined,
  reads?: number,
): Promise<Reading> {
  const reading = await readPushed(ports, version, push, reads);
  const isOnItsWay =
    reading.kind === "bad" && reading.missing && push && !isLongPushed(push, ports.clock.now());
  if (isOnItsWay) throw new AbsentPolicyError(version, `${ABSENT_MINUTES} minutes`);
  return reading;
}

/**
 * The policy in force: the version that the control state points to or, where that can't be used, the newest earlier one
 * that was pushed and can. A document that is not the one of its push is not used. `undefined` when none was pushed. Throws
 * `AbsentPolicyError` while a document pushed only just now is missing, or its entry, `ConfigError` when none can be used,
 * and whatever a read throws that failed: none is ever taken for "no policy".
 */
export async function policyInForce(ports: PolicySources, control: Control): Promise<ReadPolicy | undefined> {
  const { policyVersion: wanted, head } = control;
  if (wanted === undefined) return undefined;
  const { byVersion, end } = await pushesFor(ports, control);
  if (!byVersion.has(wanted) && end < (head?.sequence ?? 0)) {
    throw new AbsentPolicyError(wanted, `${ABSENT_MINUTES} minutes`);
  }
  const pointed = await readSettled(ports, wanted, byVersion.get(wanted), MAX_READS);
  if (pointed.kind === "good") return pointed.inForce;
  const { problem } = pointed;
  const earlier = [...byVersion.values()].filter(({ version }) => version < wanted);
  for (const push of earlier.sort((a, b) => b.version - a.version)) {
    const reading = await readSettled(ports, push.version, push);
    if (reading.kind === "good") return { ...reading.inForce, fellBack: { version: wanted, problem } };
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

/**
 * Reads each version, and holds it against its push, once for a process that lives on: what can be used never changes. What
 * can't may be mended.
 */
export function policyReader(
  ports: PolicySources & { readonly memory: Memory },
): (control: Control) => Promise<PolicyInForce | undefined> {
  const cache = ports.memory.policies;
  const fallbacks = new Map<number, PolicyInForce>();
  return async (control) => {
    const { policyVersion: version } = control;
    if (version === undefined) return undefined;
    const cached = cache.get(version);
    if (cached) return cached;
    const known = fallbacks.get(version);
    if (known) return known;
    const inForce = await policyInForce(ports, control);
    if (inForce?.fellBack) fallbacks.set(version, inForce);
    else if (inForce) cache.set(version, inForce);
    return inForce;
  };
}
