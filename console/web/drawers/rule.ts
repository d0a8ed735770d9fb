import { type Child, el } from "../../../page/el.ts";
import type { Answers } from "../asked.ts";
import type { Entry } from "../told.ts";
import { count } from "../words.ts";
import { entriesView } from "./entries.ts";
import { block, pairs, partView, said } from "./part.ts";

type Shown = {
  readonly version: number;
  readonly pushedAt: string;
  readonly by: string;
  readonly document: {
    readonly mode?: string;
    readonly rules: readonly (Readonly<Record<string, unknown>> & { readonly id: string })[];
  };
};

type Observed = {
  readonly promotion: {
    readonly rules: readonly {
      readonly ruleId: string;
      readonly days?: number;
      readonly stops?: readonly unknown[];
    }[];
  } | null;
};

const plain = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);

/** A limit, a step or a selector as the policy has it: `usageTotalUsd: 5`. */
function written(value: unknown): Child {
  if (Array.isArray(value))
    return el(
      "ul",
      { class: "plain" },
      value.map((each) => el("li", {}, written(each))),
    );
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([key, each]) => `${key}: ${plain(each)}`)
      .join(", ");
  return plain(value);
}

/** A rule: as it is written, and what it did so far. */
export function ruleView(ruleId: string, { policy, observed, entries }: Answers, now: Date): Child {
  return [
    partView<Shown>(policy, ({ version, document, by }) => {
      const rule = document.rules.find(({ id }) => id === ruleId);
      if (rule === undefined) return said("warn", `Version ${version}, which is in force, has no such rule.`);
      const { id: _id, ...keys } = rule;
      return [
        el("p", { class: "small dim" }, `As version ${version} has it, pushed by ${by}.`),
        pairs([
          ...(rule.mode === undefined ? ([["mode", document.mode ?? "observe"]] as const) : []),
          ...Object.entries(keys).map(([key, value]) => [key, written(value)] as const),
        ]),
      ];
    }),
    partView<Observed>(observed, ({ promotion }) => {
      const found = promotion?.rules.find((each) => each.ruleId === ruleId);
      return found?.stops
        ? said("dim", `Only observed so far: it would have made ${count(found.stops.length, "stop")}.`)
        : undefined;
    }),
    block(
      "What it did in the last 30 days",
      partView<readonly Entry[]>(entries, (all) => entriesView(all, now)),
    ),
  ];
}
