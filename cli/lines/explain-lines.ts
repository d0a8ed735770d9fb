import { formatDuration } from "../../src/policy/index.ts";
import { formatMeasure } from "../../src/watchdog/audit/describe.ts";
import type {
  Explanation,
  Foreseen,
  IntentView,
  RuleView,
  Told,
} from "../../src/watchdog/explain/explanation.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { type Column, pairs, table } from "../show/table.ts";
import { type Paint, padTo, wrap } from "../show/terminal.ts";
import { paintShare, paintWord } from "../show/words.ts";

type Look = { readonly columns: number; readonly paint: Paint };

/** From here on a rule's words have room in its own line. */
const WIDE = 130;

const WORDS: Readonly<Record<Foreseen["action"], string>> = {
  nothing: "NOTHING",
  notify: "NOTICE",
  hold: "HELD",
  abort: "STOP",
  "abort-now": "STOP",
};

/** What a tick would do, in a word. */
export const actionWord = ({ action, mode }: Foreseen): string =>
  (action === "abort" || action === "abort-now") && mode === "observe" ? "WOULD STOP" : WORDS[action];

const share = (rule: RuleView): string =>
  rule.share === undefined ? "" : `${Math.floor(rule.share * 100)}%`;

const measured = ({ measured: value, unit, unknown }: RuleView): string => {
  if (value !== undefined) return formatMeasure(unit, value);
  return unknown ? "unknown" : "";
};

const limitText = ({ metric, unit, limit, budget }: RuleView): string =>
  budget ?? (unit === "flag" ? metric : `${metric} ${formatMeasure(unit, limit)}`);

const columns: readonly Column<RuleView>[] = [
  { title: "RULE", cell: ({ ruleId, mode }) => (mode === "observe" ? `${ruleId} (observed)` : ruleId) },
  { title: "LIMIT", cell: limitText },
  { title: "MEASURED", align: "right", cell: measured },
  {
    title: "SHARE",
    align: "right",
    cell: share,
    paint: (text, { share: of }, paint) => (of === undefined ? text : paintShare(text, of, paint)),
  },
];

const indented = (text: string, width: number): readonly string[] =>
  wrap(text, width - 2).map((line) => `  ${line.trimStart()}`);

/** Every rule's view of a run: a table, its words in the last column, or where that is narrow under each line. */
export function ruleLines(rules: readonly RuleView[], look: Look): readonly string[] {
  if (look.columns >= WIDE && look.columns !== Number.POSITIVE_INFINITY) {
    const rest =
      look.columns -
      Math.max(...table(rules, columns, { ...look, paint: (_, text) => text }).map((line) => line.length));
    const fits = rules.every(({ says }) => says.length <= rest - 2);
    if (fits) return table(rules, [...columns, { title: "WHAT IT SAYS", cell: ({ says }) => says }], look);
  }
  const [head = "", ...lines] = table(rules, columns, look);
  return [head, ...lines.flatMap((line, at) => [line, ...indented(rules[at]?.says ?? "", look.columns)])];
}

/** A word and what stands behind it, broken under itself. */
function said(word: string, text: string, { columns: width, paint }: Look): readonly string[] {
  const room = 12;
  return wrap(text, width - room).map((line, at) =>
    at === 0 ? `${paintWord(padTo(word, room - 2), paint)}  ${line}` : " ".repeat(room) + line.trimStart(),
  );
}

function foreseenLines(foreseen: Foreseen, look: Look): readonly string[] {
  const { saidAt, owner, why } = foreseen;
  const notes = [
    ...(owner === undefined ? [] : [`owner ${owner}`]),
    ...(saidAt === undefined ? [] : [`written already, ${minuteOf(saidAt)} UTC`]),
  ];
  return said(actionWord(foreseen), notes.length > 0 ? `${why} (${notes.join("; ")})` : why, look);
}

function intentText({ ruleId, since, requestedAt, forcedAt, standing, reason }: IntentView): string {
  const asked = requestedAt
    ? `asked to end ${minuteOf(requestedAt)} UTC`
    : "not known to have been asked yet";
  const forced = forcedAt ? ", aborted without grace" : "";
  const now = standing === "condemned" ? "still condemned" : `${standing} now: ${reason}`;
  return `since ${minuteOf(since)} UTC for ${ruleId}; ${asked}${forced}; ${now}`;
}

