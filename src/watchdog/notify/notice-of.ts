import { describeEntry } from "../audit/describe.ts";
import type { Entry } from "../model/entry.ts";
import { NOTICE_VERSION, type Notice } from "../model/notice.ts";
import { budgetWords } from "./budget-words.ts";
import { controlWords } from "./control-words.ts";
import { type NameOf, withNames } from "./known-names.ts";
import { commandLine, consoleRunUrl, type Place } from "./place.ts";
import { printableEntry } from "./printable-entry.ts";
import { runWords } from "./run-words.ts";
import { utc, type Words } from "./words.ts";

function wordsOf(entry: Entry, nameOf: NameOf): Words {
  const named = withNames(entry, nameOf);
  if (entry.runId !== undefined) return runWords(named, nameOf);
  const { budget } = named.evidence ?? {};
  return budget && !entry.kind.startsWith("source.")
    ? budgetWords(named, budget)
    : controlWords(named, entry);
}

const runOf = ({ runId, run }: Entry): Pick<Notice, "run"> =>
  runId === undefined ? {} : { run: { id: runId, url: consoleRunUrl(runId), ...figuresOf(run) } };

function figuresOf(run: Entry["run"]) {
  const { status, startedAt, finishedAt, usageTotalUsd } = run ?? {};
  return {
    ...(status !== undefined && { status }),
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(usageTotalUsd !== undefined && { usageTotalUsd }),
  };
}

const namedBy = (name: string | undefined, id: string) => ({ id, ...(name !== undefined && { name }) });

function whoseOf({ actorId, actorTaskId }: Entry, nameOf: NameOf): Pick<Notice, "actor" | "task"> {
  return {
    ...(actorId !== undefined && { actor: namedBy(nameOf("actor", actorId), actorId) }),
    ...(actorTaskId !== undefined && { task: namedBy(nameOf("task", actorTaskId), actorTaskId) }),
  };
}

const ruleOf = ({ ruleId, mode, policyVersion, step }: Entry): Pick<Notice, "rule"> =>
  ruleId === undefined
    ? {}
    : {
        rule: {
          id: ruleId,
          ...(mode !== undefined && { mode }),
          ...(policyVersion !== undefined && { policyVersion }),
          ...(step && { step }),
        },
      };

function outcomeOf({ finalUsageTotalUsd, overshootUsd }: Entry): Pick<Notice, "outcome"> {
  if (finalUsageTotalUsd === undefined && overshootUsd === undefined) return {};
  return {
    outcome: {
      ...(finalUsageTotalUsd !== undefined && { finalUsageTotalUsd }),
      ...(overshootUsd !== undefined && { overshootUsd }),
    },
  };
}

/**
 * What is announced of one entry: what happened to which run, budget or policy, why, what comes next and where to look.
 * Nothing that the entry quotes can begin a line of its own, or hide one.
 */
export const noticeOf = (entry: Entry, nameOf: NameOf, place: Place): Notice =>
  printableNotice(printableEntry(entry), nameOf, place);

function printableNotice(entry: Entry, nameOf: NameOf, place: Place): Notice {
  const { word, text } = describeEntry(withNames(entry, nameOf));
  const { about, facts, command } = wordsOf(entry, nameOf);
  const line = command && commandLine(command.line, place);
  const { entryId, chain, sequence, kind, at, account, evidence, guard, by, owner, change } = entry;
  return {
    version: NOTICE_VERSION,
    id: entryId,
    kind,
    at,
    account,
    ...(place.stack !== undefined && { stack: place.stack }),
    word,
    title: `${word}: ${about}`,
    text,
    facts: [
      ...facts,
      ...(command && line !== undefined ? [{ name: command.name, value: line }] : []),
      { name: "Entry", value: `${entryId} of account ${account}, ${utc(at)}` },
    ],
    ...(line !== undefined && { command: line }),
    ...runOf(entry),
    ...whoseOf(entry, nameOf),
    ...ruleOf(entry),
    ...(evidence && { evidence }),
    ...(guard !== undefined && { guard }),
    ...outcomeOf(entry),
    by,
    ...(owner !== undefined && { owner }),
    ...(change && { change }),
    entry: { id: entryId, chain, sequence },
  };
}
