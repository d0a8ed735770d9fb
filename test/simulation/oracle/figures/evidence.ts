import type { EntryFields, EvidenceFields } from "../entry-text.ts";
import type { SeenEntry } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { checkBudget } from "../money/budgets.ts";
import { limitOf, type PolicyDocument, percentOf, type RuleText } from "../policy-text.ts";
import { isByHand } from "../stops/intents.ts";
import { micro, unitOf } from "../told.ts";
import { reaches } from "./judge.ts";
import { checkMeasured } from "./measured.ts";

type Finding = readonly [promise: string, text: string];

/** Entries that rest on a decision of their own; all others repeat the evidence of their intent. */
const DECISIONS: readonly string[] = [
  "step.notified",
  "abort.observed",
  "abort.held",
  "abort.intended",
  "abort.forced",
];

/** Evidence without what other rules said beside it, which only the decision itself tells. */
const own = ({ also: _also, ...evidence }: Record<string, unknown>): string => JSON.stringify(evidence);

/** Is what the entry says of its run what Apify said, and is it what the named rule asks for? */
export function* checkEvidence(know: Knowledge, seen: SeenEntry, entry: EntryFields): Generator<Finding> {
  const { evidence } = entry;
  if (evidence === undefined) return;
  yield* checkRunFigures(know, seen, entry);
  const order = entry.kind === "abort.intended" ? entry : know.intents.get(entry.intentId ?? "")?.entry;
  if (entry.ruleId === "by hand") {
    if (order === undefined || !isByHand(order)) yield ["P9", "nobody ordered it by hand"];
    return;
  }
  if (DECISIONS.includes(entry.kind)) {
    const document = know.control.document(entry.policyVersion);
    const rule = document?.rules.find(({ id }) => id === entry.ruleId);
    if (document === undefined || rule === undefined)
      return yield ["P9", `policy ${entry.policyVersion} has no rule ${entry.ruleId}`];
    // Of counts nothing is stopped in these worlds, and what they hold is judged with the holds.
    if (rule.budget && rule.budget.usd === undefined) return;
    yield* checkRule(entry, evidence, { document, rule });
    const check = rule.budget ? checkBudget : checkMeasured;
    yield* check(know, seen, entry, { document, rule });
    return;
  }
  const intent = know.intents.get(entry.intentId ?? "");
  if (intent === undefined)
    yield ["P9", `it belongs to the intent ${entry.intentId}, which is not in the audit`];
  else if (own({ ...intent.entry.evidence }) !== own({ ...evidence })) {
    yield ["P9", "its evidence is not that of its intent"];
  } else if (intent.entry.owner !== entry.owner) {
    yield [
      "P9",
      `it names ${entry.owner ?? "nobody"} as the owner, its intent ${intent.entry.owner ?? "nobody"}`,
    ];
  }
  const { finalUsageTotalUsd: final, overshootUsd: overshoot } = entry;
  // Of a limit that is not on the cost: what it cost after the intent.
  const from = evidence.metric === "usageTotalUsd" ? evidence.limit : intent?.entry.run?.usageTotalUsd;
  const over = final === undefined || from === undefined ? 0 : micro(final) - micro(from);
  if (overshoot !== undefined && micro(overshoot) !== Math.max(0, over)) {
    yield ["P9", `its overshoot of ${overshoot} USD is not ${final} less ${from}`];
  }
}

/** A cost in an entry is one that Apify has shown of this run. What it never showed is absent, not 0. */
function* checkRunFigures(
  know: Knowledge,
  seen: SeenEntry,
  { run, runId = "" }: EntryFields,
): Generator<Finding> {
  const usd = run?.usageTotalUsd;
  if (usd === undefined) return;
  const wasShown = know.readings
    .of(runId)
    .some((each) => each.usageTotalUsd !== undefined && micro(each.usageTotalUsd) === micro(usd));
  if (!wasShown)
    yield ["P9", `it says that the run cost ${usd} USD, which Apify showed to nobody until ${seen.commitMs}`];
}

/** Is it what the rule says: its limit, in its unit, one of its steps, whom to tell? */
function* checkRule(
  { step, owner }: EntryFields,
  evidence: EvidenceFields,
  { document, rule }: { readonly document: PolicyDocument; readonly rule: RuleText },
): Generator<Finding> {
  const { metric, value } = limitOf(rule);
  if (metric !== evidence.metric || micro(value) !== micro(evidence.limit)) {
    yield [
      "P9",
      `the rule limits ${metric} to ${value}, its evidence says ${evidence.metric} ${evidence.limit}`,
    ];
  }
  if (evidence.unit !== unitOf(metric))
    yield ["P9", `${metric} is measured in ${unitOf(metric)}, its evidence says ${evidence.unit}`];
  const { at = Number.NaN, do: action, basis = "actual" } = step ?? {};
  const isStep = rule.steps.some(
    (each) => percentOf(each.at) === at && each.do === action && (each.basis ?? "actual") === basis,
  );
  if (!isStep) yield ["P9", `the rule has no step ${action} at ${at} %, ${basis}`];
  if (evidence.basis !== basis)
    yield ["P9", `its step rests on an ${basis} figure, its evidence says ${evidence.basis}`];
  if (!reaches(metric, evidence.measured, at, value)) {
    yield ["P9", `${evidence.measured} does not reach ${at} % of ${value}`];
  }
  const whom = rule.owner ?? document.owner;
  if (owner !== whom)
    yield ["P9", `it names ${owner ?? "nobody"} as the owner, the rule ${whom ?? "nobody"}`];
}
