import { against, guardWords } from "../audit/describe.ts";
import type { Fact, Notice } from "../model/notice.ts";
import { commandLine, type Place } from "./place.ts";

/** From so many on they are one notice; fewer are shown each in full, with the command that overrules it. */
const LEAST = 3;
const MOST_RUNS = 20;

/** What many runs can share, and what there is to say of them together. */
const SHARED: Partial<Record<Notice["kind"], (notice: Notice) => string>> = {
  "abort.held": ({ guard = "" }) => `not stopped: ${guardWords(guard)}`,
  "abort.observed": () => "each would have been stopped; the rule is only observed",
  "step.notified": ({ rule }) => `each has passed ${rule?.step?.at}%`,
};

/** Facts that many can share. */
const COMMON: readonly string[] = ["Rule", "Owner", "Next"];

function crowdOf({ kind, run, rule, guard }: Notice): string | undefined {
  if (SHARED[kind] === undefined || run === undefined) return undefined;
  return JSON.stringify([kind, rule?.id, rule?.step?.at, rule?.step?.basis, guard]);
}

function runFact({ run, actor, evidence }: Notice): Fact {
  const whose = actor === undefined ? "" : ` of ${actor.name ?? `Actor ${actor.id}`}`;
  return {
    name: "Run",
    value: `${run?.id}${whose}${evidence ? `: ${against(evidence)}` : ""}`,
    ...(run && { url: run.url }),
  };
}

function together(notices: readonly [Notice, ...Notice[]], place: Place): Notice {
  const [first] = notices;
  const { run: _run, actor: _actor, task: _task, evidence: _evidence, entry: _entry, ...rest } = first;
  const worst = notices.toSorted((a, b) => (b.evidence?.measured ?? 0) - (a.evidence?.measured ?? 0));
  const left = notices.length - MOST_RUNS;
  const common = first.facts.filter(
    ({ name, value }) =>
      COMMON.includes(name) && notices.every(({ facts }) => facts.some((each) => each.value === value)),
  );
  const command = commandLine("watchdog runs", place);
  return {
    ...rest,
    id: `${first.id}-and-${notices.length - 1}`,
    title: `${first.word}: ${notices.length} runs (${first.rule?.id})`,
    text: SHARED[first.kind]?.(first) ?? "",
    facts: [
      ...worst.slice(0, MOST_RUNS).map(runFact),
      ...(left > 0 ? [{ name: "Run", value: `and ${left} more, which are in the audit` }] : []),
      ...common,
      { name: "More", value: command },
      { name: "Account", value: first.account },
    ],
    command,
  };
}

/** For people: what one rule says of many runs is one notice, which has a line for each. */
export function gathered(notices: readonly Notice[], place: Place): readonly Notice[] {
  const crowds = Map.groupBy(notices, crowdOf);
  return notices.flatMap((notice) => {
    const crowd = crowds.get(crowdOf(notice)) ?? [];
    const [first] = crowd;
    if (first === undefined || crowdOf(notice) === undefined || crowd.length < LEAST) return notice;
    return notice === first ? together([first, ...crowd.slice(1)], place) : [];
  });
}
