import { isStop, type LimitRule, matchSelector, type Policy } from "../../../policy/index.ts";
import { upperEnd } from "../binomial.ts";
import { FIGURES, type History, isHealthy, METRICS, type Past, QUANTITIES, type Quantity } from "../past.ts";
import { suggestLimit } from "./suggest-limit.ts";

/** What history says of a limit that stands in a policy. */
export type LimitCheck = {
  readonly ruleId: string;
  readonly quantity: Quantity;
  /** Where the rule stops a run first: its lowest such step. In micro-dollars or seconds. */
  readonly limit: number;
  /** How many runs that it selects succeeded, and of how many of them the figure reached it. */
  readonly n: number;
  readonly reached: number;
  readonly stopped: number;
  /** At 95 % confidence at most this share of such runs reaches it, if each is like any other. */
  readonly atMost95: number;
  /** `unknown`: there are too few runs to say. */
  readonly verdict: "holds" | "broken" | "unknown";
  readonly why: string;
};

/** What a rule looks at of a run that ended. */
export type NamesOfRun = (run: Past["run"]) => {
  readonly actorName?: string;
  readonly taskName?: string;
  readonly scheduleName?: string;
};

const quantityOf = ({ limit }: LimitRule): Quantity | undefined =>
  QUANTITIES.find((quantity) => METRICS[quantity] === limit.metric);

/** Is it of one task or one Actor alone, as suggestions are? Only such runs are like each other. */
const isOfOne = ({ for: selector = {} }: LimitRule): boolean =>
  [...(selector.tasks ?? []), ...(selector.actors ?? [])].filter((each) => !each.includes("*")).length === 1;

function checkLimit(rule: LimitRule, quantity: Quantity, selected: readonly Past[]): LimitCheck | undefined {
  const [stop] = rule.steps.filter(isStop);
  if (stop === undefined) return undefined;
  const limit = (stop.at * rule.limit.value) / 100;
  const figures = selected
    .filter((past) => !past.stopped && past.run.status === "SUCCEEDED" && isHealthy(past))
    .flatMap((each) => FIGURES[quantity](each) ?? []);
  const n = figures.length;
  const reached = figures.filter((figure) => figure >= limit).length;
  const found = suggestLimit(selected, quantity);
  const { stopped } = found;
  const told = {
    ruleId: rule.id,
    quantity,
    limit,
    n,
    reached,
    stopped,
    atMost95: upperEnd(reached + stopped, n + stopped),
  };
  if (reached > 0)
    return { ...told, verdict: "broken", why: `${reached} of ${n} runs that succeeded reached it` };
  if (!isOfOne(rule) || found.kind === "suggested")
    return { ...told, verdict: "holds", why: `none of ${n} runs that succeeded reached it` };
  const isSilent = found.because === "few" || found.because === "zero";
  return { ...told, verdict: isSilent ? "unknown" : "broken", why: found.why };
}

/**
 * Holds every limit on the cost or time of a run that stops runs against history. It is broken where a run that succeeded
 * reached it; one of a single task or Actor also where nothing could be promised of any limit any more.
 */
export const checkLimits = (
  policy: Policy,
  { runs }: Pick<History, "runs">,
  namesOf: NamesOfRun,
): readonly LimitCheck[] =>
  policy.rules.flatMap((rule) => {
    if (rule.limit === undefined) return [];
    const quantity = quantityOf(rule);
    if (quantity === undefined) return [];
    const selected = runs.filter(
      ({ run }) => matchSelector(rule.for, { run, ...namesOf(run) }).kind === "match",
    );
    return checkLimit(rule, quantity, selected) ?? [];
  });
