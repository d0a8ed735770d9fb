import {
  formatBytes,
  formatDuration,
  formatUsd,
  metricWords,
  printable,
  toMicroUsd,
} from "../../policy/index.ts";
import { ORDER } from "../model/by-hand.ts";
import type { Entry, EntryEvidence, EntryKind } from "../model/entry.ts";
import { subjectWords } from "../model/exemption.ts";
import { minuteOf } from "../model/minute.ts";
import type { Tampered } from "../model/notice.ts";
import { againstBudget, noticeWords } from "./describe-budget.ts";
import { drillText } from "./describe-drill.ts";
import { judgedText } from "./describe-judged.ts";
import { holdText } from "./holds/describe-hold.ts";
import { leftLive } from "./left-live.ts";

/** A figure in the words of its unit: `$7.42`, `$12.00/h`, `6h 12m`, `21.5 GB`, `3.2×`, `4`. */
export function formatMeasure(unit: string, value: number): string {
  if (unit === "USD/h") return `${formatUsd(toMicroUsd(value))}/h`;
  if (unit === "times") return `${Math.round(value * 100) / 100}×`;
  if (unit === "USD") return formatUsd(toMicroUsd(value));
  if (unit === "secs") return formatDuration(value);
  if (unit === "bytes") return formatBytes(value);
  return String(Math.round(value * 100) / 100);
}

/** `cost $7.42 of $5.00`; of a lower bound, `cost at least $7.42 of $5.00`. */
export function against({ metric, measured, limit, unit, basis, facts, budget }: EntryEvidence): string {
  if (budget) return againstBudget(budget, { measured, limit, basis, ...(facts && { facts }) });
  if (unit === "flag") return `it has ${metricWords(metric)}`;
  const least = basis === "estimate" ? "at least " : "";
  return `${metricWords(metric)} ${least}${formatMeasure(unit, measured)} of ${formatMeasure(unit, limit)}`;
}

const GUARD_WORDS: Readonly<Record<string, string>> = {
  exemption: "it is exempt",
  pause: "the watchdog is paused",
  perTick: "as many runs as maxAborts.perTick allows were stopped in this tick",
  perHour: "as many runs as maxAborts.perHour allows were stopped in the last hour",
  percentOfLive: "as large a share of the live runs as maxAborts.percentOfLive allows was stopped",
  unfilledWindow: "the ledger does not know all of the budget's window yet",
  staleLedger: "the ledger is not up to date",
};

/** Why a guard holds a run, in words. */
export const guardWords = (guard: string): string => GUARD_WORDS[guard] ?? guard;

const usd = (value: number | undefined): string =>
  value === undefined ? "an unknown cost" : formatMeasure("USD", value);

const overshoot = (value: number): string => (value < 0.01 ? "less than a cent" : usd(value));

const CONTROL_WORDS: Readonly<Record<string, string>> = {
  "policy.pushed": "POLICY",
  "policy.fell-back": "FELL BACK",
  "control.paused": "PAUSED",
  "control.resumed": "RESUMED",
  "exemption.granted": "EXEMPTED",
  "exemption.ending": "EXEMPTION ENDING",
  "exemption.ended": "EXEMPTION ENDED",
  "attention.acknowledged": "QUIETED",
  "loop.begun": "LOOP",
  "audit.checkpoint": "CHECKPOINT",
  "audit.tampered": "TAMPERED",
};

/** What became of the policy, in words. */
function policyChanged(kind: EntryKind, change: Readonly<Record<string, unknown>>): string {
  const { version, previousVersion, rolledBackTo, reason, inForce, problem } = change;
  if (kind === "policy.fell-back")
    return `version ${version} can't be used (${problem}); version ${inForce} stays in force`;
  const back = rolledBackTo ? `, back to what version ${rolledBackTo} says` : "";
  return `version ${version}, after ${previousVersion ?? "none"}${back}${reason ? `: ${reason}` : ""}`;
}

/** What entries of the control plane say of the pause or exemption that they change. */
export type Changed = {
  readonly subject?: { readonly kind: string; readonly id: string; readonly ruleId?: string };
  readonly attention?: string;
  readonly until?: string;
  readonly ceilingUsd?: number;
  readonly owner?: string;
  readonly reason?: string;
  /** Of what has ended: why it had been granted. */
  readonly grantedFor?: string;
  readonly replaces?: unknown;
};

/** Which entry of the audit was changed or removed. */
function tampered({ chain, sequence, change, at, seen = 1 }: Partial<Tampered>): string {
  const when = at === undefined ? "" : `, ${minuteOf(at)}`;
  const more = seen > 1 ? `, and ${seen - 1} more after it` : "";
  return `entry ${sequence ?? "?"} of ${chain ?? "a chain"} was ${change ?? "changed or removed"}${when}${more}`;
}

