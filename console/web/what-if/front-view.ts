import type { VNode } from "preact";
import { type Child, el } from "../../../page/el.ts";
import { type FrontCorner, frontPicture } from "../../../page/front-picture.ts";
import { picture } from "../../../page/picture.ts";
import { dataTable } from "../../../page/table.ts";
import { toMicroUsd } from "../../../src/policy/index.ts";
import { copyButton } from "../copy.ts";
import { pairs } from "../drawers/part.ts";
import { count, measureText, minuteText, rangeText } from "../words.ts";
import { type Front, look, nth, type Point, pointsOf, readYaml, type Trial, yaml } from "./front.ts";

const limitText = ({ quantity }: Front, limit: number): string =>
  measureText(quantity === "usd" ? "USD" : "secs", limit);

const savedText = ({ savedUsd, stops, stopsOfUnknownCost }: Point): string => {
  if (stops === 0) return "$0.00";
  if (savedUsd === null) return "unknown";
  return stopsOfUnknownCost > 0
    ? `${rangeText(savedUsd)}, and what ${count(stopsOfUnknownCost, "stop")} of unknown cost saved`
    : rangeText(savedUsd);
};

const cornerOf = ({ wrong, savedUsd }: Point): FrontCorner => ({
  wrong,
  from: toMicroUsd(savedUsd?.from ?? 0),
  to: toMicroUsd(savedUsd?.to ?? 0),
});

const percent = (fraction: number): string => `${Math.round(fraction * 10_000) / 100}%`;

/** What can be said of a limit beyond this history: of the one as written alone. */
const boundText = (front: Front, { limit }: Point): string => {
  const { written, successes } = front;
  if (limit !== written.limit)
    return "This limit has no bound: one that is chosen here is chosen by the runs that it is measured on. Limits with a bound come from watchdog suggest.";
  if (successes === 0) return "As written. No run of this history succeeded, so there is no bound.";
  return `As written. If this history had no part in choosing it, at most ${percent(written.atMost95)} of such runs are stopped wrongly, at 95 % confidence.`;
};

function pictureOf(front: Front, at: Point): VNode {
  const { written } = front;
  const points = pointsOf(front);
  const isWritten = at.limit === written.limit;
  const marks = [
    { ...cornerOf(written), label: `${limitText(front, written.limit)}, as written` },
    ...(isWritten ? [] : [{ ...cornerOf(at), label: limitText(front, at.limit) }]),
  ];
  return picture({
    svg: frontPicture({
      label: "Dollars saved against wrong stops, for each limit; the table has the figures.",
      corners: points.map(cornerOf),
      marks,
    }),
    caption:
      "Dollars saved, from what is certain (dashed) to what may be (solid), against runs stopped that were to be left alone.",
    table: dataTable({
      label: `Limits of ${front.ruleId}, in this history`,
      rows: points,
      columns: [
        {
          title: "Limit",
          align: "right",
          cell: ({ limit }) => `${limitText(front, limit)}${limit === written.limit ? " (as written)" : ""}`,
        },
        { title: "Stops", align: "right", cell: ({ stops }) => String(stops) },
        { title: "Wrong", align: "right", cell: ({ wrong }) => String(wrong) },
        { title: "Saved", align: "right", cell: savedText },
      ],
    }),
  });
}

function copyView(front: Front, at: Point): Child {
  const limit = front.quantity === "usd" ? String(at.limit) : `${Math.round(at.limit)}s`;
  const text = yaml.value;
  if (text === undefined)
    return el(
      "button",
      { type: "button", onClick: () => void readYaml(front.ruleId, limit) },
      "Make policy.yaml with this limit",
    );
  return [
    el("pre", { class: "stored", tabindex: 0, "aria-label": "policy.yaml" }, text),
    copyButton(text, "Copy as policy.yaml"),
    el(
      "p",
      { class: "small dim" },
      "To see what it would change, and put it in force: watchdog policy push policy.yaml",
    ),
  ];
}

/** A limit on a slider: what it would have done in this history. */
export function frontView({ front, from, until }: Trial, now: Date): Child {
  const points = pointsOf(front);
  const at = points[nth.value] ?? front.written;
  const text = limitText(front, at.limit);
  return [
    el(
      "p",
      { class: "small dim" },
      `As if it were the only rule, on ${count(front.runs, "run")} that it selects between ${minuteText(from, now)} and ${minuteText(until, now)} UTC, of which ${front.successes} succeeded.`,
    ),
    el(
      "p",
      { class: "field" },
      el("label", { for: "what-if-limit" }, `Limit: ${text}`),
      el("input", {
        id: "what-if-limit",
        type: "range",
        min: 0,
        max: points.length - 1,
        step: 1,
        value: nth.value,
        "aria-valuetext": text,
        onInput: ({ currentTarget }: InputEvent) => look(Number((currentTarget as HTMLInputElement).value)),
      }),
    ),
    el(
      "div",
      { role: "status" },
      pairs([
        ["Runs stopped", `${at.stops} (${at.sure} for sure)`],
        ["Saved", savedText(at)],
        ["Wrong stops, in this history", String(at.wrong)],
      ]),
      el("p", { class: "small" }, boundText(front, at)),
    ),
    copyView(front, at),
    pictureOf(front, at),
  ];
}
