import { isPaused, type WantedHold } from "../../policy/index.ts";
import { changeControl } from "../audit/append.ts";
import { extendedDraft, type HoldBasis, holdIdOf } from "../audit/holds/hold-drafts.ts";
import { type Control, type PolicyInForce, refOf, stateOf, viewOf } from "../model/control.ts";
import { CONTROL_CHAIN } from "../model/entry.ts";
import { plainEvidence } from "../model/evidence.ts";
import { type SourceHold, scheduleWords } from "../model/holds/hold.ts";
import { findHold, holdOfSchedule, holdsOf, isFreed, withHoldPatch } from "../model/holds/sources.ts";
import { alert } from "../model/pass.ts";
import { READ_PATIENCE_MS, withinBudget } from "../observe/within-budget.ts";
import type { Holding } from "./holding.ts";
import { claimOf, promiseHold } from "./progress.ts";
import { type Outlook, pursueHold } from "./pursue-hold.ts";

const basisOf = ({ step, mode, evidence, owner }: WantedHold): HoldBasis => ({
  mode,
  ...(step && { step }),
  ...(evidence && { evidence: plainEvidence(evidence) }),
  ...(owner !== undefined && { owner }),
});

/** Is there room for one more, and does nothing stand against it? Asked of the very state that the promise is written on. */
const hasRoom =
  (holding: Holding, { scheduleId, cause }: WantedHold, most: number) =>
  (control: Control): boolean => {
    const now = holding.ports.apify.now();
    if (isPaused(viewOf(control), now)) return false;
    return cause.kind === "hand" || (!isFreed(control, scheduleId, now) && holdsOf(control).length < most);
  };

/**
 * Holds one schedule: reads it, promises, disables it, reads it again. One that somebody else has disabled is never ours.
 * Returns why it is not held, if so.
 */
export async function beginHold(
  holding: Holding,
  wanted: WantedHold,
  inForce: PolicyInForce | undefined,
  outlook: Outlook,
): Promise<string | undefined> {
  const { ports, tick } = holding;
  const { scheduleId, cause, until, evidence } = wanted;
  const before = await ports.state.readControl();
  const most = inForce?.policy.guards.maxHolds ?? 0;
  if (holdOfSchedule(before, scheduleId)) return "it is held already";
  const may = hasRoom(holding, wanted, most);
  if (!may(before)) return noteUnheld(holding, wanted, before);
  const readMs = ports.clock.monotonicMs();
  const reading = await withinBudget(holding, READ_PATIENCE_MS, (signal) =>
    ports.apify.readSchedule(scheduleId, signal),
  );
  if (reading.kind === "gone") return "Apify has no such schedule";
  if (reading.kind === "forbidden") {
    alert(
      holding,
      `hold:${scheduleId}`,
      `schedule ${scheduleId} can't be held: the token may not read it; grant it Read and Write on the schedule`,
    );
    return "the token may not read it";
  }
  const { schedule } = reading;
  if (!schedule.isEnabled) return "it is disabled already, and not by the watchdog";
  const claimedMs = ports.clock.monotonicMs();
  const hold: SourceHold = {
    holdId: holdIdOf(scheduleId, `${tick.id}/${readMs}`),
    scheduleId,
    ...(schedule.name !== undefined && { name: schedule.name }),
    cause,
    ...(inForce && refOf(inForce)),
    at: ports.apify.now(),
    until,
    modifiedAt: schedule.modifiedAt,
    state: schedule.state,
    claim: claimOf(holding),
    ...(evidence && { measured: evidence.measured }),
  };
  const mayStill = async (control: Control) => may(control) && !(await outlook(hold, control));
  if (!(await promiseHold(holding, hold, basisOf(wanted), mayStill)))
    return "another tick was first, or nothing asks for it any more";
  await pursueHold(holding, hold, outlook, { claimedMs, seen: { reading, readMs } });
  return undefined;
}

function noteUnheld(holding: Holding, { scheduleId }: WantedHold, control: Control): string {
  const now = holding.ports.apify.now();
  if (isPaused(viewOf(control), now)) return "the watchdog is paused";
  const freed = (control.freed ?? []).find((each) => each.scheduleId === scheduleId && each.until > now);
  if (freed?.why === "refused")
    alert(
      holding,
      `hold:${scheduleId}`,
      `${scheduleWords({ scheduleId })} can't be disabled: Apify refused it; the token needs Write on the schedule, and Run on each Actor that it starts`,
    );
  if (freed) return `it was ${freed.why}`;
  alert(
    holding,
    "hold:most",
    `${holdsOf(control).length} schedules are held, as many as guards.maxHolds allows; others that are to be held go on starting runs, ${scheduleId} among them`,
  );
  return "as many schedules are held as guards.maxHolds allows";
}

/** A hold whose time is up, and that something else asks for: it goes on on that one's account, and nothing is called. */
export async function extendHold(
  holding: Holding,
  holdId: string,
  { cause, until, evidence, ...wanted }: WantedHold,
  inForce: PolicyInForce,
): Promise<void> {
  const patch = { cause, until, ...refOf(inForce), ...(evidence && { measured: evidence.measured }) };
  const basis = basisOf({ ...wanted, cause, until, ...(evidence && { evidence }) });
  let scheduleId = "";
  const changed = await changeControl(holding.ports, (control) => {
    const hold = findHold(control, holdId);
    if (hold === undefined || hold.letGo || isSameCause(hold, patch)) return undefined;
    scheduleId = hold.scheduleId;
    return {
      next: withHoldPatch(stateOf(control), holdId, patch),
      draft: extendedDraft({ ...hold, ...patch }, basis, holding.tick.id, holding.ports.apify.now()),
      chain: CONTROL_CHAIN,
    };
  });
  if (changed?.appended) holding.outcomes.push({ kind: "source.held", chain: CONTROL_CHAIN, scheduleId });
}

const isSameCause = (
  hold: Pick<SourceHold, "cause" | "until">,
  other: Pick<SourceHold, "cause" | "until">,
): boolean =>
  hold.until.getTime() === other.until.getTime() &&
  JSON.stringify(hold.cause) === JSON.stringify(other.cause);
