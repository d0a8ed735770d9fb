import {
  judgeRun,
  type LedgerView,
  type Observation,
  ownerOf,
  type Step,
  standingsOf,
  stopFor,
} from "../../policy/index.ts";
import { guardOf } from "./by-hand.ts";
import {
  type Control,
  type OpenIntent,
  type PolicyInForce,
  type PolicyRef,
  refOf,
  viewWithoutOpen,
} from "./control.ts";
import type { EntryEvidence } from "./entry.ts";
import { plainEvidence } from "./evidence.ts";

/** The step of the policy in force that a reading reaches. */
type Condemning = PolicyRef & {
  readonly ruleId: string;
  readonly step: Step;
  readonly evidence: EntryEvidence;
  /** Whom the rule, or its policy, says to tell. */
  readonly owner?: string;
};

/** What policy and operators say now of a run that is promised to be stopped. */
export type Standing =
  /** `by`: the rule's step that condemns it on this reading; absent where an operator does. */
  | { readonly kind: "condemned"; readonly by?: Condemning }
  | { readonly kind: "forbidden"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * An ordered run stays condemned, whatever the rules say of it and in observe mode too, until it has ended; only an
 * exemption or a pause stands in the way. A tick that picks the intent up judges it by this.
 */
function standingByHand(control: Control, observation: Observation, now: Date): Standing {
  const guard = guardOf(control, observation, now);
  return guard ? { kind: "forbidden", reason: `${guard} now protects the run` } : { kind: "condemned" };
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
    const by = { ruleId: rule.id, step, ...refOf(inForce), evidence: plainEvidence(evidence) };
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
