import {
  formatSchedule,
  modeOf,
  type Policy,
  plainFigure,
  type Rule,
  type RuleStep,
  type Selector,
  unitOf,
} from "../src/policy/index.ts";
import { formatMeasure } from "../src/watchdog/describe.ts";
import { table } from "./table.ts";
import type { Paint } from "./terminal.ts";

function limitText({ metric, value }: Rule["limit"]): string {
  if (metric === "noTimeout") return metric;
  const unit = unitOf(metric);
  return `${metric} ${formatMeasure(unit, plainFigure(unit, value))}`;
}

const listed = ({ memory = [], ...named }: Omit<Selector, "except">): string => {
  const sizes = memory.map(({ op, mbytes }) => `${op === "=" ? "" : op}${mbytes} MB`);
  const { actors = [], tasks = [], origins = [], builds = [], pricingModels = [] } = named;
  return [...actors, ...tasks, ...origins, ...builds, ...sizes, ...pricingModels].join(", ");
};

function selectorText({ for: selector, schedule }: Rule): string {
  const when = schedule ? `; only ${formatSchedule(schedule)}` : "";
  if (selector === undefined) return `every run${when}`;
  const { except, ...wanted } = selector;
  const excepted = except ? ` but ${listed(except)}` : "";
  return `${listed(wanted) || "every run"}${excepted}${when}`;
}

function stepText({ at, do: action, basis, schedule }: RuleStep): string {
  const how = [basis, schedule && `only ${formatSchedule(schedule)}`].filter((each) => each !== undefined);
  return `${at}% ${action}${how.length > 0 ? ` (${how.join(", ")})` : ""}`;
}

/** A policy's rules, one in a line. */
export function ruleTable(
  policy: Policy,
  look: { readonly columns: number; readonly paint: Paint },
): readonly string[] {
  const ownModes = policy.rules.some((rule) => modeOf(policy, rule) !== policy.mode);
  return table(
    policy.rules,
    [
      { title: "RULE", cell: ({ id }) => id },
      ...(ownModes ? [{ title: "MODE", cell: (rule: Rule) => modeOf(policy, rule) }] : []),
      { title: "LIMIT", cell: ({ limit }) => limitText(limit) },
      { title: "STEPS", cell: ({ steps }) => steps.map(stepText).join(", ") },
      { title: "FOR", cell: selectorText },
    ],
    look,
  );
}
