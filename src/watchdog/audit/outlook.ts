import { type Decision, plainFigure, type Step } from "../../policy/index.ts";
import type { EntryDraft, EntryKind } from "../model/entry.ts";
import { formatMeasure } from "./describe.ts";

/** What an entry tells of what comes after it: what happens if nothing changes, and the command that overrules it. */
export type Outlook = Pick<EntryDraft, "next" | "overrule">;

const exempt = (runId: string): string => `watchdog exempt add --run ${runId} --until 24h --reason "…"`;
const undo = (intentId: string): string => `watchdog undo ${intentId} --until 6h --reason "…"`;

const DOES: Readonly<Record<Step["do"], string>> = {
  notify: "its owner is notified again",
  hold: "the schedules that start its runs are held",
  abort: "Apify is asked to end it gracefully",
  "abort-now": "it is aborted without grace",
};

function stepWords({ at, do: action }: Step, { evidence, mode }: Decision): string {
  const { unit, limit } = evidence;
  const bound = plainFigure(unit, (at * limit) / 100);
  const observed = action !== "notify" && mode === "observe" ? ", if the rule were enforced" : "";
  return `at ${at}% (${formatMeasure(unit, bound)}) ${DOES[action]}${observed}`;
}

const AFTER_GUARD: Readonly<Record<string, string>> = {
  exemption: "it is stopped once its exemption ends, if it is still over the limit",
  pause: "it is stopped once the pause ends, if it is still over the limit",
};

const UNDER_GUARD: Readonly<Record<string, string>> = {
  exemption: "watchdog exempt list",
  pause: 'watchdog resume --reason "…"',
};

/** Of a decision that calls nothing. */
export function quietOutlook(kind: EntryKind, decision: Decision): Outlook {
  const { next, guard = "", subject } = decision;
  const overrule = exempt(subject.runId);
  if (kind === "abort.observed")
    return { next: "nothing: the rule is only observed; enforced, it would be stopped now", overrule };
  if (kind === "abort.held")
    return {
      next: AFTER_GUARD[guard] ?? "the next tick decides again, and stops it as soon as there is room",
      overrule: UNDER_GUARD[guard] ?? overrule,
    };
  const last = "nothing: this is the rule's last step";
  return { next: next ? stepWords(next, decision) : last, overrule };
}

const AFTER: Partial<Readonly<Record<EntryKind, string>>> = {
  "abort.intended": "Apify is asked to end it, and it is watched until it has ended",
  "abort.requested": "it is watched until it has ended, and aborted without grace if it does not end in time",
  "abort.failed": "the next tick looks at the run and tries again",
  "abort.forced": "it is watched until it has ended",
  "abort.unconfirmed": "the watchdog goes on looking; look at the run in Apify Console, too",
  "abort.confirmed": "nothing: it has ended",
  "abort.moot": "nothing: it has ended",
  "abort.withdrawn": "every tick judges it again",
};

/** Only what we stopped, or are about to, can be undone. */
const NOT_UNDONE: readonly EntryKind[] = ["abort.moot", "abort.withdrawn"];

/** The run goes on and its intent stays open, which can't be undone yet; exempt, the run is let go. */
const GOES_ON: readonly EntryKind[] = ["abort.failed", "abort.unconfirmed"];

/** Of an intent and what came of it. */
export function intentOutlook(
  kind: EntryKind,
  { intentId, runId }: { readonly intentId: string; readonly runId: string },
): Outlook {
  const next = AFTER[kind];
  const overrule = GOES_ON.includes(kind) ? exempt(runId) : undo(intentId);
  return { ...(next && { next }), ...(!NOT_UNDONE.includes(kind) && { overrule }) };
}
