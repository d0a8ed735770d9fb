import { type Exemption, formatUsd, toMicroUsd } from "../../src/policy/index.ts";
import { formatMeasure, guardWords } from "../../src/watchdog/audit/describe.ts";
import type { RunView } from "../../src/watchdog/explain/query.ts";
import { rulesText, type Status } from "../../src/watchdog/health/status.ts";
import { holderOf } from "../../src/watchdog/hold/list-sources.ts";
import { subjectWords } from "../../src/watchdog/model/exemption.ts";
import type { SourceHold } from "../../src/watchdog/model/holds/hold.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { CALLS } from "../package.ts";
import { percent } from "../show/bar.ts";
import { type Paint, padTo, wrap } from "../show/terminal.ts";
import { fromNow, untilText } from "../show/when.ts";
import { count, paintShare } from "../show/words.ts";
import { budgetTexts } from "./budget-lines.ts";

/** How many runs are shown, and how many of everything else: all of it is in `runs`, `exempt list` and `--json`. */
const MOST_RUNS = 5;
const MOST = 6;
const WIDTH = 10;

/** Who is notified, in words and as a number of them; `undefined` where that is nothing of a stack's. */
export type Notified =
  | { readonly says: string; readonly isNobody: boolean; readonly recipients: number | null }
  | undefined;

type Look = {
  readonly columns: number;
  readonly paint: Paint;
  readonly now: Date;
  readonly pasteable: (text: string) => string;
  readonly nameOf: (actorId: string) => string;
  /** Has what made the ticks ended, as `npm start` does? */
  readonly isOver?: boolean;
};

const COLOURS: Readonly<Record<Status["guarding"], Parameters<Paint>[0]>> = {
  guarding: ["bold", "green"],
  observing: "cyan",
  paused: "yellow",
  "not guarding": ["bold", "red"],
};

const MEANS = {
  guarding: "runs that breach the policy are stopped",
  observing: "no rule stops anything: what breaches is only recorded",
  paused: "nothing is stopped until the pause ends",
  "not guarding": "nothing is stopped",
} as const;

const STOPS_NOTHING = "the policy is enforced, and none of its rules stops runs";

const endOf = (until: Date | undefined, now: Date): string =>
  until ? untilText(until, now) : "until somebody resumes";

function whyNot({ alive, policy, lastCompleteAt }: Status, isOver = false): string {
  if (isOver) return `: ${CALLS.start} is not running here`;
  if (!alive && lastCompleteAt === undefined) return ": no tick has been complete yet";
  if (!alive) return ": no complete tick in time";
  return policy === undefined ? ": no policy was pushed" : "";
}

function lastLook({ lastCompleteAt, lastTick }: Status, now: Date): string {
  const whole = lastCompleteAt
    ? `complete ${fromNow(lastCompleteAt, now)} (${minuteOf(lastCompleteAt)} UTC)`
    : "never complete";
  if (lastTick === undefined || lastTick.complete) return whole;
  const why = Object.keys(lastTick.skipped).slice(0, MOST).join("; ");
  return `${whole}; the last one, ${fromNow(lastTick.finishedAt, now)}, was not${why ? `: ${why}` : ""}`;
}

function policyText({ policy }: Status): string {
  if (policy === undefined) return "none was pushed: watchdog policy push policy.yaml";
  const { version, mode, fellBack } = policy;
  const which = fellBack
    ? `version ${version}, for version ${fellBack.version} can't be used (${fellBack.problem})`
    : `version ${version}`;
  return `${which}, mode ${mode}: ${rulesText(policy)}`;
}

const exemptText = (each: Exemption, nameOf: Look["nameOf"], now: Date): string => {
  const { subject } = each;
  const whom = subjectWords(subject?.kind === "actor" ? { ...subject, id: nameOf(subject.id) } : subject);
  if (each.kind === "malformed") return `${whom}: can't be read, so it protects without an end`;
  return `${whom} ${endOf(each.until, now)}: ${each.reason} (${each.owner})`;
};

