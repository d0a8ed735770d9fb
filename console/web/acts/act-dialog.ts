import type { VNode } from "preact";
import { type Child, el } from "../../../page/el.ts";
import type { Told } from "../../api.ts";
import { commandView } from "../copy.ts";
import { dialog } from "../dialog.ts";
import { type Draft, draft, page } from "../state.ts";
import { ACTS, type Field, whatOf } from "./fields.ts";
import { begin, given, goOn, leave, stage, type, wrong } from "./stage.ts";

const field = ({ name, label, hint, isOptional }: Field, isFirst: boolean, isOver: boolean): VNode =>
  el(
    "p",
    { class: "field" },
    el("label", { for: `act-${name}` }, label),
    el("input", {
      id: `act-${name}`,
      type: "text",
      value: given.value[name] ?? "",
      required: !isOptional,
      autofocus: isFirst,
      autocomplete: "off",
      maxlength: 500,
      readonly: isOver,
      "aria-describedby": hint ? `act-${name}-hint` : undefined,
      onInput: ({ currentTarget }: InputEvent) => type(name, (currentTarget as HTMLInputElement).value),
    }),
    hint ? el("span", { id: `act-${name}-hint`, class: "small dim" }, hint) : undefined,
  );

const lines = (all: readonly string[]): VNode =>
  el(
    "ul",
    { class: "plain" },
    all.map((line) => el("li", {}, line)),
  );

const planView = ({ lines: all, command }: Told): VNode =>
  el(
    "div",
    { class: "plan" },
    el("h3", {}, "What it does"),
    lines(all),
    el("h3", {}, "The same on the command line"),
    commandView(command),
  );

const HOW_TO_ACT = "This console only shows. To act from it, start it again with: watchdog console --act";

function stepView(wanted: Draft): Child {
  const now = stage.value;
  const { does, fields } = ACTS[wanted.act];
  const isEnd = now.kind === "done" || now.kind === "unknown";
  const isOver = isEnd || now.kind === "doing";
  // What was typed first is the reason where something is set already.
  const first = fields.find(({ preset, isOptional }) => !preset && !isOptional) ?? fields[0];
  const submit = (event: Event): void => {
    event.preventDefault();
    void goOn(wanted);
  };
  const isBusy = now.kind === "planning" || now.kind === "doing";
  const label = now.kind === "planned" || now.kind === "doing" ? does : "Show what it would do";
  return el(
    "form",
    { onSubmit: submit, novalidate: true },
    fields.map((each) => field(each, each === first, isOver)),
    now.kind === "planned" || now.kind === "doing" ? planView(now.told) : undefined,
    el(
      "div",
      { role: "status" },
      now.kind === "planning" ? el("p", { class: "dim" }, "Asking what it would do …") : undefined,
      now.kind === "doing" ? el("p", { class: "dim" }, "Doing it …") : undefined,
      now.kind === "done"
        ? [el("h3", {}, "Done"), lines(now.told.lines), commandView(now.told.command)]
        : undefined,
    ),
    now.kind === "unknown"
      ? el(
          "p",
          { role: "alert", class: "said bad" },
          el("strong", {}, "Whether it was done is not known: "),
          `${now.says} Look at the decisions, or at audit list, before you try it again.`,
        )
      : undefined,
    wrong.value === undefined
      ? undefined
      : el("p", { role: "alert", class: "said bad" }, el("strong", {}, "Not done: "), wrong.value),
    isEnd
      ? undefined
      : el(
          "p",
          { class: "acts" },
          el(
            "button",
            { type: "submit", class: now.kind === "planned" ? "stop" : "main", "aria-disabled": isBusy },
            label,
          ),
        ),
  );
}

/** An order: what has to be given for it, then what it would do, then what became of it. */
export function ActDialog(): VNode | null {
  const wanted = draft.value;
  if (wanted === undefined) return null;
  begin(wanted);
  const what = whatOf(wanted);
  return dialog(
    { title: ACTS[wanted.act].title, id: `act ${wanted.act} ${what ?? ""}`, onClose: leave },
    what === undefined ? undefined : el("p", { class: "id" }, what),
    page.value.canAct ? stepView(wanted) : el("p", { class: "said warn" }, HOW_TO_ACT),
  );
}
