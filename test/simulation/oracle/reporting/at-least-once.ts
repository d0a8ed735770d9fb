import type { TrueRun } from "../../../../emulator/index.ts";
import type { EntryFields } from "../entry-text.ts";
import { type Figures, reachedBy } from "../figures/judge.ts";
import type { Knowledge } from "../knowledge.ts";
import { leastHeldAgainst } from "../money/budgets-at-rest.ts";
import { limitOf, type PolicyDocument } from "../policy-text.ts";
import { lifeIndexAt } from "../readings.ts";
import { LONG_MS, leastAgainst } from "../stops/liveness.ts";
import { ACTIVE, micro } from "../told.ts";

type Finding = readonly [promise: string, text: string, runId: string];

/** A stop is told by its intent or, where it is not made, by why. */
const OF_STOPS: readonly string[] = ["abort.intended", "abort.held", "abort.observed"];

type Told = EntryFields & { readonly commitMs: number };

/** A list tells no lives apart, nor does an answer whose count is left out or stands still: the run is taken for what it was. */
function isTold({ history, readings }: Knowledge, run: TrueRun, index: number): boolean {
  const shown = readings.of(run.id).filter(({ by }) => history.ticks.has(by));
  return shown.some(({ asOfMs, detail, status }) => {
    const life = lifeIndexAt(run, asOfMs);
    return detail?.stats.resurrectCount === index || (life === index - 1 && !ACTIVE.includes(status));
  });
}

/** What was written of the last life of a run, and of those before that nobody could tell from it. */
function toldOf(know: Knowledge, run: TrueRun): readonly Told[] {
  const last = run.lives.length - 1;
  let first = last;
  while (first > 0 && !isTold(know, run, first)) first -= 1;
  return know.history.entries.flatMap(({ chain, text, commitMs }) => {
    if (chain !== `run#${run.id}`) return [];
    const entry = JSON.parse(text) as EntryFields;
    const { life = -1 } = entry.subject;
    return life >= first && life <= last ? [{ ...entry, commitMs }] : [];
  });
}

type Reached = ReturnType<typeof reachedBy>[number];

const isOfRule =
  ({ rule, share }: Reached) =>
  ({ kind, ruleId, step, evidence }: Told): boolean => {
    const isStep = kind === "step.notified" || OF_STOPS.includes(kind);
    const isSame = ruleId === rule.id && micro(evidence?.limit ?? 0) === micro(limitOf(rule).value);
    const isBeside = evidence?.also?.some((each) => each.ruleId === rule.id) === true;
    return isStep && ((isSame && (step?.at ?? 0) >= share) || isBeside);
  };

/** Of each rule the highest step that it has surely reached, of two at one share the later; of a budget that is told in a chain of its own. */
function noticesDue(reached: readonly Reached[]): readonly Reached[] {
  const highest = new Map<string, Reached>();
  for (const each of reached) {
    if (each.rule.budget) continue;
    const known = highest.get(each.rule.id);
    if (known === undefined || each.share >= known.share) highest.set(each.rule.id, each);
  }
  return [...highest.values()].filter((each) => each.do === "notify");
}

/**
 * After a long calm all that the rules surely say of a live run has been told, whatever guard kept it from being done, and
 * also while everything is paused.
 */
export function* checkToldOfRuns(know: Knowledge, calmFromMs: number): Generator<Finding> {
  const nowMs = know.history.nowMs();
  const document = know.control.document(know.control.now.policyVersion);
  if (document === undefined) return;
  for (const run of know.history.truth.runs()) {
    const figures = leastAgainst(know, run, calmFromMs, nowMs);
    if (figures === undefined) continue;
    const spent = leastHeldAgainst(know, document, run, nowMs - LONG_MS, calmFromMs);
    yield* checkRun(know, document, run, { ...figures, spent });
  }
}

function* checkRun(
  know: Knowledge,
  document: PolicyDocument,
  run: TrueRun,
  figures: Figures,
): Generator<Finding> {
  const reached = reachedBy(document, run, figures);
  const told = toldOf(know, run);
  const [stop] = reached.filter((each) => each.do.startsWith("abort"));
  const now = new Set(document.rules.map(({ id }) => id));
  const isStop = ({ kind, ruleId = "" }: Told): boolean => OF_STOPS.includes(kind) && now.has(ruleId);
  // A promise that stands is told, whichever rule it was made by: what comes of it is judged by the rules of now.
  const isPromised = know.intents
    .openOf(run.id, know.history.nowMs())
    .some(({ lifeIndex }) => lifeIndex === run.lives.length - 1);
  if (stop && !isPromised && !told.some(isStop))
    yield ["liveness", `${stop.rule.id} would stop it (${stop.mode}), and nothing was told of that`, run.id];
  for (const due of noticesDue(reached)) {
    if (!told.some(isOfRule(due)))
      yield ["liveness", `${due.rule.id} has reached ${due.share} %, which was never told`, run.id];
  }
}
