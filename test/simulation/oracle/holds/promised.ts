import type { EntryFields } from "../entry-text.ts";
import type { SeenEntry } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { percentOf } from "../policy-text.ts";
import { asksFor, CLOCK_MS, forbiddenIn, isPausedIn, MOST_HOLDS } from "./asked-for.ts";
import type { Closing, Hold, KnownHolds } from "./known-holds.ts";

type Finding = readonly [promise: string, text: string];

const ENABLED_AGAIN = "it was enabled again";

/** What a promise to disable a schedule, or to keep it disabled, rests on. */
export function* checkPromise(
  know: Knowledge,
  holds: KnownHolds,
  seen: SeenEntry,
  entry: EntryFields,
): Generator<Finding> {
  const { change = {}, policyVersion, evidence, step, by } = entry;
  const cause = change.cause as Hold["cause"];
  const scheduleId = String(change.scheduleId ?? "");
  if (entry.intentId !== undefined) {
    const goesOn = holds.get(entry.intentId);
    if (goesOn === undefined) return yield ["P14", "it goes on with a hold that nobody promised"];
    if (goesOn.closings.length > 0) yield ["P14", "it goes on with a hold that is closed"];
    goesOn.untilMs = Date.parse(String(change.until));
    goesOn.policyVersions.push(policyVersion);
    return;
  }
  const document = know.control.document(policyVersion);
  const { commitMs } = seen;
  if (holds.openAt(commitMs).some((each) => each.scheduleId === scheduleId))
    yield ["P14", "the schedule is held already"];
  if (isPausedIn(know.control.between(commitMs, commitMs), commitMs))
    yield ["P6", "it is promised to disable a schedule although it is paused"];
  if (cause.kind === "hand") {
    if (by === "watchdog") yield ["P9", "nobody ordered it by hand"];
  } else {
    if (by !== "watchdog") yield ["P9", `${by} holds it for a rule`];
    if (!asksFor(document, { cause })) yield ["P14", `policy ${policyVersion} does not ask for it`];
    const startedMs = know.history.ticks.get(seen.by)?.startedAtMs ?? commitMs;
    const why = forbiddenIn(know, know.control.between(startedMs, commitMs), { cause, scheduleId }, commitMs);
    if (why) yield ["P6", `it is promised to disable a schedule although ${why}`];
    const most = document?.guards?.maxHolds ?? MOST_HOLDS;
    const others = holds.openAt(commitMs).length;
    if (others >= most)
      yield ["P14", `it holds ${others + 1} schedules, and no more than ${most} may be held`];
    const freed = holds.all.find((each) => isFreedBy(each, scheduleId, commitMs, know));
    if (freed) yield ["P14", `it holds again what a person has enabled: ${freed.closings[0]?.reason}`];
  }
  if (cause.kind === "budget") {
    if (evidence === undefined || step === undefined)
      return yield ["P9", "it does not say what the budget has come to"];
    const rule = document?.rules.find(({ id }) => id === cause.ruleId);
    const { usd, runs, failures } = rule?.budget ?? {};
    if ((usd ?? runs ?? failures) !== evidence.limit) yield ["P9", `its limit is not ${evidence.limit}`];
    const isStep = rule?.steps.some((each) => each.do === "hold" && percentOf(each.at) === step.at);
    if (!isStep) yield ["P9", `the rule has no step hold at ${step.at} %`];
    if (evidence.measured * 100 < step.at * evidence.limit - 1e-6)
      yield ["P9", `${evidence.measured} does not reach ${step.at} % of ${evidence.limit}`];
    if (runs !== undefined && evidence.measured > startedBy(know, evidence.budget, commitMs))
      yield ["P9", `it counts ${evidence.measured} runs, and fewer were started`];
  }
  holds.take(seen, entry);
}

/** So many runs had been started of the account in the window, by any group. */
function startedBy(know: Knowledge, window: { from: string; to: string } | undefined, byMs: number): number {
  const [fromMs, toMs] = [Date.parse(window?.from ?? ""), Date.parse(window?.to ?? "")];
  return know.history.truth
    .runs()
    .flatMap(({ lives }) => lives)
    .filter(
      ({ startedAtMs }) => startedAtMs >= fromMs - CLOCK_MS && startedAtMs < Math.min(toMs, byMs + CLOCK_MS),
    ).length;
}

/** Did a person free the schedule until later than this? */
function isFreedBy(
  { scheduleId, closings: [closing], untilMs }: Hold,
  id: string,
  atMs: number,
  { history: { releases = [] } }: Knowledge,
): boolean {
  if (scheduleId !== id || closing === undefined || untilMs <= atMs + CLOCK_MS) return false;
  const isReleased = closing.kind === "source.released" && closing.by !== "watchdog";
  return isReleased ? releases.some((each) => each.scheduleId === id) : closing.reason === ENABLED_AGAIN;
}

/** Each promise is closed once, and as what it came to. */
export function* checkClosing(
  _know: Knowledge,
  holds: KnownHolds,
  { commitMs }: SeenEntry,
  { kind, intentId, change = {}, by }: EntryFields,
): Generator<Finding> {
  const hold = holds.get(intentId);
  if (hold === undefined) return yield ["P14", "it closes a hold that nobody promised"];
  if (hold.closings.length > 0) yield ["P14", "it closes a hold that is closed"];
  const closing: Closing = {
    kind: kind as Closing["kind"],
    commitMs,
    by,
    reason: String(change.reason),
    isLeftDisabled: change.isLeftDisabled === true,
  };
  hold.closings.push(closing);
  const enabled = holds
    .changesOf(hold.scheduleId)
    .some(({ atMs, schedule }) => atMs >= hold.commitMs && schedule?.after.isEnabled === true);
  if (kind === "source.released" && !enabled)
    yield ["P14", "it says that the schedule is enabled again, and it is not"];
}
