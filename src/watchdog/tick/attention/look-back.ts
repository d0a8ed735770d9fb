import type { Decisions } from "../../../policy/index.ts";
import type { Context } from "../context.ts";
import type { Tick } from "../phases.ts";
import type { InControl } from "../take-control.ts";
import { amissAfter, lasting, type Reason } from "./amiss.ts";
import { blindRules } from "./blind.ts";
import { ofLoops } from "./loops.ts";
import { isGrave, reasonsOf, skippedReasons } from "./reasons.ts";
import { renamedUnder } from "./renames.ts";
import { ofSelecting, selectingAfter } from "./selecting.ts";

/** What calls for a person after all of the work, or will if it lasts. Remembered with the heartbeat. */
export async function lookBack({ pass, phases }: Tick, control: InControl | undefined, decided: Decisions) {
  const policy = control?.inForce?.policy;
  const { amiss, judged, observations, ports, tick } = pass;
  const isLacking = Object.keys(decided.unjudged).length > 0;
  const ofRuns = policy ? blindRules(policy, observations.values(), isLacking, ports.clock.now()) : [];
  const blind = [...ofRuns, ...judged.blind];
  if (control?.inForce) amiss.renamed = renamedUnder(pass, control.inForce);
  const loops = control && policy ? await ofLoops(pass, phases, policy, control.state) : [];
  const found = reasonsOf(pass, decided, blind, policy);
  if (control?.inForce) amiss.selecting = await selectingAfter(pass, phases, control.inForce);
  const lost = policy ? ofSelecting(pass, policy) : [];
  // Only so many are remembered. What must be seen in several ticks goes before loops, of which there may be hundreds.
  const reasons = [...found, ...lost, ...loops];
  amiss.kept = amissAfter(amiss.kept, reasons, tick.startedAt);
  return { blind, reasons, isGrave: isGraveIn(pass) };
}

export const isGraveIn = ({ skipped }: Pick<Context, "skipped">): boolean =>
  [...skipped.keys()].some(isGrave);

/** With what failed since then, the heartbeat itself too, which nobody can remember. */
export function attentionAfter({ amiss, skipped }: Context, reasons: readonly Reason[]): readonly string[] {
  const known = new Set(reasons.map(({ id }) => id));
  const since = skippedReasons(skipped).filter(({ id }) => !known.has(id));
  return lasting([...reasons, ...since], amiss.kept);
}
