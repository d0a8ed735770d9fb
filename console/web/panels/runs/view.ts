import type { VNode } from "preact";
import { type Child, el } from "../../../../page/el.ts";
import type { Runs, Status } from "../../told.ts";
import { count, fromNow, minuteText } from "../../words.ts";
import { frame, type Seen } from "../frame.ts";
import { filteredRows, type Row, waitingRows } from "./order.ts";
import { COLUMNS, type RowLook, rowView } from "./row.ts";

/** So many rows are shown before all are asked for. */
export const MOST_ROWS = 25;

export type RunsLook = {
  readonly rows: readonly Row[];
  readonly isHeld: boolean;
  readonly isAll: boolean;
  readonly filter: string;
  readonly canAct: boolean;
  readonly onAll: () => void;
  readonly onFilter: (text: string) => void;
};

/** Why there is no row: no run, or none that is known of. */
export function noneText({ runs, completeAt, asOf }: Runs, status: Status | undefined, now: Date): string {
  if (asOf === null) return "No tick has looked yet: which runs are live is not known.";
  if (completeAt === null)
    return runs.length === 0
      ? "No tick has seen the whole account yet: which runs are live is not known."
      : "No tick has seen the whole account yet: there may be more live runs than these.";
  if (runs.length > 0) return "";
  return status && !status.alive
    ? `No run was live at the last tick, ${fromNow(asOf, now)}. What has started since then is not known.`
    : "No run is live.";
}

const filterBox = (filter: string, onFilter: RunsLook["onFilter"]): VNode =>
  el(
    "label",
    { class: "filter" },
    el("span", { class: "unseen" }, "Filter by Actor or run"),
    el("input", {
      id: "filter",
      type: "search",
      placeholder: "Actor or run",
      autocomplete: "off",
      spellcheck: false,
      defaultValue: filter,
      "aria-keyshortcuts": "/",
      onInput: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) =>
        onFilter(currentTarget.value),
    }),
    el("kbd", { "aria-hidden": "true" }, "/"),
  );

function noteOf(value: Runs, { rows, isHeld, filter }: RunsLook, matching: number, now: Date): Child {
  const asOf = value.asOf === null ? "" : `, as the tick of ${minuteText(value.asOf, now)} UTC saw them`;
  const which = filter.trim() === "" ? "" : `${matching} of `;
  const waiting = isHeld ? waitingRows(rows, value.runs) : 0;
  return el(
    "p",
    { class: "small dim" },
    `${which}${count(value.runs.length, "live run")}${asOf}, the nearest to a limit first.`,
    waiting > 0 ? " Rows keep their places while you are among them." : undefined,
  );
}

const classOf = (rows: readonly Row[], { canAct }: RowLook): string =>
  `runs${canAct ? " acting" : ""}${rows.length > MOST_ROWS ? " many" : ""}`;

const table = (rows: readonly Row[], look: RowLook): VNode =>
  el(
    "table",
    { class: classOf(rows, look), role: "table", "aria-label": "Live runs" },
    el(
      "thead",
      { role: "rowgroup" },
      el(
        "tr",
        { role: "row" },
        [...COLUMNS, ...(look.canAct ? ["Acts"] : [])].map((title) =>
          el("th", { role: "columnheader", scope: "col" }, title),
        ),
      ),
    ),
    el(
      "tbody",
      { role: "rowgroup" },
      rows.map((row) => rowView(row, look)),
    ),
  );

/** The live runs, the nearest to a limit first. */
export function runsView(seen: Seen, look: RunsLook, status: Status | undefined): VNode {
  const { filter, isAll, canAct, onAll, onFilter } = look;
  return frame<Runs>({
    ...seen,
    title: "Live runs",
    id: "runs",
    beside: filterBox(filter, onFilter),
    view: ({ value, at }) => {
      const { now } = seen;
      const none = noneText(value, status, now);
      const matching = filteredRows(look.rows, filter);
      const shown = isAll ? matching : matching.slice(0, MOST_ROWS);
      const asOf = value.asOf === null ? at : new Date(value.asOf);
      return [
        none
          ? el("p", { class: value.runs.length > 0 || value.completeAt === null ? "said warn" : "dim" }, none)
          : undefined,
        value.runs.length > 0 ? noteOf(value, look, matching.length, now) : undefined,
        look.rows.length > 0 && matching.length === 0
          ? el("p", { class: "dim" }, "No live run matches that. Esc clears the filter.")
          : undefined,
        shown.length > 0
          ? table(shown, { asOf, now, canAct, isIdle: status?.guarding === "not guarding" })
          : undefined,
        matching.length > shown.length
          ? el("button", { type: "button", class: "quiet", onClick: onAll }, `Show all ${matching.length}`)
          : undefined,
      ];
    },
  });
}
