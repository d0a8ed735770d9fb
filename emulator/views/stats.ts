import type { Run } from "../runs/run.ts";
import { lifeAt, runningMsInAll, statusAt } from "../runs/timeline.ts";

const MBYTE = 1_048_576;

/** The run's `stats` at `atMs`. Counters grow with running time; gauges sway, and are 0 without a container. */
export function stats(run: Run, atMs: number) {
  const life = lifeAt(run, atMs);
  const resurrectCount = life ? run.lives.indexOf(life) : 0;
  const counts = {
    inputBodyLen: 240,
    migrationCount: 0,
    restartCount: Math.floor(runningMsInAll(run, atMs) / run.character.restartsEveryMs),
    resurrectCount,
  };
  const status = statusAt(run, atMs);
  // A READY run that was recorded had null durations, 0 compute units and none of the rest.
  if (status === "READY") return { ...counts, durationMillis: null, runTimeSecs: null, computeUnits: 0 };
  const ranMs = runningMsInAll(run, atMs);
  const hasContainer = status === "RUNNING" || status === "ABORTING" || status === "TIMING-OUT";
  const sway = Math.sin(atMs / 47_000 + run.startedAtMs);
  const memory = run.options.memoryMbytes * MBYTE;
  return {
    ...counts,
    memAvgBytes: memory * 0.4137,
    memMaxBytes: Math.round(memory * 0.55),
    memCurrentBytes: hasContainer ? Math.round(memory * (0.41 + 0.09 * sway)) : 0,
    cpuAvgUsage: 31.2755965,
    cpuMaxUsage: 131.546,
    cpuCurrentUsage: hasContainer ? Math.round((31 + 22 * sway) * 1e4) / 1e4 : 0,
    netRxBytes: Math.floor((ranMs / 1_000) * run.character.rxBytesPerSec),
    netTxBytes: Math.floor((ranMs / 1_000) * run.character.rxBytesPerSec * 0.04),
    durationMillis: Math.round(ranMs),
    runTimeSecs: Math.round(ranMs) / 1_000,
    metamorph: run.metamorphCount,
    computeUnits: computeUnits(run, atMs),
  };
}

/** One compute unit is one gigabyte of memory for one hour, as documented. */
export function computeUnits(run: Run, atMs: number): number {
  return (run.options.memoryMbytes / 1_024) * (runningMsInAll(run, atMs) / 3_600_000);
}
