import type { TrueRun } from "../../../../emulator/index.ts";
import {
  appliesTo,
  type LimitText,
  limitOf,
  type PolicyDocument,
  percentOf,
  type RuleText,
} from "../policy-text.ts";
import { isOpenIn, type Span } from "../schedule-text.ts";
import { ACTIVE, isGauge, isMoney, micro, STOPPING, type Told, toldFigure } from "../told.ts";

/** What may at most be held against a run or, when it must be sure, what can at least. */
export type Figures = Told & {
  /** While a promised stop drains, its run is judged as if it were still running. */
  readonly underIntent: boolean;
  /** It was judged at some moment of this. */
  readonly span: Span;
  /** A schedule must be open all the while, and not at some moment alone. */
  readonly isSure: boolean;
  /** A figure that only a history tells: a rate, idleness, what is typical. */
  readonly derived: (limit: LimitText) => number | undefined;
  /** What the budget of its group has spent, or is projected to; `undefined` when it may stop nothing. */
  readonly spent: (rule: RuleText, basis: string) => number | undefined;
  /** Was a gauge shown at this share of its limit a minute or more before, and not below it since? */
  readonly stood: (limit: LimitText, share: number) => boolean;
};

export type Stop = { readonly rule: RuleText; readonly do: string; readonly mode: string };
/** `share` in percent. */
type Reached = Stop & { readonly share: number };

function judged(metric: string, { status, underIntent }: Figures): boolean {
  const goesOn = ACTIVE.includes(status) || (underIntent && STOPPING.includes(status));
  if (metric === "abortingTime") return STOPPING.includes(status);
  return metric === "queueTime" ? status === "READY" : goesOn;
}

/** Binary dust in what is a quotient must not make a step unreached. */
const DUST = 1 + 1e-9;

export function reaches(metric: string, value: number, share: number, limit: number): boolean {
  if (isMoney(metric)) return micro(value) >= (share * micro(limit)) / 100;
  return value * DUST >= (share * limit) / 100;
}

export const figureOf = (limit: LimitText, basis: string, figures: Figures): number | undefined =>
  toldFigure(limit, basis, figures) ?? figures.derived(limit);

/** Every step that the rules can at most be said to have reached, notices included. */
export function reachedBy(document: PolicyDocument, run: TrueRun, figures: Figures): readonly Reached[] {
  const { timeZone = "UTC", mode = "observe" } = document;
  return document.rules.flatMap((rule) => {
    const limit = limitOf(rule);
    if (!judged(limit.metric, figures) || !appliesTo(rule, run, figures.settings, figures.isSure)) return [];
    return rule.steps.flatMap((step) => {
      if (!isOpenIn([rule.schedule, step.schedule], timeZone, figures.span, figures.isSure)) return [];
      const share = percentOf(step.at);
      const basis = step.basis ?? "actual";
      const value = rule.budget ? figures.spent(rule, basis) : figureOf(limit, basis, figures);
      if (value === undefined || !reaches(limit.metric, value, share, limit.value)) return [];
      if (isGauge(limit.metric) && !figures.stood(limit, share)) return [];
      return [{ rule, share, do: step.do, mode: rule.mode ?? mode }];
    });
  });
}

/** Every stop that the rules can at most ask for, observed ones included. */
export const stopsOf = (document: PolicyDocument, run: TrueRun, figures: Figures): readonly Stop[] =>
  reachedBy(document, run, figures).filter((each) => each.do.startsWith("abort"));
