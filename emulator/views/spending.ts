import type { Platform } from "../platform.ts";
import { computeUnits, reportedUsd } from "../runs/usage.ts";
import { timestamp } from "./short-run.ts";

/** `GET /v2/users/me/limits`. The stranger's account, with `isOwner` false, has used nothing. */
export function limitsView(platform: Platform, isOwner: boolean, nowMs: number) {
  const live = isOwner ? platform.runs.live(nowMs) : [];
  return {
    monthlyUsageCycle: cycle(nowMs),
    limits: {
      maxMonthlyUsageUsd: platform.settings.maxMonthlyUsageUsd,
      maxMonthlyActorComputeUnits: 10_000,
      maxMonthlyExternalDataTransferGbytes: 2_000,
      maxMonthlyProxySerps: 1_000_000,
      maxMonthlyResidentialProxyGbytes: 200,
      maxActorMemoryGbytes: 256,
      maxActorCount: 500,
      maxActorTaskCount: 5_000,
      maxConcurrentActorJobs: 256,
      maxTeamAccountSeatCount: 9,
      dataRetentionDays: platform.settings.dataRetentionDays,
      maxScheduleCount: 100,
    },
    current: {
      monthlyUsageUsd: isOwner ? platform.spentUsd + runsUsd(platform, nowMs) : 0,
      monthlyActorComputeUnits: isOwner ? units(platform, nowMs) : 0,
      monthlyExternalDataTransferGbytes: 0,
      monthlyProxySerps: 0,
      monthlyResidentialProxyGbytes: 0,
      actorMemoryGbytes: live.reduce((sum, run) => sum + run.options.memoryMbytes / 1_024, 0),
      actorCount: isOwner ? platform.actors.length : 0,
      actorTaskCount: isOwner ? platform.tasks.length : 0,
      activeActorJobCount: live.length,
      teamAccountSeatCount: 1,
      scheduleCount: 0,
    },
  };
}

/** `GET /v2/users/me/usage/monthly`: all cost is booked on the day that the run started, under one service. */
export function monthlyUsageView(platform: Platform, isOwner: boolean, nowMs: number, cycleOfMs: number) {
  const { startAt, endAt } = cycle(cycleOfMs);
  const byDay = new Map<string, number>();
  for (const run of isOwner ? platform.runs.all() : []) {
    const startedAt = timestamp(run.startedAtMs);
    if (startedAt < startAt || startedAt > endAt || run.startedAtMs > nowMs) continue;
    const day = `${startedAt.slice(0, 10)}T00:00:00.000Z`;
    byDay.set(day, (byDay.get(day) ?? 0) + (reportedUsd(run, nowMs) ?? 0));
  }
  const total = [...byDay.values()].reduce((sum, usd) => sum + usd, 0);
  return {
    usageCycle: { startAt, endAt },
    monthlyServiceUsage: { ACTOR_COMPUTE_UNITS: usageItem(total) },
    dailyServiceUsages: [...byDay].map(([date, usd]) => ({
      date,
      serviceUsage: { ACTOR_COMPUTE_UNITS: usageItem(usd) },
      totalUsageCreditsUsd: usd,
    })),
    totalUsageCreditsUsdBeforeVolumeDiscount: total,
    totalUsageCreditsUsdAfterVolumeDiscount: total,
  };
}

function usageItem(usd: number) {
  const money = { baseAmountUsd: usd, baseUnitPriceUsd: 0.2, amountAfterVolumeDiscountUsd: usd };
  return { quantity: usd / 0.2, ...money, priceTiers: [] };
}

/** The pretend account's usage cycle is the calendar month, in UTC. */
function cycle(atMs: number): { startAt: string; endAt: string } {
  const at = new Date(atMs);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  return { startAt: timestamp(Date.UTC(year, month, 1)), endAt: timestamp(Date.UTC(year, month + 1, 1) - 1) };
}

function runsUsd(platform: Platform, nowMs: number): number {
  return sum(platform, nowMs, (run) => reportedUsd(run, nowMs) ?? 0);
}

function units(platform: Platform, nowMs: number): number {
  return sum(platform, nowMs, (run) => computeUnits(run, nowMs));
}

function sum(
  platform: Platform,
  nowMs: number,
  of: (run: ReturnType<Platform["runs"]["all"]>[number]) => number,
) {
  return platform.runs.all().reduce((total, run) => (run.startedAtMs <= nowMs ? total + of(run) : total), 0);
}
