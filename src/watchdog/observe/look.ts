import {
  judgeRun,
  type LedgerView,
  type Observation,
  ownerOf,
  standingsOf,
  stopFor,
} from "../../policy/index.ts";
import { standingByHand } from "../model/by-hand.ts";
import type { Context, PolicyInForce } from "../model/context.ts";
import type { Control, OpenIntent } from "../model/control.ts";
import { viewWithoutOpen } from "../model/control.ts";
import { plainEvidence } from "../model/evidence.ts";
import type { LiveRun } from "../model/live.ts";
import type { Reading } from "../model/ports.ts";
import type { Standing } from "../stop/ladder.ts";
import { knownOf } from "./known.ts";
import { observationOf, remember } from "./remember.ts";
import { rebase } from "./spending.ts";

/** A reading this old may still be acted on; an older one is taken again. */
export const FRESH_MS = 5_000;

export const isFresh = (observedAt: Date, now: Date): boolean =>
  now.getTime() - observedAt.getTime() <= FRESH_MS;

/** A run's detail, read just now and remembered. */
export type Fresh =
  | { readonly kind: "missing"; readonly observedAt: Date }
  | { readonly kind: "found"; readonly observation: Observation };

/** A run that this tick knows nothing of may be recorded all the same: what of its cost is in the cells counts there. */
async function counted({ ledger, ports }: Context, live: LiveRun): Promise<LiveRun> {
  const item = await ports.state.readRun(live.run.id);
  return item ? rebase(live, item, ledger.completeAt) : live;
}

/** Reads a run and puts what it shows into the tick's memory. */
export async function lookAt(
  context: Context,
  runId: string,
  signal: AbortSignal = context.signal,
): Promise<Fresh> {
  const reading: Reading = await context.ports.apify.readRun(runId, signal);
  if (reading.kind === "missing") return reading;
  const { run, observedAt } = reading;
  const seen = { run, observedAt, source: "detail" as const };
  const before = context.live.get(runId);
  const remembered = remember(before, seen, context.ledger.completeAt);
  const live = before ? remembered : await counted(context, remembered);
  context.live.set(runId, live);
  const known = knownOf(context.observations.get(runId) ?? context.known.get(runId) ?? {});
  // Of overlapping looks the newer one is remembered; what this look judges is this look all the same.
  const observation = { ...observationOf(live, known), run, observedAt, source: "detail" as const };
  return { kind: "found", observation };
}

/** Does what is in force now still condemn the run of an open intent? Exemption, pause and mode have their say. */
export function standingOf(
  inForce: PolicyInForce | undefined,
  intent: OpenIntent,
  observation: Observation,
  control: Control,
  now: Date,
  ledger?: LedgerView,
): Standing {
  if (inForce === undefined) return { kind: "forbidden", reason: "no policy is in force" };
  if (intent.order) return standingByHand(control, observation, now);
  const { policy } = inForce;
  const options = { underIntent: true, budgets: ledger && standingsOf(policy, ledger, now) };
  const stop = stopFor(policy, observation, viewWithoutOpen(control), now, options);
  if (stop && !stop.guard && stop.mode === "enforce") {
    const { rule, step, evidence } = stop;
    const owner = ownerOf(policy, rule);
    const by = { ruleId: rule.id, step, policyVersion: inForce.version, evidence: plainEvidence(evidence) };
    return { kind: "condemned", by: { ...by, ...(owner !== undefined && { owner }) } };
  }
  const own = judgeRun(policy, observation, now, options).find(({ rule }) => rule.id === intent.ruleId);
  if (own?.applies === "unresolved") return { kind: "unknown", reason: "a name could not be resolved" };
  if (own?.applies === "yes" && own.verdict.kind === "unknown")
    return { kind: "unknown", reason: own.verdict.reason };
  // Another rule's guard says nothing of a rule that can't be judged: hence only after that one was asked.
  if (stop?.guard) return { kind: "forbidden", reason: `${stop.guard} now protects the run` };
  if (stop) return { kind: "forbidden", reason: "the rule is only observed now" };
  return { kind: "forbidden", reason: "no rule condemns the run any more" };
}
