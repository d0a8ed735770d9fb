import type { TrueSchedule } from "../../../../emulator/index.ts";
import type { SeenTick } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import type { Hold, KnownHolds } from "./known-holds.ts";

type Finding = readonly [promise: string, text: string, whose: string];

/** What is due for so long of a calm must have been done. */
const LONG_MS = 5 * 60_000;

const says = ({ attention = [] }: SeenTick, id: string): boolean =>
  attention.some((each) => each === id || each.startsWith(`${id} `));

/** Has a person quieted it, or had until only just? */
const isQuiet = ({ control, history }: Knowledge, id: string): boolean =>
  control
    .between(history.nowMs() - LONG_MS, history.nowMs())
    .some(({ quieted }) => (quieted[id] ?? 0) > history.nowMs() - LONG_MS);

/** After a long calm nothing stays disabled that no hold covers, but what is left with a person called to it. */
export function* checkHoldsAtRest(
  know: Knowledge,
  holds: KnownHolds,
  calmFromMs: number,
): Generator<Finding> {
  const { history, control } = know;
  const nowMs = history.nowMs();
  const last = [...history.ticks.values()].findLast(
    ({ how, startedAtMs = 0, attention }) =>
      how === "done" && startedAtMs > calmFromMs && attention !== undefined,
  );
  const states = control.between(nowMs - LONG_MS, nowMs);
  const wasPaused = states.some(({ pausedUntilMs = 0 }) => pausedUntilMs > nowMs - LONG_MS);
  if (last === undefined) return;
  for (const schedule of history.truth.schedules()) {
    const { id } = schedule;
    if (schedule.isDeleted) continue;
    const open = holds.openAt(nowMs).filter(({ scheduleId }) => scheduleId === id);
    const isCalled = ["overdue", "hold", "left"].some(
      (what) => says(last, `${what}:${id}`) || isQuiet(know, `${what}:${id}`),
    );
    if (open.length === 0) yield* checkUnheld(holds, schedule, isCalled);
    // Who calls for a person has tried, and Apify failed him.
    const hasFailed = history.calls.some(
      ({ kind, by, status, atMs }) =>
        /schedule/.test(kind) && by !== "user" && status !== 200 && atMs > nowMs - LONG_MS,
    );
    for (const hold of open)
      if (!wasPaused && !(isCalled && hasFailed)) yield* checkHeld(holds, hold, schedule, nowMs);
  }
}

function* checkUnheld(
  holds: KnownHolds,
  { id, isEnabled }: TrueSchedule,
  isCalled: boolean,
): Generator<Finding> {
  if (isEnabled || isCalled) return;
  const disabling = holds
    .changesOf(id)
    .findLast(({ schedule }) => schedule?.before.isEnabled === true && !schedule.after.isEnabled);
  if (disabling && disabling.by !== "user")
    yield ["P14", "it stays disabled, nobody holds it, and no person is called to it", `schedule ${id}`];
}

function* checkHeld(
  holds: KnownHolds,
  hold: Hold,
  schedule: TrueSchedule,
  nowMs: number,
): Generator<Finding> {
  const whose = `schedule ${hold.scheduleId}`;
  if (hold.untilMs < nowMs - LONG_MS) yield ["P14", "its hold is kept after its time", whose];
  if (hold.commitMs > nowMs - LONG_MS) return;
  if (schedule.isEnabled) yield ["P14", "it is held and was never disabled, or was enabled since", whose];
  const changedMs = holds.changesOf(hold.scheduleId).at(-1)?.atMs ?? 0;
  if (changedMs > nowMs - LONG_MS) return;
  const last = holds.changesOf(hold.scheduleId).at(-1);
  if (last?.by === "user" && hold.disables.some(({ atMs }) => atMs < last.atMs - 60_000))
    yield ["P14", "it is held although somebody else has changed it since", whose];
}
