import type { Decision } from "../../policy/index.ts";
import type { Blind, Findings } from "../model/live.ts";
import type { Context } from "./context.ts";
import { heldStops } from "./held-stops.ts";

/** So many of each are kept, and so many characters of one: the live index must stay small. All of it is in the tick's report. */
const MOST = 30;
const MOST_TEXT = 400;

const cut = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text);

/** What is kept of a tick's findings until the next. */
export function findingsOf(
  { attention: alerts, observations }: Pick<Context, "attention" | "observations">,
  calling: readonly string[],
  blind: readonly Blind[],
  decisions: readonly Decision[],
): Findings {
  const attention = [...alerts.values(), ...calling].slice(0, MOST).map(cut);
  const held = heldStops(decisions, observations);
  return {
    ...(attention.length > 0 && { attention }),
    ...(blind.length > 0 && { blind: blind.slice(0, MOST).map((each) => ({ ...each, why: cut(each.why) })) }),
    ...(held.runs > 0 && { heldStops: held }),
  };
}
