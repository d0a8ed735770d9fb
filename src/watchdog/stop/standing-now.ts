import type { Observation } from "../../policy/index.ts";
import type { Control, OpenIntent } from "../model/control.ts";
import { type Standing, standingOf } from "../model/standing.ts";
import { orAbsent } from "../policies/policy-in-force.ts";
import type { Pursuing } from "./pursuing.ts";

/** What this reading of a run means for its intent, by the policy and the ledger as they are now and this control state. */
export async function standingNow(
  pass: Pursuing,
  control: Control,
  intent: OpenIntent,
  observation: Observation,
): Promise<Standing> {
  // Unknown, so that it neither calls nor takes back what another process promised.
  if (pass.observeOnly) return { kind: "unknown", reason: "this watchdog only observes" };
  const { found, absent } = await orAbsent(pass.policyOf(control));
  // What is pushed but not there yet may spare the run or condemn it.
  if (absent) return { kind: "unknown", reason: absent.message };
  const ledger = found && (await pass.ledgerOf(found.policy));
  return standingOf(found, intent, observation, control, pass.ports.clock.now(), ledger);
}
