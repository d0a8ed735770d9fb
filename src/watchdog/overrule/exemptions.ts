import { type Exemption, type ExemptionSubject, toUsd } from "../../policy/index.ts";
import { type Control, stateOf } from "../model/control.ts";
import { findExemption, type ValidExemption } from "../model/exemption.ts";
import { checkGiven } from "../model/given.ts";
import type { OperatorPorts } from "../model/ports.ts";
import { exemptRule, withoutAcknowledged } from "../policies/acknowledged.ts";
import { type Operator, operate } from "../policies/operate.ts";

/** The longest that an exemption may be granted for: a promise that nobody remembers is no promise. */
export const MOST_EXEMPT_MS = 90 * 86_400_000;

/** What an entry tells of an exemption. */
function told(exemption: Exemption) {
  if (exemption.kind === "malformed") return { problem: exemption.problem };
  const { name, until, owner, reason, ceilingMicroUsd, undoOf } = exemption;
  return {
    ...(name !== undefined && { name }),
    until: until.toISOString(),
    owner,
    reason,
    ...(ceilingMicroUsd !== undefined && { ceilingUsd: toUsd(ceilingMicroUsd) }),
    ...(undoOf !== undefined && { undoOf }),
  };
}

export const toldExemption = (exemption: ValidExemption) => ({
  subject: exemption.subject,
  ...told(exemption),
});

type Granted = {
  readonly exemption: ValidExemption;
  /** False when `when` said no: nothing was written then. */
  readonly granted: boolean;
  /** What stood for the same subject until now. */
  readonly replaced?: Exemption;
};

/** An undo that is not finished is told by its exemption: one that replaces it must tell it too. */
const undoOfThe = (replaced: Exemption | undefined) =>
  replaced?.kind === "valid" && replaced.undoOf !== undefined ? { undoOf: replaced.undoOf } : {};

/**
 * Promises not to stop a subject until a time or a ceiling. It replaces an exemption of the same subject. `when` is asked
 * of the very control state that the promise is written on. Throws `ConfigError` on an owner or a reason that can't be kept.
 */
export async function grantExemption(
  ports: OperatorPorts,
  wish: Omit<ValidExemption, "kind" | "grantedAt" | "noticedAt">,
  by: Operator,
  when: (control: Control) => boolean = () => true,
): Promise<Granted> {
  const { name, owner, reason, subject, undoOf } = wish;
  // The words before an undo's own reason make it longer; that was checked as it was given.
  checkGiven({
    by,
    owner,
    id: subject.id,
    ...(subject.ruleId !== undefined && { ruleId: subject.ruleId }),
    ...(name !== undefined && { name }),
    ...(undoOf === undefined && { reason }),
  });
  const wished: ValidExemption = { kind: "valid", ...wish, grantedAt: ports.clock.now() };
  let granting = wished;
  let replaced: Exemption | undefined;
  const granted = await operate(ports, (control) => {
    if (!when(control)) return undefined;
    replaced = findExemption(control, wish.subject);
    granting = { ...undoOfThe(replaced), ...wished };
    const change = { ...toldExemption(granting), ...(replaced && { replaces: told(replaced) }) };
    const entry = { kind: "exemption.granted", by, change } as const;
    const next = withoutAcknowledged(stateOf(control), exemptRule(wish.subject.id));
    return { next, entry, exemption: { put: granting } };
  });
  return { exemption: granting, granted, ...(granted && replaced && { replaced }) };
}

/**
 * Ends an exemption before its time, one that can't be read included. Returns what stood; `undefined` when there was
 * none, or when `when` said no of the one that stands: nothing was written then. With a `when`, only the very grant is
 * ended that it was asked of.
 */
export async function endExemption(
  ports: OperatorPorts,
  subject: ExemptionSubject,
  { by, reason, tickId }: { readonly by: Operator; readonly reason: string; readonly tickId?: string },
  when?: (exemption: Exemption) => boolean,
): Promise<Exemption | undefined> {
  checkGiven({ by, reason });
  let stood: Exemption | undefined;
  const ended = await operate(ports, (control) => {
    stood = findExemption(control, subject);
    if (stood === undefined || (when && !when(stood))) return undefined;
    const { reason: grantedFor, ...facts } = { reason: undefined, ...told(stood) };
    const change = { ...facts, subject, ...(grantedFor !== undefined && { grantedFor }), reason };
    return {
      next: stateOf(control),
      entry: { kind: "exemption.ended", by, ...(tickId && { tickId }), change },
      exemption: { remove: subject, ...(when && stood.kind === "valid" && { standing: stood }) },
    };
  });
  return ended ? stood : undefined;
}
