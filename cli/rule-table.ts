import { modeOf, type Policy, type Rule, type Selector, toUsd } from "../src/policy/index.ts";
import { formatMeasure } from "../src/watchdog/describe.ts";
import { table } from "./table.ts";
import type { Paint } from "./terminal.ts";

function limitText({ metric, value }: Rule["limit"]): string {
  if (metric === "usageTotalUsd") return `${metric} ${formatMeasure("USD", toUsd(value))}`;
  const unit = /Bytes$/.test(metric) ? "bytes" : metric.startsWith("stats.") ? "count" : "secs";
  return `${metric} ${formatMeasure(unit, value)}`;
}

const listed = ({ actors, tasks, origins }: Selector): string =>
  [...(actors ?? []), ...(tasks ?? []), ...(origins ?? [])].join(", ");

function selectorText(selector: Selector | undefined): string {
  if (selector === undefined) return "every run";
  const excepted = selector.except ? ` but ${listed(selector.except)}` : "";
  return `${listed(selector) || "every run"}${excepted}`;
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
      { title: "STEPS", cell: ({ steps }) => steps.map((step) => `${step.at}% ${step.do}`).join(", ") },
      { title: "FOR", cell: (rule) => selectorText(rule.for) },
    ],
    look,
  );
}
