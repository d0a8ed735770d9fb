import { describeEntry } from "./describe.ts";
import type { Entry } from "./entry.ts";

/** What is told of an entry to people who do not read the audit. */
type Notice = {
  /** One line of at most 100 printable ASCII characters: what e-mail takes for a subject. */
  readonly subject: string;
  readonly text: string;
};

const MAX_SUBJECT = 100;

/** Tells people. Throws when it could not; telling the same twice is allowed. */
export interface Notifier {
  tell(notice: Notice): Promise<void>;
}

/** Says of one entry what happened to which run, why, and where to look further. */
export function noticeOf(entry: Entry): Notice {
  const { word, text } = describeEntry(entry);
  const { account, actorId, actorTaskId, runId = "", evidence, ruleId, policyVersion, entryId, at } = entry;
  const rule = ruleId ? ` (${ruleId})` : "";
  const subject = `[${account}] ${word}: run ${runId}${rule}`.replace(/[^ -~]/g, "?").slice(0, MAX_SUBJECT);
  const isOrdered = evidence?.metric === "order";
  const why = isOrdered
    ? [`Ordered  by ${entry.by}${entry.reason ? `: ${entry.reason}` : ""}`]
    : [`Rule     ${ruleId}, of policy version ${policyVersion}`];
  const lines = [
    `${word}: ${text}`,
    "",
    `Run      ${runId}, https://console.apify.com/view/runs/${encodeURIComponent(runId)}`,
    `Actor    ${actorId}${actorTaskId ? `, task ${actorTaskId}` : ""}`,
    ...why,
    ...(evidence && !isOrdered
      ? [
          `Measured ${evidence.metric} ${evidence.measured} of ${evidence.limit} ${evidence.unit}, read ${evidence.observedAt}`,
        ]
      : []),
    ...(entry.owner === undefined ? [] : [`Owner    ${entry.owner}`]),
    ...(entry.next === undefined ? [] : [`Next     ${entry.next}`]),
    ...(entry.overrule === undefined ? [] : [`Overrule ${entry.overrule}`]),
    `Entry    ${entryId} of account ${account}, ${at}`,
  ];
  return { subject, text: lines.join("\n") };
}
