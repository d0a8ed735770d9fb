import {
  type Exemption,
  type ExemptionSubject,
  exempts,
  formatUsd,
  type Observation,
} from "../../policy/index.ts";
import type { Control } from "./control.ts";

export type ValidExemption = Exemption & { readonly kind: "valid" };

/** Is it of the very same runs, under the same rule? Another one takes its place then, and stands beside it else. */
export const isSameSubject = (
  a: ExemptionSubject | undefined,
  { kind, id, ruleId }: ExemptionSubject,
): boolean => a?.kind === kind && a.id === id && a.ruleId === ruleId;

export const findExemption = (control: Control, wanted: ExemptionSubject): Exemption | undefined =>
  control.exemptions.find(({ subject }) => isSameSubject(subject, wanted));

/** What an entry says of a subject; what was stored may be anything. */
type ToldSubject = { readonly kind: string; readonly id: string; readonly ruleId?: string };

/** `actor nFJn…`, or `actor nFJn… (rule no-run-over-5-usd alone)`. */
export const subjectWords = (subject: ToldSubject | undefined): string => {
  if (subject === undefined) return "every run";
  const { kind, id, ruleId } = subject;
  return `${kind} ${id}${ruleId === undefined ? "" : ` (rule ${ruleId} alone)`}`;
};

/** The very grant, and not another of the same subject. */
export const isSameGrant = (a: Exemption | undefined, b: ValidExemption): a is ValidExemption =>
  a?.kind === "valid" &&
  a.until.getTime() === b.until.getTime() &&
  a.grantedAt?.getTime() === b.grantedAt?.getTime();

/** As if its ceiling could not be reached. */
export const withoutCeiling = ({ ceilingMicroUsd: _ceiling, ...rest }: ValidExemption): ValidExemption =>
  rest;

/** Why a run is stopped although an exemption of it stands: its cost has reached the ceiling. */
export function ceilingReached(
  { exemptions }: Pick<Control, "exemptions">,
  ruleId: string,
  observation: Observation,
  now: Date,
): string | undefined {
  for (const each of exemptions) {
    if (each.kind === "malformed" || each.ceilingMicroUsd === undefined) continue;
    if (!exempts(withoutCeiling(each), ruleId, observation, now)) continue;
    const { subject, owner, reason, ceilingMicroUsd } = each;
    return `its cost has reached ${formatUsd(ceilingMicroUsd)}, the ceiling of the exemption of ${subjectWords(subject)} (${owner}: ${reason})`;
  }
  return undefined;
}
