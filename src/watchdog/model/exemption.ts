import {
  type Exemption,
  type ExemptionSubject,
  exempts,
  formatUsd,
  type Observation,
} from "../../policy/index.ts";
import type { Control } from "./control.ts";

export type ValidExemption = Exemption & { readonly kind: "valid" };

export const findExemption = (control: Control, { kind, id }: ExemptionSubject): Exemption | undefined =>
  control.exemptions.find(({ subject }) => subject?.kind === kind && subject.id === id);

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
    return `its cost has reached ${formatUsd(ceilingMicroUsd)}, the ceiling of the exemption of ${subject.kind} ${subject.id} (${owner}: ${reason})`;
  }
  return undefined;
}
