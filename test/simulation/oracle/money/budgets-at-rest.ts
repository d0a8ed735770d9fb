import type { TrueRun } from "../../../../emulator/index.ts";
import type { EntryFields } from "../entry-text.ts";
import type { Knowledge } from "../knowledge.ts";
import { type PolicyDocument, percentOf, type RuleText } from "../policy-text.ts";
import type { Span } from "../schedule-text.ts";
import { micro } from "../told.ts";
import { budgetWindow } from "./budget-windows.ts";
import { groupOf, groupsOf, leastSpent } from "./spent.ts";

type Finding = readonly [promise: string, text: string, whose: string];

/** The window that a budget is in now, if that had begun by then. */
function windowSince(
  know: Knowledge,
  { timeZone = "UTC" }: PolicyDocument,
  { budget }: RuleText,
  thenMs: number,
): Span | undefined {
  const window = budget && budgetWindow(budget, timeZone, know.history.cycleStart, know.history.nowMs());
  return window && window.fromMs <= thenMs ? window : undefined;
}

/** The least that the budget of a run's group has spent by an instant of a long calm; projections are no such thing. */
export const leastHeldAgainst =
  (know: Knowledge, document: PolicyDocument, run: TrueRun, thenMs: number, calmFromMs: number) =>
  (rule: RuleText, basis: string): number | undefined => {
    const [group, ...others] = groupsOf(rule, run);
    if (others.some((other) => other !== group)) return undefined;
    const window = windowSince(know, document, rule, thenMs);
    if (group === undefined || window === undefined || basis !== "actual") return undefined;
    return leastSpent(know.history, know.readings, { rule, group, window, nowMs: thenMs }, calmFromMs);
  };

/** Of a budget everybody has been told how far it is. */
export class ToldBudgets {
  readonly #told: EntryFields[] = [];

  take(entry: EntryFields): void {
    if (entry.subject.kind === "budget") this.#told.push(entry);
  }

  /** After a long calm of each budget a step is told that is no lower than what its group has surely spent. */
  *check(know: Knowledge, calmFromMs: number, longMs: number): Generator<Finding> {
    const thenMs = know.history.nowMs() - longMs;
    const document = know.control.document(know.control.between(thenMs, thenMs)[0]?.policyVersion);
    for (const rule of document?.rules ?? []) {
      const window = document && windowSince(know, document, rule, thenMs);
      if (window === undefined || rule.budget?.usd === undefined || rule.schedule) continue;
      const groups = new Set(know.history.truth.runs().map((run) => groupOf(rule, run)));
      for (const group of groups) {
        if (group === undefined) continue;
        const spent = leastSpent(
          know.history,
          know.readings,
          { rule, group, window, nowMs: thenMs },
          calmFromMs,
        );
        const reached = rule.steps.filter(
          ({ at, basis, schedule }) =>
            !basis && !schedule && micro(spent) >= (percentOf(at) * micro(rule.budget?.usd ?? 0)) / 100,
        );
        const highest = Math.max(0, ...reached.map(({ at }) => percentOf(at)));
        if (highest > 0 && !this.#isTold(rule, group, window, highest)) {
          const text = `${spent} USD are spent of ${rule.budget.usd}, and its step at ${highest} % was not told`;
          yield ["liveness", text, `budget ${rule.id} of ${group}`];
        }
      }
    }
  }

  #isTold({ id, budget }: RuleText, group: string, { fromMs }: Span, share: number): boolean {
    return this.#told.some(
      ({ subject, step, evidence }) =>
        subject.ruleId === id &&
        subject.group === group &&
        Date.parse(subject.from ?? "") === fromMs &&
        evidence?.limit === budget?.usd &&
        (step?.at ?? 0) >= share,
    );
  }
}
