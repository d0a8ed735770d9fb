import type { OpenIntent } from "../../../src/watchdog/model/control.ts";
import type { Standing } from "../../../src/watchdog/model/standing.ts";
import { type LadderInput, type Look, type Move, nextMove } from "../../../src/watchdog/stop/ladder.ts";
import { NOON, openIntent } from "../../support/builders.ts";

export const CONDEMNED: Standing = { kind: "condemned" };
export const FORBIDDEN: Standing = { kind: "forbidden", reason: "pause now protects the run" };
export const UNKNOWN: Standing = { kind: "unknown", reason: "a name could not be resolved" };

export const found = (status: string, more: Partial<Look & { kind: "found" }> = {}): Look => ({
  kind: "found",
  status,
  life: 0,
  ...more,
});

/** What to do about a condemned run that is RUNNING, at noon, by the tick that made the intent. */
export function move(
  intent: Partial<OpenIntent> = {},
  look: Look = found("RUNNING"),
  { standing = CONDEMNED, ...rest }: Partial<LadderInput> = {},
): Move {
  const open = openIntent(intent);
  return nextMove({
    intent: open,
    look,
    standing,
    escalation: { forceAfterSecs: 60, alarmAfterSecs: 300 },
    tickId: "tick-now",
    claimLeftMs: Math.max(0, open.claim.until.getTime() - NOON.getTime()),
    now: NOON,
    ...rest,
  });
}
