import { printableAll } from "../../policy/index.ts";
import { ORDER } from "../model/by-hand.ts";
import type { Entry, EntryBudget, EntryEvidence } from "../model/entry.ts";
import { minuteOf } from "../model/minute.ts";
import { against, type Changed, describeEntry, guardWords } from "./describe.ts";
import { groupWords } from "./describe-budget.ts";

/** What is told of an entry to people who do not read the audit. */
type Notice = {
  /** One line of at most 100 printable ASCII characters: what e-mail takes for a subject. */
  readonly subject: string;
  readonly text: string;
};

const MAX_SUBJECT = 100;
/** Of one text that an entry quotes: what is longer is in the audit, and must not make a mail too large to be sent. */
const MAX_QUOTED = 1_000;

/** Tells people. Throws when it could not; telling the same twice is allowed. */
export interface Notifier {
  tell(notice: Notice): Promise<void>;
}

/** A line per fact, their values under each other. */
const asLines = (
  facts: readonly (readonly [name: string, value: string] | "" | undefined)[],
): readonly string[] => facts.flatMap((fact) => (fact ? [`${fact[0].padEnd(8)} ${fact[1]}`] : []));

const subjectLine = (account: string, word: string, about: string): string =>
  `[${account}] ${word}: ${about}`.replace(/[^ -~]/g, "?").slice(0, MAX_SUBJECT);

const WHOM: Readonly<Record<string, string>> = {
  run: "its rules stop it again",
  actor: "its rules stop its runs again",
  task: "its rules stop its runs again",
  rule: "it stops runs again",
};

/** Of an exemption that ends there is no run to tell of: whose it was, what happens next, and how to prolong it. */
function exemptionNotice(entry: Entry): Notice {
  const { word, text } = describeEntry(entry);
  const { subject, until, owner, reason, grantedFor, ceilingUsd } = (entry.change ?? {}) as Changed;
  const { kind = "", id = "" } = subject ?? {};
  const isEnding = entry.kind === "exemption.ending";
  const ceiling = ceilingUsd === undefined ? "" : ` --ceiling ${ceilingUsd}`;
  const prolong = `watchdog exempt add --${kind} ${id} --until 24h${ceiling} --reason "…"`;
  const lines = [
    `${word}: ${text}`,
    "",
    ...asLines([
      ["Exempt", `${kind} ${id}`],
      until ? ["Until", until] : undefined,
      ceilingUsd === undefined ? undefined : ["Ceiling", `${ceilingUsd} USD a run`],
      owner ? ["Owner", owner] : undefined,
      ["Reason", (isEnding ? reason : grantedFor) ?? "not known"],
      isEnding ? undefined : ["Ended", `by ${entry.by}: ${reason}`],
      ["Next", `${isEnding ? "from then on" : "from now on"} ${WHOM[kind] ?? "its rules apply again"}`],
      ["Prolong", prolong],
      ["Entry", `${entry.entryId} of account ${entry.account}, ${entry.at}`],
    ]),
  ];
  return { subject: subjectLine(entry.account, word, `${kind} ${id}`), text: lines.join("\n") };
}

/** Of a pause, or a promise not to stop: what is not stopped now, for how long, who said so, and how to end it. */
function looseningNotice(entry: Entry): Notice {
  const { word, text } = describeEntry(entry);
  const { subject, until, owner, reason } = (entry.change ?? {}) as Changed;
  const whom = subject ? `${subject.kind} ${subject.id}` : "every run";
  const end = subject ? `watchdog exempt end --${subject.kind} ${subject.id}` : "watchdog resume";
  const lines = [
    `${word}: ${text}`,
    "",
    ...asLines([
      ["Stops", `nothing of ${whom}`],
      ["Until", until ?? "somebody ends it"],
      owner ? ["Owner", owner] : undefined,
      ["By", entry.by],
      reason ? ["Reason", reason] : undefined,
      ["End it", `${end} --reason "…"`],
      ["Entry", `${entry.entryId} of account ${entry.account}, ${entry.at}`],
    ]),
  ];
  return { subject: subjectLine(entry.account, word, whom), text: lines.join("\n") };
}

/** Of a budget's step there is no run to tell of either: whose it is, what it has spent, and when its window ends. */
function budgetNotice(entry: Entry, budget: EntryBudget): Notice {
  const { word, text } = describeEntry(entry);
  const { ruleId, policyVersion, evidence, guard, account, entryId, at } = entry;
  const whose = groupWords(budget);
  const lines = [
    `${word}: ${text}`,
    "",
    ...asLines([
      ["Budget", `of ${whose}, from ${minuteOf(budget.from)} to ${minuteOf(budget.to)} UTC`],
      ["Rule", `${ruleId}, of policy version ${policyVersion}, ${entry.mode}`],
      evidence && ["Measured", `${against(evidence)}, read ${evidence.observedAt}`],
      guard && ["Held", guardWords(guard)],
      entry.owner && ["Owner", entry.owner],
      entry.next && ["Next", entry.next],
      entry.overrule && ["Overrule", entry.overrule],
      ["Entry", `${entryId} of account ${account}, ${at}`],
    ]),
  ];
  return { subject: subjectLine(account, word, `budget ${ruleId} of ${whose}`), text: lines.join("\n") };
}

/** `usageTotalUsd 7 of 5 USD`, to the last digit; of a budget in its own words. */
const measuredBy = (evidence: EntryEvidence): string =>
  evidence.budget
    ? against(evidence)
    : `${evidence.metric} ${evidence.measured} of ${evidence.limit} ${evidence.unit}`;

/**
 * Says of one entry what happened to which run, why, and where to look further. Nothing that the entry quotes can begin a
 * line of its own, or hide one.
 */
export const noticeOf = (entry: Entry): Notice => noticeOfPrintable(printableAll(entry, MAX_QUOTED));

function noticeOfPrintable(entry: Entry): Notice {
  if (entry.kind === "control.paused" || entry.kind === "exemption.granted") return looseningNotice(entry);
  if (entry.subject.kind === "control") return exemptionNotice(entry);
  const { budget } = entry.evidence ?? {};
  if (entry.subject.kind === "budget" && budget) return budgetNotice(entry, budget);
  const { word, text } = describeEntry(entry);
  const { account, actorId, actorTaskId, runId = "", evidence, ruleId, policyVersion, entryId, at } = entry;
  const rule = ruleId ? ` (${ruleId})` : "";
  const subject = subjectLine(account, word, `run ${runId}${rule}`);
  const isOrdered = evidence?.metric === ORDER;
  const why = isOrdered
    ? [`Ordered  by ${entry.by}${entry.reason ? `: ${entry.reason}` : ""}`]
    : [`Rule     ${ruleId}, of policy version ${policyVersion}`];
  const lines = [
    `${word}: ${text}`,
    "",
    `Run      ${runId}, https://console.apify.com/view/runs/${encodeURIComponent(runId)}`,
    `Actor    ${actorId}${actorTaskId ? `, task ${actorTaskId}` : ""}`,
    ...why,
    ...(evidence && !isOrdered ? [`Measured ${measuredBy(evidence)}, read ${evidence.observedAt}`] : []),
    ...(entry.owner === undefined ? [] : [`Owner    ${entry.owner}`]),
    ...(entry.next === undefined ? [] : [`Next     ${entry.next}`]),
    ...(entry.overrule === undefined ? [] : [`Overrule ${entry.overrule}`]),
    `Entry    ${entryId} of account ${account}, ${at}`,
  ];
  return { subject, text: lines.join("\n") };
}
