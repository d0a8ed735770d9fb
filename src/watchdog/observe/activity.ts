import { type Activity, isStopping, type Run, type RunDetail } from "../../policy/index.ts";
import type { Sample, Samples } from "../model/live.ts";
import { APART_MS } from "./burn.ts";

/** What was counted longer ago than this says nothing of what the run does now. */
const STALE_MS = 15 * 60_000;

/** Services that a run uses only when it brings something about; compute and storage reads go on in an idle one. */
const OUTPUT_SERVICES = [
  "DATASET_WRITES",
  "REQUEST_QUEUE_WRITES",
  "PROXY_SERPS",
  "PROXY_RESIDENTIAL_TRANSFER_GBYTES",
] as const;

function outputsOf({ usage = {}, events = {} }: RunDetail): number | undefined {
  const charged = Object.values(events);
  if (charged.length === 0 && Object.keys(usage).length === 0) return undefined;
  const used = OUTPUT_SERVICES.map((service) => usage[service] ?? 0);
  return [...charged, ...used].reduce((sum, each) => sum + each, 0);
}

/** FNV-1a: other stats make, but for one in four billion, another number. */
function fingerprint(stats: RunDetail["stats"]): number | undefined {
  const text = JSON.stringify(Object.entries(stats).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (text === "[]") return undefined;
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

function sampleOf(run: Run, detail: RunDetail, at: Date): Sample {
  const { netRxBytes, netTxBytes } = detail.stats;
  const outputs = outputsOf(detail);
  const stats = fingerprint(detail.stats);
  // Where Apify breaks nothing down, what is spent can't be told from what is brought about.
  const usageMicroUsd = outputs === undefined ? run.usageTotalMicroUsd : undefined;
  return {
    at,
    ...(netRxBytes !== undefined && netTxBytes !== undefined && { netBytes: netRxBytes + netTxBytes }),
    ...(outputs !== undefined && { outputs }),
    ...(stats !== undefined && { stats }),
    ...(usageMicroUsd !== undefined && { usageMicroUsd }),
  };
}

const COUNTERS = ["netBytes", "outputs", "usageMicroUsd"] as const;

function growth(from: Sample, to: Sample, counter: (typeof COUNTERS)[number]) {
  const [before, after] = [from[counter], to[counter]];
  return before === undefined || after === undefined ? undefined : after - before;
}

/** Does a detail say of what the run does the very thing that the one before said? */
const stands = (from: Sample, to: Sample): boolean =>
  to.stats !== undefined &&
  to.stats === from.stats &&
  COUNTERS.every((counter) => !growth(from, to, counter));

const fell = (from: Sample, to: Sample): boolean =>
  COUNTERS.some((counter) => (growth(from, to, counter) ?? 0) < 0);

/**
 * The samples to remember after another look at a run in the same life. The base moves on when it is half a minute
 * old; a look before that only adds to what is known since the base before:
 *
 *     earlier ──── ≥ 30 s ──── base ── < 30 s ── latest
 *     └────────── what is told: the activity ─────────┘
 *
 * A counter that fell, or a base that is too old, starts over. On its way out a run keeps the activity that it was
 * stopped for: what it saves while it drains is no sign of life.
 */
export function samplesAfter(
  samples: Samples | undefined,
  { run, observedAt }: { readonly run: Run; readonly observedAt: Date },
): Samples | undefined {
  if (run.detail === undefined || isStopping(run.status)) return samples;
  const sample = sampleOf(run, run.detail, observedAt);
  if (samples === undefined) return { base: sample };
  const { base, latest = base } = samples;
  // An answer that stands still says nothing of what the run does: what was known stays, with the time that it is of.
  if (stands(latest, sample)) return { ...samples, unmovedSince: samples.unmovedSince ?? latest.at };
  const { unmovedSince: _unmovedSince, ...moving } = samples;
  const ageMs = observedAt.getTime() - base.at.getTime();
  if (ageMs > STALE_MS || fell(latest, sample)) return { base: sample };
  return ageMs >= APART_MS ? { earlier: base, base: sample } : { ...moving, latest: sample };
}

/** What the run did between the samples that are remembered; `undefined` until there are two far enough apart. */
export function activityOf(samples: Samples | undefined): Activity | undefined {
  if (samples?.earlier === undefined) return undefined;
  const { earlier: from, base, latest: to = base, unmovedSince } = samples;
  const netBytes = growth(from, to, "netBytes");
  const outputs = growth(from, to, "outputs") ?? growth(from, to, "usageMicroUsd");
  return {
    overSecs: (to.at.getTime() - from.at.getTime()) / 1_000,
    ...(unmovedSince && { unmovedSince }),
    ...(netBytes !== undefined && { netBytes }),
    ...(outputs !== undefined && { outputs }),
  };
}
