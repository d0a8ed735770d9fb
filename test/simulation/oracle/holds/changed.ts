import type { SeenCall } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { CLOCK_MS, forbiddenIn, isPausedIn } from "./asked-for.ts";
import type { Hold, KnownHolds } from "./known-holds.ts";

type Finding = readonly [promise: string, text: string];

/** A claim, and what clocks may be off: for so long after it may have been us who disabled it, for all that anybody can read. */
const UNTOLD_MS = 60_000;
/** An order is on its way for so long until its process has written it down. */
const ORDERED_MS = 150_000;

const isPure = ({ schedule }: SeenCall): boolean =>
  schedule?.before.title === schedule?.after.title &&
  schedule?.before.cronExpression === schedule?.after.cronExpression;

/** Could whoever disabled it have been us, by all that Apify shows? What is made of it while our own change is on its way can't be told from that. */
function mayBeOurs({ commitMs, disables }: Hold, change: SeenCall, tries: readonly SeenCall[]): boolean {
  const lastMs = Math.max(commitMs, ...[...disables, ...tries].map(({ atMs }) => atMs));
  const isInTime = change.atMs >= commitMs - CLOCK_MS && change.atMs <= lastMs + UNTOLD_MS;
  return isInTime && isPure(change) && change.schedule?.after.isEnabled === false;
}

/** A change of ours that reached Apify: promised before, on a reading that shows what the promise knew, and of what is ours to change. */
export function* checkChange(know: Knowledge, holds: KnownHolds, call: SeenCall): Generator<Finding> {
  const { by, schedule, scheduleId, leftAtMs, atMs } = call;
  if (schedule === undefined) return;
  const isEnabling = schedule.after.isEnabled;
  const [hold] = holds.openOf(scheduleId, leftAtMs, atMs);
  if (hold === undefined)
    return yield [
      "P14",
      isEnabling ? "it enables what nobody holds" : "it disables what nobody promised to disable",
    ];
  const read = holds.lastRead(by, scheduleId, leftAtMs);
  if (read?.schedule === undefined) return yield ["P14", "it did not read the schedule before"];
  const shown = read.schedule.after;
  const states = know.control.between(read.deliveredAtMs ?? leftAtMs, leftAtMs);
  if (isPausedIn(states, leftAtMs)) yield ["P6", "a change of a schedule leaves although it is paused"];
  if (isEnabling) yield* checkEnabling(know, holds, call, hold, read);
  else {
    if (!shown.isEnabled) yield ["P14", "it disables what it read to be disabled"];
    if (shown.modifiedAtMs !== hold.modifiedAtMs)
      yield ["P14", "it disables what is not as it was when that was promised"];
    const why = forbiddenIn(know, states, hold, leftAtMs);
    if (why) yield ["P6", `it disables a schedule although ${why}`];
  }
}

function* checkEnabling(
  know: Knowledge,
  holds: KnownHolds,
  { leftAtMs, by }: SeenCall,
  hold: Hold,
  read: SeenCall,
): Generator<Finding> {
  if (read.schedule?.after.isEnabled)
    yield ["P14", "it enables what it read to be enabled: it was let go before"];
  const isTold = (each: SeenCall): boolean =>
    each.by === by && each.status === 200 && (each.deliveredAtMs ?? Infinity) <= leftAtMs;
  if (hold.enables.some((each) => each.atMs < read.atMs || isTold(each)))
    yield ["P14", "it lets a schedule go twice"];
  const tries = holds.changesOf(hold.scheduleId).filter((each) => each.by !== "user");
  const last = holds.changesOf(hold.scheduleId).findLast(({ atMs }) => atMs <= read.atMs);
  // What a person orders to be enabled is let go as he found it.
  const isAsOrdered = hold.cause.kind === "hand" && last?.schedule?.after.modifiedAtMs === hold.modifiedAtMs;
  if (last?.by === "user" && !isAsOrdered && !mayBeOurs(hold, last, tries))
    yield ["P14", "it lets go what somebody else changed since it was held"];
  if (!isOver(know, hold, leftAtMs, by)) yield ["P14", "it lets a schedule go although its time is not up"];
}

/** Is there anything for which it may be let go: its time, an order, another policy, an exemption? */
function isOver(know: Knowledge, hold: Hold, atMs: number, by: string): boolean {
  const { untilMs, scheduleId, commitMs, policyVersions } = hold;
  const clockMs = Math.max(atMs + CLOCK_MS, know.clockOf(by, atMs));
  if (clockMs >= untilMs) return true;
  const { releases = [], restores = [] } = know.history;
  if (releases.some((each) => each.scheduleId === scheduleId && each.atMs > commitMs - ORDERED_MS))
    return true;
  if (restores.some((each) => each.atMs > commitMs)) return true;
  return know.control
    .between(commitMs - CLOCK_MS, atMs)
    .some(
      ({ policyVersion, exemptions }) => !policyVersions.includes(policyVersion) || exemptions.length > 0,
    );
}
