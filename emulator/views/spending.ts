import type { Directory, Money, Runs, Settings, Users } from "../account/parts.ts";
import { between, dusted } from "../ground/accrual.ts";
import { cycleAt, dayAt, type Span } from "../ground/cycle.ts";
import type { User } from "../runs/actor.ts";
import { timestamp } from "./timestamp.ts";

/** `GET /v2/users/me/limits`. */
export function limitsView(known: Directory & Runs & Money & Settings, user: User, nowMs: number) {
  const live = known.runs.live(nowMs).filter((run) => run.user === user);
  const cycle = cycleAt(known.cycleStart, nowMs);
  const days = daysIn(known, user, cycle, nowMs);
  return {
    monthlyUsageCycle: cycleView(cycle),
    limits: {
      maxMonthlyUsageUsd: known.settings.maxMonthlyUsageUsd,
      maxMonthlyActorComputeUnits: 10_000,
      maxMonthlyExternalDataTransferGbytes: 2_000,
      maxMonthlyProxySerps: 1_000_000,
      maxMonthlyResidentialProxyGbytes: 200,
      maxActorMemoryGbytes: 256,
      maxActorCount: 500,
      maxActorTaskCount: 5_000,
      maxConcurrentActorJobs: 256,
      maxTeamAccountSeatCount: 9,
      dataRetentionDays: known.settings.dataRetentionDays,
      maxScheduleCount: 100,
    },
    current: {
      monthlyUsageUsd: totalUsd(days),
      monthlyActorComputeUnits: days.reduce((sum, { units }) => sum + units, 0),
      monthlyExternalDataTransferGbytes: 0,
      monthlyProxySerps: 0,
      monthlyResidentialProxyGbytes: 0,
      actorMemoryGbytes: live.reduce((sum, run) => sum + run.options.memoryMbytes / 1_024, 0),
      actorCount: user === known.owner ? known.actors.length : 0,
      actorTaskCount: user === known.owner ? known.tasks.length : 0,
      activeActorJobCount: live.length,
      teamAccountSeatCount: 1,
      scheduleCount: 0,
    },
  };
}

/**
 * `GET /v2/users/me/usage/monthly`: what was spent on each day of the cycle that `cycleOfMs` falls in, by when it came.
 * Its total is the limits' `monthlyUsageUsd`.
 */
export function monthlyUsageView(known: Users & Money, user: User, nowMs: number, cycleOfMs: number) {
  const cycle = cycleAt(known.cycleStart, cycleOfMs);
  const days = daysIn(known, user, cycle, nowMs);
  const total = totalUsd(days);
  return {
    usageCycle: cycleView(cycle),
    monthlyServiceUsage: services(days),
    dailyServiceUsages: days.map((day) => ({
      date: `${timestamp(day.fromMs).slice(0, 10)}T00:00:00.000Z`,
      serviceUsage: services([day]),
      totalUsageCreditsUsd: totalUsd([day]),
    })),
    totalUsageCreditsUsdBeforeVolumeDiscount: total,
    totalUsageCreditsUsdAfterVolumeDiscount: total,
  };
}

/** What was spent on a day: by runs and without any. */
type Day = {
  readonly fromMs: number;
  readonly runsUsd: number;
  readonly units: number;
  readonly outsideUsd: number;
};

/** The days of the cycle by now on which anything was spent. */
function daysIn(
  { owner, spendOf, outside, cycleStart }: Users & Money,
  user: User,
  cycle: Span,
  nowMs: number,
): Day[] {
  const ofRuns = spendOf(user).days(nowMs);
  const days: Day[] = [];
  for (let { fromMs } = cycle; fromMs < cycle.untilMs && fromMs <= nowMs; ) {
    const { untilMs } = dayAt(cycleStart, fromMs);
    const { usd, units } = ofRuns.get(fromMs) ?? { usd: 0, units: 0 };
    const outsideUsd = user === owner ? dusted(between(outside, fromMs, untilMs, nowMs)) : 0;
    const day = { fromMs, runsUsd: dusted(usd), units, outsideUsd };
    if (day.runsUsd > 0 || outsideUsd > 0) days.push(day);
    fromMs = untilMs;
  }
  return days;
}

const totalUsd = (days: readonly Day[]): number =>
  dusted(days.reduce((sum, { runsUsd, outsideUsd }) => sum + runsUsd + outsideUsd, 0));

/** All cost of runs under one service, all other under one that needs no run: what is kept in storage. */
function services(days: readonly Day[]) {
  const runsUsd = dusted(days.reduce((sum, day) => sum + day.runsUsd, 0));
  const outsideUsd = dusted(days.reduce((sum, day) => sum + day.outsideUsd, 0));
  return {
    ACTOR_COMPUTE_UNITS: usageItem(runsUsd, 0.2),
    ...(outsideUsd > 0 ? { DATASET_TIMED_STORAGE_GBYTE_HOURS: usageItem(outsideUsd, 0.001) } : {}),
  };
}

function usageItem(usd: number, unitPriceUsd: number) {
  const money = { baseAmountUsd: usd, baseUnitPriceUsd: unitPriceUsd, amountAfterVolumeDiscountUsd: usd };
  return { quantity: usd / unitPriceUsd, ...money, priceTiers: [] };
}

/** A cycle in Apify's form, whose end is its last millisecond. */
const cycleView = ({ fromMs, untilMs }: Span) => ({
  startAt: timestamp(fromMs),
  endAt: timestamp(untilMs - 1),
});