/** `200 results are charged at most, at 0.004 USD each: $0.80`. */
function chargesText({ results, stoppedAt }: NonNullable<Explanation["charges"]>): string {
  const bound =
    results &&
    `${results.most} results are charged at most, at up to ${results.usdEach} USD each: ${formatMeasure("USD", results.usdAtMost)}`;
  const stopped =
    stoppedAt && `charging stopped ${minuteOf(stoppedAt)} UTC, when its cap was reached; the run goes on`;
  return [bound, stopped].filter(Boolean).join("; ");
}

function* facts(told: Explanation): Generator<readonly [string, string]> {
  const { run, runId, actorName, actorId, taskName, actorTaskId, life, source, ageSecs } = told;
  const task = actorTaskId ? `, task ${taskName ?? actorTaskId}` : "";
  const schedule = told.scheduleId ? ` (schedule ${told.scheduleName ?? told.scheduleId})` : "";
  yield ["run", `${runId} of ${actorName ?? actorId}${task}`];
  const cost = run.usageTotalUsd === undefined ? "cost unknown" : formatMeasure("USD", run.usageTotalUsd);
  const lives = life.number > 0 ? `, life ${life.number} since ${minuteOf(life.since)} UTC` : "";
  const end = run.finishedAt ? `, ended ${minuteOf(run.finishedAt)} UTC` : "";
  yield [
    "state",
    `${run.status}, ${cost}, started ${minuteOf(run.startedAt)} UTC${end}${lives}, origin ${run.origin ?? "unknown"}${schedule}`,
  ];
  if (told.charges) yield ["charges", chargesText(told.charges)];
  const from = source === "record" ? "as recorded" : `in Apify's ${source}`;
  yield ["seen", `${formatDuration(ageSecs)} ago, ${from}`];
  const tick = told.lastTickAt ? `; last tick ${minuteOf(told.lastTickAt)} UTC` : "; no tick has looked yet";
  yield [
    "policy",
    told.policyVersion === null ? "none was pushed" : `version ${told.policyVersion}, ${told.mode}${tick}`,
  ];
  if (told.paused) {
    const { by, since, until, reason } = told.paused;
    const end = until ? ` until ${minuteOf(until)} UTC` : "";
    yield ["paused", `nothing is stopped since ${minuteOf(since)} UTC${end}, by ${by}: ${reason}`];
  }
}

const historyColumns: readonly Column<Told>[] = [
  { title: "WHEN (UTC)", cell: ({ at }) => minuteOf(at) },
  { title: "WHAT", cell: ({ word }) => word, paint: (text, _told, paint) => paintWord(text, paint) },
  { title: "WHY, OR WHAT CAME OF IT", cell: ({ text }) => text },
];

/** An explanation as people read it. */
export function explainLines(told: Explanation, look: Look): readonly string[] {
  const { paint } = look;
  const head = (text: string): readonly string[] => ["", paint("bold", text)];
  const isLive = told.kind === "live";
  const lines = [...pairs([...facts(told)], paint, look.columns)];
  if (told.unread)
    lines.push(
      ...wrap(`Not read just now: ${told.unread}`, look.columns).map((line) => paint("yellow", line)),
    );
  lines.push(...head(isLive ? "What the next tick does" : "Why it was stopped, or not"));
  if (told.openIntent) lines.push(...said("STOPPING", intentText(told.openIntent), look));
  else if (isLive) lines.push(...foreseenLines(told.decision, look));
  else lines.push(...wrap(told.decision.why, look.columns));
  for (const notice of told.notices) lines.push(...foreseenLines(notice, look));
  if (told.rules.length > 0) {
    lines.push(
      ...head(isLive ? "What each rule says" : "As it stood at its end, by the policy in force now"),
    );
    lines.push(...ruleLines(told.rules, look));
  }
  if (told.history.length > 0)
    lines.push(...head("What was written"), ...table(told.history, historyColumns, look));
  return lines;
}

/** What can be done about a run that was explained, each with its command. */
export function nextActs({ kind, runId, run, openIntent, history }: Explanation): readonly string[] {
  if (openIntent) return [`What was done so far: watchdog audit show ${runId}`];
  if (kind === "live")
    return [
      `Exempt it for a day: watchdog exempt add --run ${runId} --until 24h --reason "…"`,
      `Stop it now: watchdog abort ${runId} --reason "…"`,
    ];
  const wasStopped = run.status === "ABORTED" && history.some(({ kind: of }) => of === "abort.confirmed");
  return wasStopped ? [`Take its stop back: watchdog undo ${runId} --until 6h --reason "…"`] : [];
}
