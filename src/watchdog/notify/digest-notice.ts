import { formatCount, formatUsd, HOUR_MS, toMicroUsd } from "../../policy/index.ts";
import { against, describeEntry, guardWords } from "../audit/describe.ts";
import type { Entry } from "../model/entry.ts";
import { minuteOf } from "../model/minute.ts";
import { type Fact, NOTICE_VERSION, type Notice } from "../model/notice.ts";
import type { Digest } from "./digest.ts";
import { type NameOf, withNames } from "./known-names.ts";
import { commandLine, consoleRunUrl, type Place } from "./place.ts";

/** How many lines of one sort a digest shows; the rest it counts. */
const MOST_LINES = 10;

const usd = (amount: number): string => formatUsd(toMicroUsd(amount));

/** Facts of one name, the first few of them; the last one says how many more there are. */
function some<T>(name: string, all: readonly T[], tell: (each: T) => Omit<Fact, "name">): readonly Fact[] {
  const shown = all.slice(0, MOST_LINES).map((each) => ({ name, ...tell(each) }));
  const left = all.length - shown.length;
  return left === 0 ? shown : [...shown, { name, value: `and ${left} more` }];
}

function stopLine(stop: Entry, nameOf: NameOf): Omit<Fact, "name"> {
  const { runId = "", actorId, ruleId } = stop;
  const whose = actorId === undefined ? "" : ` of ${nameOf("actor", actorId) ?? `Actor ${actorId}`}`;
  return {
    value: `run ${runId}${whose}: ${describeEntry(stop).text}${ruleId ? ` (${ruleId})` : ""}`,
    url: consoleRunUrl(runId),
  };
}

const lineOf = (nameOf: NameOf) => (stored: Entry) => {
  const { word, text } = describeEntry(withNames(stored, nameOf));
  return { value: `${minuteOf(stored.at)} ${word}: ${stored.runId ? `run ${stored.runId}: ` : ""}${text}` };
};

function savedText({ stops, costUsd, unknownCosts, savedUsd }: Digest): string {
  const cost = unknownCosts === stops.length ? "at a cost that is not known" : `at ${usd(costUsd)} in all`;
  const unknown = unknownCosts > 0 && unknownCosts < stops.length ? `, ${unknownCosts} of unknown cost` : "";
  const saved =
    savedUsd > 0
      ? `; about ${usd(savedUsd)} saved, had each gone on at its rate for at most as long again: an estimate`
      : "";
  return `${formatCount(stops.length, "run")} ${cost}${unknown}${saved}`;
}

function factsOf(digest: Digest, nameOf: NameOf): readonly Fact[] {
  const { from, to, stops, observed, held, warned, budgets, changes, attention, unreadable } = digest;
  const heldRuns = [...held].map(([guard, runs]) => `${formatCount(runs, "run")}: ${guardWords(guard)}`);
  return [
    { name: "Span", value: `${minuteOf(from)} to ${minuteOf(to)} UTC` },
    ...some("Attention", attention, lineOf(nameOf)),
    { name: "Stopped", value: stops.length === 0 ? "no run" : savedText(digest) },
    ...some("Stop", stops, (stop) => stopLine(stop, nameOf)),
    ...(observed === 0
      ? []
      : [{ name: "Observed", value: `${formatCount(observed, "run")} would have been stopped` }]),
    ...heldRuns.map((value) => ({ name: "Held", value })),
    ...(warned === 0
      ? []
      : [{ name: "Warned", value: `${formatCount(warned, "run")} passed a step that notifies` }]),
    ...some("Budget", budgets, (entry) => ({
      value: `${against(withNames(entry, nameOf).evidence ?? entry.evidence)} (${entry.ruleId}), at ${entry.step?.at}% on ${minuteOf(entry.at)}`,
    })),
    ...(budgets.length === 0 ? [{ name: "Budgets", value: "none reached a step" }] : []),
    ...some("Change", changes, lineOf(nameOf)),
    ...(unreadable === 0
      ? []
      : [{ name: "Unread", value: `${formatCount(unreadable, "entry", "entries")} can't be read` }]),
  ];
}

/** `3 runs stopped, 1 held, 2 budgets reached a step, 1 thing to look at` */
function sentence({ stops, observed, held, budgets, attention }: Digest): string {
  const heldRuns = [...held.values()].reduce((sum, runs) => sum + runs, 0);
  const parts = [
    stops.length > 0 && `${formatCount(stops.length, "run")} stopped`,
    observed > 0 && `${formatCount(observed, "run")} would have been stopped`,
    heldRuns > 0 && `${formatCount(heldRuns, "stop")} held`,
    budgets.length > 0 && `${formatCount(budgets.length, "budget")} reached a step`,
    attention.length > 0 && `${formatCount(attention.length, "thing")} to look at`,
  ].filter((part) => part !== false);
  return parts.length === 0
    ? "the audit has no stop, no held stop and no budget that reached a step"
    : parts.join(", ");
}

/** What a digest looks like as a notice. `id` is of its span: the same digest made again is the same notice. */
export function digestNotice(digest: Digest, nameOf: NameOf, place: Place): Notice {
  const { account, stack } = place;
  const { from, to } = digest;
  const hours = Math.ceil((to.getTime() - from.getTime()) / HOUR_MS);
  const line = commandLine(`watchdog audit list --since ${hours}h`, place);
  return {
    version: NOTICE_VERSION,
    id: `digest-${from.toISOString()}-${to.toISOString()}`,
    kind: "digest",
    at: to.toISOString(),
    account,
    ...(stack !== undefined && { stack }),
    word: "DIGEST",
    title: `DIGEST: ${minuteOf(from).slice(0, 10)} to ${minuteOf(to).slice(0, 10)}`,
    text: sentence(digest),
    facts: [...factsOf(digest, nameOf), { name: "More", value: line }, { name: "Account", value: account }],
    command: line,
  };
}
