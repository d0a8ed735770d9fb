import type { VNode } from "preact";
import type { Tone } from "../../../page/el.ts";
import { type Tile, tiles } from "../../../page/parts.ts";
import { budgetAmounts } from "../../../src/watchdog/audit/describe-budget.ts";
import type { Part } from "../../api.ts";
import type { Line } from "../state.ts";
import { burningOf, type Coming, nextOf } from "../summary.ts";
import { type Held, heldIn, type Report, type Runs, type Status } from "../told.ts";
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

/** A figure that can't be read says so in its own place; why, where no panel says that. */
function withoutValue(label: string, part: Part | undefined, line: Line, why?: string): Tile {
  if (part?.kind === "failed") return { label, value: "Not known", note: why ?? part.says, tone: "bad" };
  if (part?.kind === "slow") return { label, value: "Not known", note: "No answer yet.", tone: "warn" };
  return line.kind === "lost"
    ? { label, value: "Not known", note: "The console's server is not heard.", tone: "bad" }
    : { label, value: "…", note: "Reading", tone: "dim" };
}

const SEE_RUNS = "Can't be read: Live runs says why.";

/** A figure that is not renewed has no colour, and says as of when it is. */
const aged = (tile: Tile, { at, isOld }: Held<unknown>, line: Line): Tile =>
  isOld || line.kind === "lost"
    ? { ...tile, tone: "dim", note: `As of ${clockText(at)} UTC. ${tile.note}` }
    : tile;

/** What ticks saw so long ago is old, however fresh the table's answer is. */
const OLD_MS = 5 * 60_000;

/** The runs that are known, of when the last tick saw them. */
function seenRuns(part: Part | undefined, now: Date): Held<Runs> | undefined {
  const held = heldIn<Runs>(part);
  if (held === undefined || held.value.asOf === null) return held;
  const at = new Date(held.value.asOf);
  return { ...held, at, isOld: held.isOld || now.getTime() - at.getTime() > OLD_MS };
}

export function burningTile(part: Part | undefined, line: Line, now: Date): Tile {
  const held = seenRuns(part, now);
  return held ? aged(burning(held.value), held, line) : withoutValue("Burning", part, line, SEE_RUNS);
}

/** What is not known is in no sum: then it is the least that they have cost. */
function burntText(usd: number, unknownCost: number, live: number): string {
  if (unknownCost === live) return "Unknown cost";
  return unknownCost > 0 ? `At least ${usdText(usd)}` : usdText(usd);
}

function burning({ runs, completeAt }: Runs): Tile {
  const label = "Burning";
  if (completeAt === null && runs.length === 0)
    return { label, value: "Not known", note: "No tick has seen the whole account yet.", tone: "warn" };
  const { live, usd, unknownCost, over, near, stopping, unlimited } = burningOf(runs);
  const isFree = live > 0 && unlimited === live;
  const said = [
    over > 0 && `${over} over a limit and not stopped`,
    stopping > 0 && `${stopping} being stopped`,
    near > 0 && `${near} past 80% of a limit`,
    over + stopping + near === 0 && !isFree && (live === 0 ? "no run is live" : "none is near a limit"),
    isFree ? "no rule limits them" : unlimited > 0 && `${unlimited} without a limit`,
    unknownCost > 0 && `cost unknown of ${count(unknownCost, "run")}`,
  ].filter((each) => each !== false);
  const tone: Tone = over + stopping > 0 ? "bad" : near > 0 || isFree ? "warn" : "good";
  const text = said.join(", ");
  return {
    label,
    value: live === 0 ? "No live runs" : `${burntText(usd, unknownCost, live)} in ${count(live, "live run")}`,
    note: `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`,
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
  return `${coming.run.actor} reaches ${measureText(coming.step.unit, step.figure)} (${ruleId}): ${does}`;
}

/** Without a step that can be foreseen, what is nearest to one. */
function nearestWords({ runs }: Runs): string {
  const nearest = runs.find(({ shares, stopping }) => shares.length > 0 && !stopping);
  const share = nearest?.shares[0];
  if (nearest === undefined || share === undefined) return "No live run has a limit to come to.";
  return `Nearest: ${nearest.actor}, at ${percentText(share.share)} of ${measureText(share.unit, share.limit)} (${share.ruleId}).`;
}

type Look = { readonly line: Line; readonly now: Date; readonly nameOf: NameOf };

export function nextTile(part: Part | undefined, status: Status | undefined, look: Look): Tile {
  const held = seenRuns(part, look.now);
  if (held === undefined) return withoutValue("Next", part, look.line, SEE_RUNS);
  const idle = idleText(status);
  if (idle) return aged({ label: "Next", value: "No stop", note: idle, tone: "warn" }, held, look.line);
  return aged(next(held.value, held.at, look.now, look.nameOf), held, look.line);
}

/** Why nothing that is foreseen will happen. */
function idleText(status: Status | undefined): string | undefined {
  if (status?.guarding === "paused") return "The watchdog is paused: what breaches goes on.";
  return status?.guarding === "not guarding"
    ? "The watchdog is not guarding: what breaches goes on."
    : undefined;
}

function next(value: Runs, asOf: Date, now: Date, nameOf: NameOf): Tile {
  const label = "Next";
  const stopping = value.runs.find((run) => run.stopping);
  if (stopping)
    return { label, value: "Stopping a run", note: `${stopping.actor} is being stopped.`, tone: "bad" };
  const coming = nextOf(value, asOf);
  if (coming === undefined) return { label, value: "No step in sight", note: nearestWords(value) };
  const isStop = coming.step.do !== "notify" && coming.mode !== "observe";
  const what = isStop ? (coming.step.do === "hold" ? "Hold" : "Stop") : "Notice";
  const when = coming.at <= now ? "due now" : fromNow(coming.at, now);
  return {
    label,
    value: `${what} ${when}`,
    note: `${comingWords(coming, nameOf)}.`,
    ...(isStop && { tone: "warn" }),
  };
}

const STOPS_COUNTED =
  "From nothing, had each run been about to end, to what it would have cost since at its mean rate, for as long as it had run.";

export function savedTile(part: Part | undefined, line: Line): Tile {
  const held = heldIn<Report>(part);
  return held ? aged(saved(held.value), held, line) : withoutValue("Saved this month", part, line);
}

function saved({ saved: { enforced, observed } }: Report): Tile {
  const label = "Saved this month";
  const would =
    observed.stops.length > 0
      ? ` Observed rules would have stopped ${count(observed.stops.length, "run")}${observed.savedUsd ? ` and saved ${rangeText(observed.savedUsd)}` : ""}.`
      : "";
  if (enforced.stops.length === 0) return { label, value: "$0.00", note: `No run was stopped.${would}` };
  const unknown = enforced.stops.filter(({ savedUsd }) => savedUsd === null).length;
  const value = enforced.savedUsd === null ? "Unknown" : rangeText(enforced.savedUsd);
  const lacks = unknown > 0 ? `, of ${count(unknown, "run")} unknown` : "";
  return {
    label,
    value,
    note: `By ${count(enforced.stops.length, "stop")}${lacks}. ${STOPS_COUNTED}${would}`,
  };
}

export const tilesView = (all: readonly Tile[]): VNode => tiles({ tiles: all });
