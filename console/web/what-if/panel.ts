import type { VNode } from "preact";
import { type Child, el } from "../../../page/el.ts";
import { said } from "../drawers/part.ts";
import { calmNow } from "../state.ts";
import { choose, chosen, readRules, rules, type Trial, trial, wrong } from "./front.ts";
import { frontView } from "./front-view.ts";

function trialView(): Child {
  const found = trial.value;
  if (found === undefined) return undefined;
  if (found === "asking") return said("dim", "Reading the recorded runs …");
  if (found.kind === "slow")
    return said("warn", "Reading the recorded runs: of a large account that takes up to a few minutes.");
  if (found.kind === "failed") return said("warn", found.says.replace(/^--front: /, ""));
  return frontView(found.value as Trial, calmNow.value);
}

const choice = (all: readonly string[]): VNode =>
  el(
    "p",
    { class: "field" },
    el("label", { for: "what-if-rule" }, "Rule"),
    el(
      "select",
      {
        id: "what-if-rule",
        onChange: ({ currentTarget }: Event) => void choose((currentTarget as HTMLSelectElement).value),
      },
      el("option", { value: "", disabled: true, selected: chosen.value === undefined }, "Choose one"),
      all.map((id) => el("option", { key: id, value: id, selected: chosen.value === id }, id)),
    ),
  );

/** What one rule would have done at other limits. Nothing is read before somebody asks. */
export const WhatIf = (): VNode =>
  el(
    "section",
    { id: "what-if", "aria-labelledby": "what-if-title" },
    el("div", { class: "head" }, el("h2", { id: "what-if-title" }, "What if a limit were another?")),
    rules.value === undefined
      ? el("button", { type: "button", onClick: () => void readRules() }, "Try another limit")
      : choice(rules.value),
    wrong.value === undefined ? undefined : el("p", { role: "alert", class: "said bad" }, wrong.value),
    trialView(),
  );
