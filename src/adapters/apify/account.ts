import type { AccountLimits, MonthlyUsage } from "../../watchdog/model/ports.ts";
import type { Connection } from "./http/connection.ts";
import { instantOf, isObject, microUsdOf, type Unread } from "./http/json.ts";
import { read } from "./http/read.ts";

export async function readLimits(connection: Connection, signal: AbortSignal): Promise<AccountLimits> {
  const request = { method: "GET", path: "/v2/users/me/limits", wanted: "an account's limits" } as const;
  return (await read(connection, request, decodeLimits, signal)).value;
}

export async function readMonthlyUsage(connection: Connection, signal: AbortSignal): Promise<MonthlyUsage> {
  const path = "/v2/users/me/usage/monthly";
  const request = { method: "GET", path, wanted: "an account's monthly usage" } as const;
  return (await read(connection, request, decodeMonthlyUsage, signal)).value;
}

function decodeCycle(cycle: unknown): AccountLimits["cycle"] | undefined {
  if (!isObject(cycle)) return undefined;
  const startsAt = instantOf(cycle.startAt);
  const endsAt = instantOf(cycle.endAt);
  return startsAt && endsAt && { startsAt, endsAt };
}

function decodeLimits({ monthlyUsageCycle, limits, current }: Unread): AccountLimits | undefined {
  const cycle = decodeCycle(monthlyUsageCycle);
  if (cycle === undefined) return undefined;
  const maxMonthlyUsageMicroUsd = isObject(limits) ? microUsdOf(limits.maxMonthlyUsageUsd) : undefined;
  const monthlyUsageMicroUsd = isObject(current) ? microUsdOf(current.monthlyUsageUsd) : undefined;
  return {
    cycle,
    ...(maxMonthlyUsageMicroUsd !== undefined && { maxMonthlyUsageMicroUsd }),
    ...(monthlyUsageMicroUsd !== undefined && { monthlyUsageMicroUsd }),
  };
}

function decodeMonthlyUsage(data: Unread): MonthlyUsage | undefined {
  const cycle = decodeCycle(data.usageCycle);
  if (cycle === undefined) return undefined;
  const totalMicroUsd = microUsdOf(data.totalUsageCreditsUsdAfterVolumeDiscount);
  return {
    cycle,
    ...(totalMicroUsd !== undefined && { totalMicroUsd }),
  };
}
