import { isPaused } from "../../policy/index.ts";
import { type Control, viewOf } from "../model/control.ts";
import { type SourceHold, scheduleWords } from "../model/holds/hold.ts";
import { findHold } from "../model/holds/sources.ts";
import { CALL_MS, CLAIM_MS } from "../model/intents.ts";
import { alert } from "../model/pass.ts";
import type { ScheduleAnswer, ScheduleReading } from "../model/ports.ts";
import { READ_PATIENCE_MS, withinBudget } from "../observe/within-budget.ts";
import { disable, enable, type Seen } from "./call.ts";
import type { Holding } from "./holding.ts";
import { nextHoldMove } from "./ladder.ts";
import { claimHold, closeHold, noteGone, patchHold } from "./progress.ts";

/** Why a hold is over, if it is, by this control state; a pause is seen by itself. */
export type Outlook = (hold: SourceHold, control: Control) => Promise<string | undefined>;

/** What this pass has just done: read the schedule, and claimed it not before then, both by the monotonic clock. */
type Begun = {
  readonly claimedMs: number;
  readonly seen: { readonly reading: ScheduleReading; readonly readMs: number };
};

const MOST_MOVES = 8;

async function read(holding: Holding, scheduleId: string): Promise<Begun["seen"]> {
  const readMs = holding.ports.clock.monotonicMs();
  const reading = await withinBudget(holding, READ_PATIENCE_MS, (signal) =>
    holding.ports.apify.readSchedule(scheduleId, signal),
  );
  return { reading, readMs };
}

/** What came of a call. True: look again. A lost answer is looked after once; what is not as it was asked to be waits for the next tick. */
async function after(holding: Holding, hold: SourceHold, answer: ScheduleAnswer): Promise<boolean> {
  const { holdId, scheduleId } = hold;
  if (answer.kind === "taken") {
    if (!hold.letGo) await patchHold(holding, holdId, { madeAt: answer.schedule.modifiedAt });
    return true;
  }
  if (answer.kind === "lost") return true;
  // Whether it is gone is for readings to say.
  if (answer.status === 404) return true;
  if (answer.retryable) return false;
  const said = `Apify answered ${answer.status} ${answer.type}`;
  const leaves = hold.letGo ? ({ leaves: "refused" } as const) : ({ frees: "refused" } as const);
  await closeHold(holding, holdId, { kind: "source.left", reason: `${said} to our change`, ...leaves });
  const missing =
    answer.status === 403 ? "; the token needs Write on it, and Run on each Actor that it starts" : "";
  alert(
    holding,
    `hold:${scheduleId}`,
    `${scheduleWords(hold)} can't be ${hold.letGo ? "enabled" : "disabled"}: ${said}${missing}`,
  );
  return false;
}

/**
 * Takes one hold as far as it goes in this pass, by the schedule as it is now: it is disabled as promised, let go when its
 * time is up, or closed because somebody else had a hand in it. Whoever dies on the way is followed by the next pass.
 */
export async function pursueHold(
  holding: Holding,
  { holdId, scheduleId }: Pick<SourceHold, "holdId" | "scheduleId">,
  outlook: Outlook,
  begun?: Begun,
): Promise<void> {
  const { clock, apify, state } = holding.ports;
  let seen: Begun["seen"] | undefined = begun?.seen;
  let claimedMs = begun?.claimedMs ?? Number.NEGATIVE_INFINITY;
  let calls = 0;
  for (let move = 0; move < MOST_MOVES && !holding.signal.aborted; move++) {
    if (seen && clock.monotonicMs() - seen.readMs > RE_READ_MS) seen = undefined;
    seen ??= await read(holding, scheduleId);
    const { reading, readMs } = seen;
    // What is in force is read last: nothing leaves that a pause, an exemption or a push has forbidden meanwhile.
    const control = await state.readControl();
    const hold = findHold(control, holdId);
    if (hold === undefined) return;
    const over = await outlook(hold, control);
    const now = apify.now();
    const view = { now, tickId: holding.tick.id, over, isPaused: isPaused(viewOf(control), now) };
    const next = nextHoldMove(hold, reading, view);
    if (next.kind === "wait") return forbidden(holding, hold, reading.kind);
    if (next.kind === "close") {
      const { closing, kind: _close, ...rest } = next;
      return closeHold(holding, holdId, { kind: closing, ...rest });
    }
    if (next.kind === "note-gone" || next.kind === "note-found") {
      await noteGone(holding, holdId, next.kind === "note-gone" ? now : undefined);
      if (next.kind === "note-gone") return;
    } else if (next.kind === "note-made") await patchHold(holding, holdId, { madeAt: next.madeAt }, isUnmade);
    else if (next.kind === "let-go") {
      const letGo = { at: apify.now(), by: "watchdog", reason: next.reason };
      await patchHold(holding, holdId, { letGo }, (each) => each.letGo === undefined);
    } else if (claimedMs + CLAIM_MS - clock.monotonicMs() < CALL_MS) {
      // Not by the claim of a promise that somebody else wrote, nor by one that is about to end.
      const sinceMs = clock.monotonicMs();
      if (!(await claimHold(holding, holdId))) return;
      claimedMs = sinceMs;
    } else if (next.kind !== "claim" && reading.kind === "found") {
      if (calls++ > 0) return;
      const with_: Seen = { schedule: reading.schedule, readMs };
      const answer = await (next.kind === "disable" ? disable : enable)(holding, hold, with_);
      if (!(await after(holding, hold, answer))) return;
      seen = undefined;
    }
  }
}

const RE_READ_MS = 3_000;
const isUnmade = ({ madeAt }: SourceHold): boolean => madeAt === undefined;

function forbidden(holding: Holding, hold: SourceHold, kind: string): void {
  if (kind !== "forbidden") return;
  alert(
    holding,
    `hold:${hold.scheduleId}`,
    `${scheduleWords(hold)} is held and the token may not read it, so it can't be let go`,
  );
}
