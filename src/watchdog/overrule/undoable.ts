import {
  isEnded,
  isLive,
  type MicroUsd,
  type Observation,
  type Run,
  toMicroUsd,
} from "../../policy/index.ts";
import type { Control } from "../model/control.ts";
import type { Entry } from "../model/entry.ts";
import { findExemption } from "../model/exemption.ts";
import { oursOf, type Stop, subjectOf } from "./find-stop.ts";
import { type NotUndone, refuse } from "./undo-wish.ts";

/** A run may be stopped and undone so often; after that its limit is what is wrong. */
const MOST_UNDOS = 3;

/** Was this stop, or were too many of this run's, undone before? */
export function undoneBefore({ intent, runId }: Stop, story: readonly Entry[]): NotUndone | undefined {
  const undone = story.filter(({ kind }) => kind === "run.undone");
  const same = undone.find(({ intentId }) => intentId === intent.entryId);
  if (same) {
    return refuse(
      "undone-already",
      `This stop was undone already, at ${same.at} by ${same.by} (${same.entryId}).`,
    );
  }
  if (undone.length < MOST_UNDOS) return undefined;
  return refuse(
    "too-often",
    `Run ${runId} was undone ${undone.length} times already. Raise the limit of ${intent.ruleId} in the policy, or except ` +
      "the run's Actor from it, and push the policy; then resurrect the run in Apify Console.",
  );
}

const isOnCost = (metric: string): boolean => metric === "usageTotalUsd" || metric.startsWith("usageUsd.");

/** Up to what the undone run may cost: what was asked for, else for a rule on cost as much again as its limit. */
export function ceilingFor(
  { intent }: Stop,
  { usageTotalMicroUsd: final }: Run,
  asked: MicroUsd | undefined,
): { readonly ceilingMicroUsd?: MicroUsd; readonly limitMicroUsd?: MicroUsd } | NotUndone {
  if (asked !== undefined) {
    if (final === undefined || asked > final) return { ceilingMicroUsd: asked };
    return refuse(
      "ceiling-reached",
      `The run has cost ${final / 1e6} USD: a ceiling of ${asked / 1e6} USD is reached. Give one above that.`,
    );
  }
  const { evidence } = intent;
  if (evidence === undefined || !isOnCost(evidence.metric)) return {};
  if (final === undefined) {
    return refuse(
      "no-ceiling",
      "Apify does not report what the run has cost: give what it may cost in all with --ceiling.",
    );
  }
  const limitMicroUsd = toMicroUsd(evidence.limit);
  return { ceilingMicroUsd: final + limitMicroUsd, limitMicroUsd };
}

/** What of the control plane forbids to begin. An exemption of an earlier life that is over forbids nothing. */
export function forbiddenBy(
  control: Control,
  stop: Stop,
  cost: MicroUsd | undefined,
  now: Date,
): NotUndone | undefined {
  const { runId } = stop;
  if (control.openIntents.some((intent) => intent.runId === runId)) {
    return refuse(
      "open-intent",
      `The stop of run ${runId} is not closed yet. The next tick looks at it; then say it again.`,
    );
  }
  const stands = findExemption(control, subjectOf(stop));
  if (stands === undefined || oursOf(stands, stop)) return undefined;
  const instead = `An undo grants one of its own. First: watchdog exempt end --run ${runId} --reason "…"`;
  if (stands.kind === "malformed") {
    return refuse(
      "exempt",
      `An exemption of run ${runId} stands that can't be read (${stands.problem}). ${instead}`,
    );
  }
  const { until, owner, reason, ceilingMicroUsd } = stands;
  const isOver =
    now >= until || (ceilingMicroUsd !== undefined && cost !== undefined && cost >= ceilingMicroUsd);
  return isOver
    ? undefined
    : refuse(
        "exempt",
        `Run ${runId} is exempt already, until ${until.toISOString()} (${owner}: ${reason}). ${instead}`,
      );
}

/**
 * Why a reading does not show the life that was stopped, at its end. A run that was stopped, as its story says, and is
 * anything but ABORTED now was resurrected since, whether or not Apify says so.
 */
export function wrongRun(
  { intent, life, runId }: Stop,
  { run, life: seen }: Observation,
  story: readonly Entry[],
): NotUndone | undefined {
  const wasStopped = story.some(
    (each) => each.kind === "abort.confirmed" && each.intentId === intent.entryId,
  );
  if (seen.number > life || (wasStopped && run.status !== "ABORTED")) {
    const later = story.findLast(
      ({ kind, subject }) => kind === "abort.confirmed" && subject.kind === "run" && subject.life > life,
    );
    const why = later
      ? `and stopped again. To undo that: watchdog undo ${later.entryId} --until 6h --reason "…"`
      : `and is ${run.status}: nothing is left of that stop to undo.`;
    return refuse("later-life", `Run ${runId} was resurrected since, ${why}`);
  }
  if (run.status === "ABORTED") return undefined;
  const why = isLive(run.status)
    ? "it has not ended yet"
    : isEnded(run.status)
      ? "it ended so by itself, and was not stopped"
      : "that status is not known";
  return refuse("not-aborted", `Run ${runId} is ${run.status}: ${why}.`);
}
