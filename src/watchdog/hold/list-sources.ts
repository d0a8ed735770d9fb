import { DAY_MS, HOUR_MS, toUsd } from "../../policy/index.ts";
import { spendReport } from "../ledger/spend-report.ts";
import type { Control } from "../model/control.ts";
import type { SourceHold } from "../model/holds/hold.ts";
import { holdOfSchedule, leftOf } from "../model/holds/sources.ts";
import type { ReadPorts, Schedule, ScheduleStart } from "../model/ports.ts";

/** A schedule, what it starts and costs, and who holds it. Instants in ISO 8601. */
export type SourceView = {
  readonly scheduleId: string;
  readonly name?: string;
  readonly enabled: boolean;
  /** A rule's id, `guards.loop`, or the person who ordered it. */
  readonly heldBy?: string;
  readonly until?: string;
  /** The watchdog had disabled it, and leaves it as it is. */
  readonly left?: string;
  readonly nextAt?: string;
  readonly starts: readonly (ScheduleStart & { readonly name?: string })[];
  /** What its runs cost a day, of the last seven as far as they are known. Absent: not known. */
  readonly usdPerDay?: number;
};

const DAYS = 7;

export const holderOf = ({ cause }: Pick<SourceHold, "cause">): string =>
  cause.kind === "budget" ? cause.ruleId : cause.kind === "loop" ? "guards.loop" : cause.by;

/** USD a day by schedule; empty where the ledger knows less than a day. */
async function perDay({ state, clock }: ReadPorts): Promise<((scheduleId: string) => number) | undefined> {
  const now = clock.now();
  const to = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
  const { completeSince } = await state.readLedger();
  if (completeSince === undefined) return undefined;
  const from = new Date(
    Math.max(to.getTime() - DAYS * DAY_MS, Math.ceil(completeSince.getTime() / HOUR_MS) * HOUR_MS),
  );
  const days = (to.getTime() - from.getTime()) / DAY_MS;
  if (days < 1) return undefined;
  const of = { completeSince, timeZone: "UTC", now };
  const { rows } = await spendReport(state, await state.readLive(), { from, to }, "schedule", of);
  const sums = new Map(rows.map(({ key, microUsd = 0 }) => [key, microUsd]));
  return (scheduleId) => toUsd(Math.round((sums.get(scheduleId) ?? 0) / days));
}

function viewOf(schedule: Schedule, control: Control, usdPerDay: number | undefined): SourceView {
  const { id: scheduleId, name, isEnabled: enabled, nextRunAt, starts } = schedule;
  const hold = holdOfSchedule(control, scheduleId);
  const left = leftOf(control).find((each) => each.scheduleId === scheduleId);
  return {
    scheduleId,
    ...(name !== undefined && { name }),
    enabled,
    ...(hold && { heldBy: holderOf(hold), until: hold.until.toISOString() }),
    ...(left && !enabled && { left: left.reason }),
    ...(nextRunAt && { nextAt: nextRunAt.toISOString() }),
    starts,
    ...(usdPerDay !== undefined && { usdPerDay }),
  };
}

/** The account's schedules, those that cost most first. `undefined`: the token may not list them. */
export async function listSources(
  ports: ReadPorts,
  signal: AbortSignal,
): Promise<readonly SourceView[] | undefined> {
  const schedules = await ports.apify.listSchedules(signal);
  if (schedules === undefined) return undefined;
  const control = await ports.state.readControl();
  const usdOf = await perDay(ports);
  return schedules
    .map((each) => viewOf(each, control, usdOf?.(each.id)))
    .toSorted(
      (a, b) =>
        (b.usdPerDay ?? 0) - (a.usdPerDay ?? 0) ||
        (a.name ?? a.scheduleId).localeCompare(b.name ?? b.scheduleId),
    );
}

/** The schedule that a person names, by its id or its name. */
export const findSource = async (
  { apify }: Pick<ReadPorts, "apify">,
  idOrName: string,
  signal: AbortSignal,
): Promise<Schedule | undefined> => {
  const listed = (await apify.listSchedules(signal)) ?? [];
  const found = listed.find(({ id }) => id === idOrName) ?? listed.find(({ name }) => name === idOrName);
  if (found) return found;
  const reading = await apify.readSchedule(idOrName, signal);
  return reading.kind === "found" ? reading.schedule : undefined;
};
