import { metamorphsBy, type Run } from "../runs/run.ts";
import { lifeAt, runningMsInAll, statusAt } from "../runs/timeline.ts";
import { computeUnits, idleMs, isIdle, workingMsInAll } from "../runs/usage.ts";

const MBYTE = 1_048_576;
/** What an idle container receives, and sends as much: it is asked whether it is alive. */
const KEEP_ALIVE_BYTES_PER_SEC = 40;

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
  const kept = (idleMs(run, atMs) / 1_000) * KEEP_ALIVE_BYTES_PER_SEC;
  const received = (workingMsInAll(run, atMs) / 1_000) * run.character.rxBytesPerSec;
  const cpu = isIdle(run, atMs) ? 0.2 + 0.1 * sway : 31 + 22 * sway;
  const memory = run.options.memoryMbytes * MBYTE;
  return {
    ...counts,
    memAvgBytes: memory * 0.4137,
    memMaxBytes: Math.round(memory * 0.55),
    memCurrentBytes: hasContainer ? Math.round(memory * (0.41 + 0.09 * sway)) : 0,
    cpuAvgUsage: 31.2755965,
    cpuMaxUsage: 131.546,
    cpuCurrentUsage: hasContainer ? Math.round(cpu * 1e4) / 1e4 : 0,
    netRxBytes: Math.floor(received + kept),
    netTxBytes: Math.floor(received * 0.04 + kept),
    durationMillis: Math.round(ranMs),
    runTimeSecs: Math.round(ranMs) / 1_000,
    metamorph: metamorphsBy(run, atMs).length,
    computeUnits: computeUnits(run, atMs),
  };
}