function runText(
  { live, shares: [nearest], intent, held, noLimit }: RunView,
  nameOf: Look["nameOf"],
): string {
  const who = `${live.run.id} ${nameOf(live.run.actorId)}`;
  if (nearest === undefined) return `${who}: no limit (${noLimit})`;
  const { share, limit, unit, ruleId, metric } = nearest;
  const stopping = intent ? ", being stopped" : held ? `, not stopped: ${guardWords(held)}` : "";
  return `${who}: ${percent(share)} of ${formatMeasure(unit, limit)} ${metric} (${ruleId})${stopping}`;
}

const holdText = (hold: SourceHold): string =>
  `${hold.name ?? hold.scheduleId} is held by ${holderOf(hold)} until ${minuteOf(hold.until)} UTC`;

/** The first of many, and how many more there are. */
const firstOf = (texts: readonly string[], most: number): readonly string[] =>
  texts.length > most ? [...texts.slice(0, most), `and ${texts.length - most} more`] : texts;

/** All of it on one screen. */
export function* statusLines(status: Status, notified: Notified, look: Look): Generator<string> {
  const { columns, paint, now, nameOf } = look;
  function* part(title: string, texts: readonly string[], dress = (text: string): string => text) {
    let head = title;
    for (const text of texts) {
      for (const line of wrap(text, columns - WIDTH - 2)) {
        yield `${paint("dim", padTo(head, WIDTH))}  ${dress(line)}`;
        head = "";
      }
    }
  }
  const { guarding, runs, pause, blockedStops, blind, attention, exemptions, openIntents, holds } = status;
  const why = guarding === "not guarding" ? whyNot(status, look.isOver) : "";
  const means = guarding === "guarding" && status.policy?.stopping === 0 ? STOPS_NOTHING : MEANS[guarding];
  yield `${paint(COLOURS[guarding], guarding.toUpperCase())}: ${means}${why}`;
  const red = (text: string): string => paint("red", text);
  const yellow = (text: string): string => paint("yellow", text);
  yield* part("last tick", [lastLook(status, now)], status.alive ? undefined : red);
  yield* part("policy", [look.pasteable(policyText(status))]);
  if (pause) yield* part("paused", [`by ${pause.by}, ${endOf(pause.until, now)}: ${pause.reason}`], yellow);
  yield* part(
    "exempt",
    firstOf(
      exemptions.map((each) => exemptText(each, nameOf, now)),
      MOST,
    ),
  );
  const stopping = openIntents > 0 ? `, ${openIntents} being stopped` : "";
  // Where no tick was ever complete, no run that was seen is no sign that there is none.
  const isUnseen = runs.length === 0 && status.lastCompleteAt === undefined;
  yield* part("runs", [
    isUnseen
      ? "not known: no tick was complete so far"
      : `${count(runs.length, "live run")}${stopping}${runs.length > 0 ? "; nearest to a limit:" : ""}`,
  ]);
  for (const view of runs.slice(0, MOST_RUNS)) {
    const dress = (text: string): string => paintShare(text, view.shares[0]?.share ?? 0, paint);
    yield* part("", [runText(view, nameOf)], dress);
  }
  yield* part("schedules", firstOf(holds.map(holdText), MOST), yellow);
  yield* part("budgets", firstOf(budgetTexts(status.budgets, nameOf), MOST));
  if (blockedStops && blockedStops.runs > 0) {
    const burn = formatUsd(toMicroUsd(blockedStops.usdPerHour));
    const what = `${count(blockedStops.runs, "run")} over a limit not stopped, burning ${burn} an hour`;
    yield* part("held", [what], yellow);
  }
  const blindTexts = blind.map(
    ({ ruleId, why: reason, runs: of }) => `${ruleId}: ${reason}${of ? ` (${count(of, "run")})` : ""}`,
  );
  yield* part("blind", firstOf(blindTexts, MOST), yellow);
  if (notified) {
    const text = notified.isNobody ? `NO ONE: ${notified.says}` : notified.says;
    yield* part("notified", [text], notified.isNobody ? yellow : undefined);
  }
  yield* part(
    "attention",
    attention.length > 0 ? attention : ["none"],
    attention.length > 0 ? red : undefined,
  );
}
