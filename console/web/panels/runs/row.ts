import type { VNode } from "preact";
import { shareBar } from "../../../../page/bars.ts";
import { type Child, el, type Tone } from "../../../../page/el.ts";
import { runLink } from "../../../../page/parts.ts";
import { spark } from "../../../../page/spark.ts";
import { NEAR, stepAt } from "../../pace.ts";
import { ask, hashOf } from "../../state.ts";
import type { Run, RunStep, Share } from "../../told.ts";
import { fromNow, guardWords, measureText, minuteText, percentText, spanText, usdText } from "../../words.ts";
import type { Row } from "./order.ts";

export type RowLook = {
  readonly asOf: Date;
  readonly now: Date;
  readonly canAct: boolean;
  /** Does what is foreseen not happen, as no tick or no policy makes it? */
  readonly isIdle: boolean;
};

/** Only what is near has a colour: a page of green would hide it. */
const toneOf = ({ share, exempt }: Share): Tone | undefined =>
  exempt ? "dim" : share >= 1 ? "bad" : share >= NEAR ? "warn" : undefined;

function whoCell({ run }: Row, now: Date): Child {
  const { runId, actor, status, origin, startedAt } = run;
  const secs = (now.getTime() - Date.parse(startedAt)) / 1000;
  return [
    el("a", { class: "name", href: hashOf({ kind: "run", id: runId }) }, actor),
    el(
      "span",
      { class: "under" },
      runLink(runId),
      ` ${status === "READY" ? "queued" : status.toLowerCase()} ${spanText(secs)}`,
      origin ? `, ${origin.toLowerCase()}` : "",
    ),
  ];
}

/** From this share on the limit is drawn above the curve: below, the curve would be flat beneath it. */
const LIMIT_IN_SIGHT = 0.5;

function costCell({ curve = [], usageTotalUsd, shares }: Run): Child {
  const onCost = shares.find(({ metric }) => metric === "usageTotalUsd");
  const limit = onCost && onCost.share >= LIMIT_IN_SIGHT ? onCost.limit : undefined;
  const points = curve.map(({ at, usd }) => ({ at: new Date(at), value: usd }));
  return el(
    "div",
    {},
    el("span", { class: usageTotalUsd === null ? "amount dim" : "amount" }, usdText(usageTotalUsd)),
    spark({ points, limit }),
  );
}

function limitCell({ shares: [nearest, ...others], noLimit }: Run): Child {
  if (nearest === undefined)
    return el(
      "span",
      { class: "wide warn" },
      "No limit",
      el("span", { class: "under" }, noLimit ?? undefined),
    );
  const { share, unit, limit, ruleId, exempt, mode } = nearest;
  return [
    el(
      "span",
      { class: "gauge" },
      el("strong", { class: toneOf(nearest) }, percentText(share)),
      shareBar({ share, tone: toneOf(nearest) }),
    ),
    el(
      "span",
      { class: "under" },
      `of ${measureText(unit, limit)}${exempt ? ", exempt" : mode === "observe" ? ", only observed" : ""}: `,
      el("a", { href: hashOf({ kind: "rule", id: ruleId }) }, ruleId),
      others.length > 0 ? ` +${others.length}` : undefined,
    ),
  ];
}

const HELD_AHEAD: Readonly<Record<string, string>> = {
  exemption: "it is exempt",
  pause: "the watchdog is paused",
  maxAborts: "maxAborts is used up",
};

/** `stopped in 4m`, and of which step: what the run comes to next. */
function nextText(next: RunStep, look: RowLook): Child {
  const at = stepAt(next, look.asOf);
  const when = at === undefined ? "" : at <= look.now ? " now" : ` ${fromNow(at, look.now)}`;
  const does =
    next.do === "notify" ? "Notice" : look.isIdle || next.mode === "observe" ? "Would be stopped" : "Stopped";
  const figure = ` (${measureText(next.unit, next.figure)})`;
  const held = next.held ? `not stopped: ${HELD_AHEAD[next.held] ?? next.held}` : undefined;
  return [
    el("span", { class: "wide" }, when === "" ? `${does} at ${next.at}%` : `${does}${when}`),
    el(
      "span",
      { class: "under" },
      held ?? (when === "" ? `when is not known${figure}` : `at ${next.at}%${figure}`),
    ),
  ];
}

const two = (tone: Tone, first: string, second: Child): Child => [
  el("span", { class: `wide ${tone}` }, first),
  el("span", { class: "under" }, second),
];

/** What becomes of it if nobody does anything. */
function nextCell({ run, isGone }: Row, look: RowLook): Child {
  const { stopping, held, noLimit, nextStep, shares, exempt } = run;
  if (isGone) return two("dim", "Live no longer", "it ended, or is not seen");
  if (stopping) return two("bad", "Being stopped", "until it has ended");
  if (held !== null) return two("warn", "Over, not stopped", guardWords(held));
  if (shares.length > 0 && shares.every((each) => each.exempt)) return two("dim", "Exempt", "it may go on");
  if (noLimit !== null) return two("dim", "May go on", "no rule stops it");
  if (nextStep) return nextText(nextStep, look);
  return exempt ? two("dim", "Partly exempt", "other rules stop it") : undefined;
}

const actsCell = ({ run, isGone }: Row): Child =>
  isGone || run.stopping
    ? undefined
    : [
        el(
          "button",
          {
            type: "button",
            class: "stop",
            "aria-label": `Stop ${run.actor} ${run.runId}`,
            onClick: () => ask({ act: "stop", runId: run.runId }),
          },
          "Stop",
        ),
        el(
          "button",
          {
            type: "button",
            "aria-label": `Let run ${run.actor} ${run.runId}`,
            onClick: () => ask({ act: "let-run", runId: run.runId }),
          },
          "Let run",
        ),
      ];

export const COLUMNS = ["Run", "Cost", "Nearest limit", "Next"] as const;

/** A live run: what it is, what it costs, how near it is to which limit, and what comes next. Roles are said: the layout of a narrow page would drop them. */
export function rowView(row: Row, look: RowLook): VNode {
  const { run, isGone } = row;
  const { scheduleHeld: hold } = run;
  const cell = (name: string, ...children: readonly Child[]): VNode =>
    el("td", { role: "cell", class: name }, ...children);
  return el(
    "tr",
    { key: run.runId, role: "row", class: isGone ? "gone" : run.stopping ? "stopping" : undefined },
    el("th", { role: "rowheader", scope: "row", class: "who" }, whoCell(row, look.now)),
    cell("cost", costCell(run)),
    cell("limit", limitCell(run)),
    cell(
      "next",
      nextCell(row, look),
      hold
        ? el(
            "span",
            { class: "under warn" },
            `its schedule is held until ${minuteText(hold.until, look.now)} UTC`,
          )
        : undefined,
    ),
    look.canAct ? cell("acts", actsCell(row)) : undefined,
  );
}