/** What an operator changed, or what time did, in words. */
function changed({ kind, change = {} }: Entry): string {
  if (kind === "audit.tampered") return tampered(change as Partial<Tampered>);
  if (change.version !== undefined) return policyChanged(kind, change);
  if (kind === "audit.checkpoint" && change.number !== undefined)
    return `${change.number}, of ${change.chains === 1 ? "1 chain that has" : `${change.chains} chains that have`} grown, up to ${minuteOf(String(change.to))} UTC`;
  const { subject, attention, until, ceilingUsd, owner, reason, replaces } = change as Changed;
  const whom = subject ? `${subjectWords(subject)}: ` : attention ? `${attention}: ` : "";
  const said = `${whom}${reason ?? JSON.stringify(change)}`;
  if (kind === "exemption.ended") return owner ? `${said}; it was ${owner}'s` : said;
  const ceiling = ceilingUsd === undefined ? "" : ` or ${usd(ceilingUsd)}`;
  const end = until ? ` until ${minuteOf(until)}${ceiling}` : "";
  if (kind === "exemption.ending") return `${whom}exempt only${end}${owner ? ` (${owner}: ${reason})` : ""}`;
  return `${said}${end}${replaces ? ", in place of the one before" : ""}`;
}

/** What an undo did, in words. */
function undone({ change = {}, by, reason }: Entry): string {
  const { until, ceilingUsd } = (change.exemption ?? {}) as Changed;
  const ceiling = ceilingUsd === undefined ? "" : ` or ${usd(ceilingUsd)}`;
  return `lives again, exempt${until ? ` until ${minuteOf(until)}${ceiling}` : ""}: ${reason} (${by})`;
}

/** Over a limit on its cost; of any other what it still cost after it was found beyond. */
function overshootWords({ overshootUsd, evidence }: Entry): string {
  if (!overshootUsd) return "";
  const amount = overshoot(overshootUsd);
  return evidence?.metric === "usageTotalUsd"
    ? `, ${amount} over the limit`
    : `, ${amount} after it was found`;
}

const byWhom = ({ by }: Entry): string => (by === "watchdog" ? "" : ` (${by})`);

type Described = { readonly word: string; readonly text: string };

/**
 * What an entry says, in one line: the word that sums it up, and the sentence. What it quotes, from wherever, is
 * printable.
 */
export function describeEntry(entry: Entry): Described {
  const { word, text } = described(entry);
  return { word: printable(word), text: printable(text) };
}

function described(entry: Entry): Described {
  const { evidence, ruleId, run } = entry;
  const byHand = evidence?.metric === ORDER;
  const facts = byHand
    ? `ordered by ${entry.by}: ${entry.reason}`
    : evidence
      ? `${against(evidence)} (${ruleId})`
      : (ruleId ?? "");
  const over = `${overshootWords(entry)}${leftLive(entry)}`;
  switch (entry.kind) {
    case "step.notified":
      return noticeWords(entry, facts);
    case "abort.observed":
      return { word: "WOULD STOP", text: `${facts}; the rule is only observed` };
    case "abort.held":
      return {
        word: "HELD",
        text: evidence?.budget
          ? `${guardWords(entry.guard ?? "")}: it goes on, though ${facts}`
          : `${guardWords(entry.guard ?? "")}: ${facts} is not stopped`,
      };
    case "abort.intended":
      return { word: "STOPPING", text: byHand || !entry.reason ? facts : `${facts}; ${entry.reason}` };
    case "abort.requested":
      return {
        word: "ASKED",
        text: `${entry.gracefully ? "asked to end gracefully" : "aborted without grace"}; Apify answered ${entry.response}`,
      };
    case "abort.failed":
      return { word: "FAILED", text: `the abort call failed: ${entry.response}; the next tick looks again` };
    case "abort.forced":
      return { word: "FORCING", text: "about to be aborted without grace" };
    case "abort.unconfirmed":
      return { word: "ALARM", text: `it is not stopping: ${entry.reason}` };
    case "abort.confirmed":
      return { word: "STOPPED", text: `${run?.status} at ${usd(entry.finalUsageTotalUsd)}${over}` };
    case "abort.moot":
      return { word: "ENDED", text: `${entry.reason}, at ${usd(entry.finalUsageTotalUsd)}${over}` };
    case "abort.withdrawn":
      return { word: "NOT STOPPED", text: `${entry.reason}; nothing was called` };
    case "drill.begun":
    case "drill.ended":
      return { word: "DRILL", text: drillText(entry, facts) };
    case "source.held":
    case "source.released":
    case "source.left":
      return holdText(entry, facts);
    case "run.undone":
      return { word: "UNDONE", text: undone(entry) };
    case "stop.judged":
      return { word: "JUDGED", text: judgedText(entry) };
    default:
      return { word: CONTROL_WORDS[entry.kind] ?? entry.kind, text: `${changed(entry)}${byWhom(entry)}` };
  }
}
