import type { VNode } from "preact";
import type { Child } from "../../../page/el.ts";
import type { Answers } from "../asked.ts";
import { dialog } from "../dialog.ts";
import { calmNow, close, type Drawer, drawer, hashOf, page, parts } from "../state.ts";
import { type Exemption, heldIn } from "../told.ts";
import { entryView } from "./entry.ts";
import { looked } from "./looked.ts";
import { said } from "./part.ts";
import { ruleView } from "./rule.ts";
import { runView } from "./run.ts";
import { sourceView } from "./source.ts";

const TITLES: Readonly<Record<Drawer["kind"], string>> = {
  run: "Run",
  rule: "Rule",
  entry: "Entry",
  source: "Schedule",
};

function viewOf({ kind, id }: Drawer, answers: Answers): Child {
  const exemptions = heldIn<readonly Exemption[]>(parts.exemptions.value)?.value ?? [];
  const look = { now: calmNow.value, canAct: page.value.canAct, exemptions };
  if (kind === "run") return runView(answers, look);
  if (kind === "rule") return ruleView(id, answers, look.now);
  return kind === "entry" ? entryView(answers, look.canAct) : sourceView(id, answers, look);
}

/** What is looked at more closely, at the side of the page. */
export function OpenDrawer(): VNode | null {
  const shown = drawer.value;
  if (shown === undefined) return null;
  const found = looked.value;
  return dialog(
    { title: `${TITLES[shown.kind]} ${shown.id}`, id: hashOf(shown), onClose: close, isDrawer: true },
    found.kind === "asking" ? said("dim", "Reading …") : undefined,
    found.kind === "failed" ? said("bad", ["Can't be read: ", found.says]) : undefined,
    found.kind === "known" ? viewOf(shown, found.answers) : undefined,
  );
}
