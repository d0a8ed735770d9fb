import type { VNode } from "preact";
import { type Child, el } from "../../../page/el.ts";
import type { SubjectOption } from "../../api.ts";
import { ask } from "../state.ts";
import type { Exemption } from "../told.ts";
import { fromNow, minuteText, usdText } from "../words.ts";
import { frame, type Seen } from "./frame.ts";
import { whom } from "./needs/needs.ts";

/** Until when, up to what cost, why and for whom. */
function termsOf({ malformed, problem, until, ceilingUsd, reason, owner }: Exemption, now: Date): string {
  if (malformed || until === undefined) return `It can't be read, so it protects without an end: ${problem}`;
  const ceiling = ceilingUsd == null ? "" : `, or until a run has cost ${usdText(ceilingUsd)}`;
  return `until ${minuteText(until, now)} UTC, ${fromNow(until, now)}${ceiling}: ${reason} (${owner})`;
}

const item = (exemption: Exemption, { now, canAct }: { now: Date; canAct: boolean }): Child => {
  const { subject } = exemption;
  const name = whom(exemption);
  const end = (): void => {
    if (subject === null) return;
    const { kind, id, ruleId } = subject;
    const rule = ruleId === undefined ? {} : { ruleId };
    ask({ act: "end-exemption", subject: kind as SubjectOption, id, ...rule });
  };
  return el(
    "li",
    { key: `${name} ${subject?.ruleId}` },
    el(
      "div",
      { class: "line" },
      el(
        "strong",
        { class: "name", title: name },
        subject?.ruleId === undefined ? name : `${name}, from ${subject.ruleId}`,
      ),
      canAct && subject !== null
        ? el("button", { type: "button", "aria-label": `End the exemption of ${name}`, onClick: end }, "End")
        : undefined,
    ),
    el("p", { class: exemption.malformed ? "small bad" : "small" }, termsOf(exemption, now)),
  );
};

/** Every promise not to stop something, what ends first leading. Nothing where there is none. */
export function exemptView(seen: Seen, canAct: boolean): VNode | undefined {
  const { part, now } = seen;
  const stand = (all: readonly Exemption[]): readonly Exemption[] =>
    all.filter(({ over, ruleGone }) => !over && !ruleGone);
  if (part?.kind === "known" && stand(part.value as readonly Exemption[]).length === 0) return undefined;
  return frame<readonly Exemption[]>({
    ...seen,
    title: "Exempt",
    id: "exempt",
    view: ({ value }) =>
      el(
        "ul",
        { class: "timeline" },
        stand(value).map((each) => item(each, { now, canAct })),
      ),
  });
}
