import type { Credit } from "../account/parts.ts";
import { billedFor } from "../runs/charges.ts";
import { actorAt, metamorphsBy, type Run } from "../runs/run.ts";
import { shownStatus } from "../runs/shown-status.ts";
import type { Sight } from "../runs/sight.ts";
import { lifeAt, statusAt } from "../runs/timeline.ts";
import { LIVE_STATUSES, type RunStatus } from "../world/script.ts";
import { buildOf } from "./build.ts";
import { pricing } from "./pricing.ts";
import { type Reader, seesBreakdown } from "./reader.ts";
import { finishedAt, meta, totalUsd } from "./short-run.ts";
import { stats } from "./stats.ts";
import { instantOf } from "./timestamp.ts";
import { usageBreakdown } from "./usage-breakdown.ts";

/** A run in full, as the API shows it, with keys that Apify answers although its reference lacks them. */
export function fullRun(credit: Credit, run: Run, sight: Sight, reader: Reader) {
  const documented = documentedRun(run, sight, reader);
  const { usage, usageTotalUsd, usageUsd, ...rest } = documented;
  return {
    ...rest,
    meta: meta(run),
    stats: { ...documented.stats, rebootCount: run.rebootCount, imageSizeBytes: 612_846_301 },
    options: {
      ...documented.options,
      maxItems: run.options.maxItems ?? null,
      // Where the user sets no cap, Apify writes one: what remains of the month's credit.
      maxTotalChargeUsd:
        run.options.maxTotalChargeUsd ?? Math.max(0, credit.settings.maxMonthlyUsageUsd - credit.spentUsd),
      isMaxTotalChargeUsdSetByUser: run.options.maxTotalChargeUsd !== undefined,
      restartOnError: run.options.restartOnError,
    },
    ...buildOf(run, sight.statusMs),
    containerUrl: `https://${run.id.toLowerCase()}.runs.apify.net`,
    consoleUrl: `https://console.apify.com/view/runs/${run.id}`,
    storageIds: {
      datasets: { default: run.storeIds.dataset },
      keyValueStores: { default: run.storeIds.keyValue },
      requestQueues: { default: run.storeIds.queue },
    },
    platformUsageBillingModel: isBilledToDeveloper(run) ? "DEVELOPER" : "USER",
    ...metamorphs(run, sight.statusMs),
    ...pricing(run, sight),
    ...(usage === undefined ? {} : { usage }),
    ...(usageTotalUsd === undefined ? {} : { usageTotalUsd }),
    ...(usageUsd === undefined ? {} : { usageUsd }),
  };
}

/** A run with exactly the keys, and their nesting and order, that the deprecated abort endpoint's page documents. */
export function documentedRun(run: Run, sight: Sight, reader: Reader) {
  const { origin, clientIp, userAgent } = meta(run);
  const breakdown = usageBreakdown(run, sight);
  const actor = actorAt(run, sight.statusMs);
  const { text, isTerminal } = message(run, sight.statusMs);
  return {
    id: run.id,
    actId: actor.id,
    userId: run.user.id,
    actorTaskId: run.task?.id ?? null,
    startedAt: instantOf(run, run.startedAtMs),
    finishedAt: finishedAt(run, sight.statusMs),
    status: shownStatus(run, sight),
    statusMessage: text,
    isStatusMessageTerminal: isTerminal,
    meta: { origin, clientIp, userAgent },
    stats: stats(run, sight.statsMs),
    options: {
      build: run.options.build,
      timeoutSecs: run.options.timeoutSecs,
      memoryMbytes: run.options.memoryMbytes,
      diskMbytes: run.options.memoryMbytes * 2,
    },
    buildId: actor.buildId,
    exitCode: exitCode(run, sight.statusMs),
    generalAccess: run.character.generalAccess,
    defaultKeyValueStoreId: run.storeIds.keyValue,
    defaultDatasetId: run.storeIds.dataset,
    defaultRequestQueueId: run.storeIds.queue,
    isContainerServerReady: false,
    gitBranchName: "master",
    ...(breakdown ? { usage: breakdown.usage } : {}),
    ...totalUsd(run, sight, reader),
    ...(breakdown?.usageUsd && seesBreakdown(run, reader) ? { usageUsd: breakdown.usageUsd } : {}),
  };
}

/** Who runs a pay-per-event Actor does not pay for its usage, as recorded; nor who sees no figure at all. */
const isBilledToDeveloper = (run: Run): boolean =>
  run.character.hidesCost !== undefined || billedFor(run) === "events";

/** Absent until there is one, as documented. */
function metamorphs(run: Run, atMs: number) {
  const events = metamorphsBy(run, atMs).map((metamorph, index) => ({
    createdAt: instantOf(run, metamorph.atMs),
    actorId: metamorph.actor.id,
    buildId: metamorph.actor.buildId,
    inputKey: `INPUT-METAMORPH-${index + 1}`,
  }));
  return events.length > 0 ? { metamorphs: events } : {};
}

const MESSAGES: Readonly<Record<RunStatus, string | null>> = {
  READY: null,
  RUNNING: "Crawling",
  ABORTING: "Crawling",
  "TIMING-OUT": "Crawling",
  SUCCEEDED: "Finished!",
  FAILED: "The Actor process failed with exit code 1",
  ABORTED: "Actor was aborted",
  "TIMED-OUT": "Actor timed out",
};

function message(run: Run, atMs: number): { text: string | null; isTerminal: boolean | null } {
  const ended = !LIVE_STATUSES.has(statusAt(run, atMs) ?? "");
  if (run.message && (run.message.isTerminal || !ended)) return { ...run.message };
  return { text: MESSAGES[statusAt(run, atMs) ?? "READY"], isTerminal: ended ? true : null };
}

function exitCode(run: Run, atMs: number): number | null {
  const status = statusAt(run, atMs);
  if (status === "SUCCEEDED") return 0;
  if (status === "FAILED") return 1;
  // 128 + SIGKILL; a run that drained has exited by itself.
  if (status === "ABORTED") return lifeAt(run, atMs)?.forced ? 137 : 0;
  return null;
}
