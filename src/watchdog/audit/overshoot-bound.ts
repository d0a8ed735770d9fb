import { GRACE_SECS, type Observation, toUsd } from "../../policy/index.ts";
import type { EntryDraft } from "../model/entry.ts";

/** A step that was not foreseen is found by the next tick. */
export const REACTION_SECS = 60;
const HOUR_SECS = 3600;

/**
 * What a run can at most cost beyond its limit, if it goes on at the fastest rate that it was seen at: from when it got
 * there to when it is found, and until its grace is over. What Apify's figures lag behind comes on top, and so does what is
 * charged at once.
 */
export function overshootBound({
  burnMicroUsdPerHour = 0,
  peakBurnMicroUsdPerHour = 0,
}: Observation): Pick<EntryDraft, "burnUsdPerHour" | "overshootBoundUsd"> {
  const burn = Math.max(burnMicroUsdPerHour, peakBurnMicroUsdPerHour);
  if (!Number.isFinite(burn) || burn <= 0) return {};
  const bound = (burn * (REACTION_SECS + GRACE_SECS)) / HOUR_SECS;
  return { burnUsdPerHour: toUsd(Math.round(burn)), overshootBoundUsd: toUsd(Math.ceil(bound)) };
}
