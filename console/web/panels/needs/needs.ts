import type { Exemption, Run, Runs, Status } from "../../told.ts";
import { count, fromNow, guardWords, minuteText, usdText } from "../../words.ts";

/** Something that a person has to look at. */
export type Need = {
  /** The same from one look to the next. */
  readonly id: string;
  readonly tone: "bad" | "warn";
  readonly says: string;
  /** What shows more of it: an address within the page. */
  readonly runId?: string;
  readonly ruleId?: string;
};

/** As far as each is known. */
export type Known = {
  readonly status?: Status | undefined;
  readonly runs?: Runs | undefined;
  readonly exemptions?: readonly Exemption[] | undefined;
};

/** An exemption that ends within so long is about to. */
const SOON_MS = 24 * 3_600_000;

/** Stops that Apify has not carried out. */
const unconfirmed = (runs: readonly Run[], now: Date): readonly Need[] =>
  runs.flatMap(({ runId, actor, unconfirmedAt }) =>
    unconfirmedAt === null
      ? []
      : {
          id: `unconfirmed:${runId}`,
          tone: "bad",
          says: `Run ${runId} of ${actor} goes on although Apify was asked to end it: unconfirmed ${fromNow(unconfirmedAt, now)}`,
          runId,
        },
  );

function heldStops({ blockedStops, attention }: Status, runs: readonly Run[]): readonly Need[] {
  const held = runs.filter((run) => run.held !== null);
  const many = Math.max(held.length, blockedStops?.runs ?? 0);
  if (many === 0) return [];
  const reasons = [...Map.groupBy(held, (run) => run.held ?? "")].map(
    ([guard, of]) => `${guardWords(guard)}${held.length > of.length ? ` (${of.length})` : ""}`,
  );
  const why = reasons.length > 0 ? `: ${reasons.join("; ")}` : "";
  const burn =
    blockedStops && blockedStops.usdPerHour > 0
      ? `, burning ${usdText(blockedStops.usdPerHour)} an hour`
      : "";
  return [
    {
      id: "held-stops",
      tone: attention.some((text) => text.startsWith("held:")) ? "bad" : "warn",
      says: `${count(many, "run")} over a limit ${many === 1 ? "is" : "are"} not stopped${burn}${why}`,
    },
  ];
}

function ofStatus(status: Status, now: Date): readonly Need[] {
  const { alive, policyVersion, fellBack, lastTickComplete, lastTickAt, skipped, attention, blind } = status;
  const called = attention.filter((text) => !text.startsWith("held:"));
  const needs: readonly (Need | false)[] = [
    !alive && {
      id: "asleep",
      tone: "bad",
      says: "The watchdog is not awake. What is wrong: watchdog doctor",
    },
    policyVersion === null && {
      id: "no-policy",
      tone: "bad",
      says: "No policy was pushed, so nothing is stopped: watchdog policy push policy.yaml",
    },
    fellBack !== null && {
      id: "fell-back",
      tone: "bad",
      says: `Policy version ${fellBack.version} can't be used (${fellBack.problem}): version ${policyVersion} stays in force`,
    },
    ...called.map((text): Need => ({ id: text.split(" ")[0] ?? text, tone: "bad", says: text })),
    lastTickComplete === false && {
      id: "incomplete",
      tone: "warn",
      says: `The last tick${lastTickAt === null ? "" : `, ${fromNow(lastTickAt, now)},`} was not complete: ${Object.keys(skipped).join("; ") || "it ran out of time"}`,
    },
    ...blind
      .filter(({ ruleId }) => !called.some((text) => text.startsWith("blind:") && text.includes(ruleId)))
      .map(
        ({ ruleId, why, runs }): Need => ({
          id: `blind:${ruleId}`,
          tone: "warn",
          says: `Rule ${ruleId} is blind${runs ? ` for ${count(runs, "run")}` : ""}: ${why}`,
          ruleId,
        }),
      ),
    status.recipients === 0 && {
      id: "unheard",
      tone: "warn",
      says: `No one is notified: ${status.notified ?? "there are no recipients"}`,
    },
  ];
  return needs.filter((need) => need !== false);
}

export const whom = ({ subject, name }: Exemption): string =>
  subject === null ? "Every run" : `${subject.kind} ${name ?? subject.id}`;

function ending(exemptions: readonly Exemption[], now: Date): readonly Need[] {
  return exemptions.flatMap((each): readonly Need[] => {
    const { subject, malformed, until, over, ruleGone, reason, owner } = each;
    const id = `exemption:${subject?.kind}:${subject?.id}:${subject?.ruleId ?? ""}`;
    const to =
      subject?.kind === "run"
        ? { runId: subject.id }
        : subject?.kind === "rule"
          ? { ruleId: subject.id }
          : {};
    if (malformed)
      return [
        {
          id,
          tone: "bad",
          says: `${whom(each)}: the exemption can't be read, so it protects without an end`,
          ...to,
        },
      ];
    if (until === undefined || over || ruleGone || Date.parse(until) - now.getTime() > SOON_MS) return [];
    const says = `${whom(each)} is exempt only until ${minuteText(until, now)} UTC, ${fromNow(until, now)}: ${reason} (${owner})`;
    return [{ id, tone: "warn", says, ...to }];
  });
}

/** All that needs a person, the worst first. */
export function needsOf({ status, runs, exemptions }: Known, now: Date): readonly Need[] {
  const all = [
    ...(status ? ofStatus(status, now) : []),
    ...unconfirmed(runs?.runs ?? [], now),
    ...(status ? heldStops(status, runs?.runs ?? []) : []),
    ...ending(exemptions ?? [], now),
  ];
  return all.toSorted((a, b) => Number(b.tone === "bad") - Number(a.tone === "bad"));
}
