import type { Decisions, Policy } from "../../../policy/index.ts";
import type { Coverage } from "../../observe/list.ts";
import type { Context } from "../context.ts";
import { sawAll } from "../heartbeat.ts";
import { type Tick, WITHOUT_TOKEN } from "../phases.ts";
import type { InControl } from "../take-control.ts";
import { amissAfter, lasting, type Reason } from "./amiss.ts";
import { announceLoops } from "./announce-loops.ts";
import { blindRules } from "./blind.ts";
import { ofLoops } from "./loops.ts";
import { isGrave, reasonsOf, skippedReasons } from "./reasons.ts";
import { renamedUnder } from "./renames.ts";
import { ofSelecting, selectingAfter } from "./selecting.ts";

/** The loops that go on; each that has begun is announced. */
async function loopsAfter(
  { pass, phases }: Pick<Tick, "pass" | "phases">,
  { state }: InControl,
  policy: Policy,
): Promise<readonly Reason[]> {
  const loops = await ofLoops(pass, phases, policy, state);
  await phases.run("announcing loops", () => announceLoops(pass, loops, state), WITHOUT_TOKEN);
  return loops.flatMap(({ reason }) => reason ?? []);
}

/** What calls for a person after all of the work, or will if it lasts. Remembered with the heartbeat. */
export async function lookBack(
  { pass, phases }: Tick,
  control: InControl | undefined,
  { cover, decided }: { readonly cover: Coverage | undefined; readonly decided: Decisions },
) {
  const policy = control?.inForce?.policy;
  const { amiss, judged, observations, ports, tick } = pass;
  const isLacking = Object.keys(decided.unjudged).length > 0;
  const ofRuns = policy ? blindRules(policy, observations.values(), isLacking, ports.clock.now()) : [];
  const blind = [...ofRuns, ...judged.blind];
  if (control?.inForce) amiss.renamed = renamedUnder(pass, control.inForce);
  const loops = control && policy ? await loopsAfter({ pass, phases }, control, policy) : [];
  const found = reasonsOf(pass, decided, blind, policy);
  if (control?.inForce) amiss.selecting = await selectingAfter(pass, phases, control.inForce);
  const lost = policy ? ofSelecting(pass, policy) : [];
  // Only so many are remembered. What must be seen in several ticks goes before loops, of which there may be hundreds.
  const reasons = [...found, ...lost, ...loops];
  const looked = { startedAt: tick.startedAt, sawAll: sawAll(pass, cover) && !phases.areOver };
  amiss.kept = amissAfter(amiss.kept, reasons, looked);
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
