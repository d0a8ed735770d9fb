import {
  budgetWords,
  formatMemoryRange,
  formatSchedule,
  modeOf,
  ownerOf,
  type Policy,
  plainFigure,
  type Rule,
  type RuleStep,
  type Selector,
  termsOf,
  unitOf,
} from "../../../src/policy/index.ts";
import { formatMeasure } from "../../../src/watchdog/audit/describe.ts";
import { type Column, table } from "../../show/table.ts";
import { type Paint, padTo, widthOf, wrap } from "../../show/terminal.ts";

function limitText({ limit, budget }: Rule): string {
  if (budget) return budgetWords(budget);
  const { metric, value } = limit;
  const unit = unitOf(metric);
  if (unit === "flag") return metric;
  const terms = termsOf(limit);
  return `${metric} ${formatMeasure(unit, plainFigure(unit, value))}${terms ? ` (${terms})` : ""}`;
}

/** What is selected by each key, named where the values alone do not say it. */
function criteriaText({ memory, ...named }: Omit<Selector, "except">): readonly string[] {
  const { actors, tasks, schedules, origins, builds, pricingModels } = named;
  const sizes = memory?.map(formatMemoryRange);
  const keys = [
    ["", actors],
    ["task ", tasks],
    ["schedule ", schedules],
    ["origin ", origins],
    ["build ", builds],
    ["memory ", sizes],
    ["pricing ", pricingModels],
  ] as const;
  return keys.flatMap(([name, values]) => (values ? `${name}${values.join(" or ")}` : []));
}

/** A rule without `for`: Standby runs are stopped only where they are named, and what they cost counts in budgets. */
function everyRun({ budget }: Rule, except: Selector["except"]): string {
  if (except?.origins?.includes("STANDBY")) return "every run";
  return budget ? "every run; Standby's count and are not stopped" : "every run but Standby's";
}

function selectorText(rule: Rule): string {
  const { except, ...wanted } = rule.for ?? {};
  const selected = criteriaText(wanted).join(", ") || everyRun(rule, except);
  return except ? `${selected}; but not ${criteriaText(except).join(", nor ")}` : selected;
}

function stepText({ at, do: action, basis, schedule }: RuleStep): string {
  const how = [basis, schedule && `only ${formatSchedule(schedule)}`].filter((each) => each !== undefined);
  return `${at}% ${action}${how.length > 0 ? ` (${how.join(", ")})` : ""}`;
}

/** What is told of a rule; what no rule has is left out. */
function columnsFor(policy: Policy): readonly Column<Rule>[] {
  const { rules } = policy;
  const columns: readonly (Column<Rule> | false)[] = [
    { title: "RULE", cell: ({ id }) => id },
    rules.some((rule) => modeOf(policy, rule) !== policy.mode) && {
      title: "MODE",
      cell: (rule) => modeOf(policy, rule),
    },
    { title: "LIMIT", cell: limitText },
    { title: "STEPS", cell: ({ steps }) => steps.map(stepText).join(", ") },
    { title: "FOR", cell: selectorText },
    rules.some(({ schedule }) => schedule) && {
      title: "WHEN",
      cell: ({ schedule }) => (schedule ? `only ${formatSchedule(schedule)}` : "always"),
    },
    rules.some((rule) => ownerOf(policy, rule)) && {
      title: "OWNER",
      cell: (rule) => ownerOf(policy, rule) ?? "",
    },
  ];
  return columns.filter((column) => column !== false);
}

type Look = { readonly columns: number; readonly paint: Paint };

/** A rule under the other, nothing cut: for terminals that a table of them does not fit. */
function ruleBlocks(
  rules: readonly Rule[],
  [id, ...columns]: readonly Column<Rule>[],
  { columns: width, paint }: Look,
): readonly string[] {
  const room = Math.max(...columns.map(({ title }) => title.length));
  const lines = (title: string, value: string): readonly string[] =>
    wrap(value, width - room - 4).map(
      (line, at) => `  ${paint("dim", padTo(at === 0 ? title.toLowerCase() : "", room))}  ${line}`,
    );
  return rules.flatMap((rule) => [
    paint("bold", id?.cell(rule) ?? ""),
    ...columns.flatMap(({ title, cell }) => (cell(rule) === "" ? [] : lines(title, cell(rule)))),
  ]);
}

/** A policy's rules, one in a line where they fit, whole in any case. */
export function ruleTable(policy: Policy, look: Look): readonly string[] {
  const columns = columnsFor(policy);
  const whole = table(policy.rules, columns, { ...look, columns: Number.POSITIVE_INFINITY });
  const fits = Math.max(...whole.map(widthOf)) <= look.columns;
  return fits ? whole : ruleBlocks(policy.rules, columns, look);
}
