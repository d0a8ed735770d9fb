import type { VNode } from "preact";
import type { Tone } from "../../../page/el.ts";
import { type Tile, tiles } from "../../../page/parts.ts";
import { budgetAmounts } from "../../../src/watchdog/audit/describe-budget.ts";
import type { Part } from "../../api.ts";
import type { Line } from "../state.ts";
import { burningOf, type Coming, nextOf } from "../summary.ts";
import { heldIn, type Report, type Runs } from "../told.ts";
import {
  clockText,
  count,
  fromNow,
  measureText,
  percentText,
  rangeText,
  stepWords,
  usdText,
} from "../words.ts";
import type { NameOf } from "./budgets.ts";

/** A figure that can't be read says so in its own place. */
function withoutValue(label: string, part: Part | undefined, line: Line): Tile {
  if (part === undefined && line.kind !== "lost") return { label, value: "…", note: "Reading", tone: "dim" };
  const note =
    part?.kind === "failed"
      ? part.says
      : part?.kind === "slow"
        ? "no answer yet"
        : "the console's server is not heard";
  return { label, value: "Not known", note, tone: part?.kind === "slow" ? "warn" : "bad" };
}

/** Beside a figure that is not renewed: as of when it is. */
const asOfNote = (isOld: boolean, at: Date): string => (isOld ? ` As of ${clockText(at)} UTC.` : "");

/** Whether what is known is the latest answer. */
const oldness = (part: Part | undefined, line: Line): boolean =>
  part?.kind !== "known" || line.kind === "lost";

export function burningTile(part: Part | undefined, line: Line): Tile {
  const label = "Burning";
  const held = heldIn<Runs>(part);
  if (held === undefined) return withoutValue(label, part, line);
  const { runs, completeAt } = held.value;
  if (completeAt === null && runs.length === 0)
    return { label, value: "Not known", note: "No tick has seen the whole account yet.", tone: "warn" };
  const { live, usd, unknownCost, over, near, stopping } = burningOf(runs);
  const said = [
    over > 0 && `${over} over a limit and not stopped`,
    stopping > 0 && `${stopping} being stopped`,
    near > 0 && `${near} past 80% of a limit`,
    over + stopping + near === 0 && (live === 0 ? "no run is live" : "none is near a limit"),
    unknownCost > 0 && `cost unknown of ${count(unknownCost, "run")}`,
  ].filter((each) => each !== false);
  const tone: Tone = over + stopping > 0 ? "bad" : near > 0 ? "warn" : "good";
  const text = said.join(", ");
  return {
    label,
    value: live === 0 ? "No live runs" : `${usdText(usd)} in ${count(live, "live run")}`,
    note: `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.${asOfNote(oldness(part, line), held.at)}`,
    tone,
  };
}

function comingWords(coming: Coming, nameOf: NameOf): string {
  const { step, ruleId, mode } = coming;
  const isStop = step.do !== "notify";
  const does =
    isStop && mode === "observe" ? "nothing is stopped, as the rule only observes" : stepWords(step.do);
  if ("budget" in coming) {
    const { budget, spent, limit } = coming.budget;
    const whose =
      budget.each === "actor"
        ? nameOf(budget.group)
        : budget.each === "account"
          ? "The account"
          : budget.group;
    return `${whose} reaches ${step.at}% of its budget, now ${budgetAmounts(budget, spent, limit)} (${ruleId}): ${does}`;
  }
  const unit = coming.run.shares.find((share) => share.ruleId === ruleId)?.unit ?? "";
  return `${coming.run.actor} reaches ${measureText(unit, step.figure)} (${ruleId}): ${does}`;
}

/** Without a step that can be foreseen, what is nearest to one. */
function nearestWords({ runs }: Runs): string {
  const nearest = runs.find(({ shares, stopping }) => shares.length > 0 && !stopping);
  const share = nearest?.shares[0];
  if (nearest === undefined || share === undefined) return "No live run has a limit to come to.";
  return `Nearest: ${nearest.actor}, at ${percentText(share.share)} of ${measureText(share.unit, share.limit)} (${share.ruleId}).`;
}

export function nextTile(part: Part | undefined, line: Line, now: Date, nameOf: NameOf): Tile {
  const label = "Next";
  const held = heldIn<Runs>(part);
  if (held === undefined) return withoutValue(label, part, line);
  const asOf = held.value.asOf === null ? held.at : new Date(held.value.asOf);
  const stopping = held.value.runs.find((run) => run.stopping);
  const old = asOfNote(oldness(part, line), held.at);
  if (stopping)
    return { label, value: "Stopping a run", note: `${stopping.actor} is being stopped.${old}`, tone: "bad" };
  const coming = nextOf(held.value, asOf);
  if (coming === undefined)
    return { label, value: "No step in sight", note: `${nearestWords(held.value)}${old}` };
  const isStop = coming.step.do !== "notify" && coming.mode !== "observe";
  const what = isStop ? (coming.step.do === "hold" ? "Hold" : "Stop") : "Notice";
  const when = coming.at <= now ? "due now" : fromNow(coming.at, now);
  return {
    label,
    value: `${what} ${when}`,
    note: `${comingWords(coming, nameOf)}.${old}`,
    ...(isStop && { tone: "warn" }),
  };
}

const STOPS_COUNTED =
  "From nothing, had each run been about to end, to what it would have cost since at its mean rate, for as long as it had run.";

export function savedTile(part: Part | undefined, line: Line): Tile {
  const label = "Saved this month";
  const held = heldIn<Report>(part);
  if (held === undefined) return withoutValue(label, part, line);
  const { enforced, observed } = held.value.saved;
  const would =
    observed.stops.length > 0
      ? ` Observed rules would have stopped ${count(observed.stops.length, "run")}${observed.savedUsd ? ` and saved ${rangeText(observed.savedUsd)}` : ""}.`
      : "";
  const old = asOfNote(oldness(part, line), held.at);
  if (enforced.stops.length === 0)
    return { label, value: "$0.00", note: `No run was stopped.${would}${old}` };
  const unknown = enforced.stops.filter(({ savedUsd }) => savedUsd === null).length;
  const value = enforced.savedUsd === null ? "Unknown" : rangeText(enforced.savedUsd);
  const lacks = unknown > 0 ? `, of ${count(unknown, "run")} unknown` : "";
  return {
    label,
    value,
    note: `By ${count(enforced.stops.length, "stop")}${lacks}. ${STOPS_COUNTED}${would}${old}`,
  };
}

export const tilesView = (all: readonly Tile[]): VNode => tiles({ tiles: all });
