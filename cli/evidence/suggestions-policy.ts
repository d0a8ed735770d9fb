import { formatMemory, printable, toUsd } from "../../src/policy/index.ts";
import type { History, Quantity } from "../../src/watchdog/learn/past.ts";
import type { LearnedSubject } from "../../src/watchdog/learn/suggest/groups.ts";
import type { Suggestion, Suggestions } from "../../src/watchdog/learn/suggest/suggest.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { wrap } from "../show/terminal.ts";
import { count } from "../show/words.ts";
import { durationWritten, figureText, SOURCES, shareText } from "./figures.ts";
import type { NameOf } from "./names.ts";

/** Suggestions as a policy in YAML: a rule each with its number frozen, and where that comes from in a comment. */

const COLUMNS = 110;

const comment = (text: string, indent = ""): readonly string[] =>
  wrap(printable(text), COLUMNS - indent.length).map((line) => `${indent}# ${line}`);

/** `task acme/shop-daily, 4 GB`. */
export function subjectWords({ kind, id, memoryMbytes }: LearnedSubject, nameOf: NameOf): string {
  const name = nameOf(kind, id);
  const whose = kind === "actor" ? "Actor" : "task";
  const size = memoryMbytes === undefined ? "" : `, ${formatMemory(memoryMbytes)}`;
  return `${whose} ${name ? `${name} (${id})` : id}${size}`;
}

const WORDS: Readonly<Record<Quantity, { what: string; most: string; passes: string }>> = {
  usd: { what: "the cost of a run", most: "the most expensive of them cost", passes: "costs more than that" },
  runTime: { what: "the time of a run", most: "the longest of them took", passes: "takes longer than that" },
};

/** Where a limit comes from and what it promises, in sentences. */
export function provenance(quantity: Quantity, each: Suggestion): string {
  const { n, stopped, unknown, most, factor, expected, atMost95, selfCheck } = each;
  const { most: words, passes } = WORDS[quantity];
  const ended = stopped > 0 ? ` and ${stopped} that were stopped` : "";
  const unpriced = unknown > 0 ? ` Left out: ${count(unknown, "run")} whose figure is not known.` : "";
  const looks = n + stopped - 22;
  const checked =
    looks > 0
      ? ` Checked on its own history: ${selfCheck.exceeded} of the last ${looks} passed all before them; ${(selfCheck.promised * looks).toFixed(1)} were expected.`
      : "";
  return (
    `${n} runs that succeeded${ended}; ${words} ${figureText(quantity, most)}, and the limit is ${factor} times that. ` +
    `The next one ${passes} with a probability of at most ${shareText(expected)}; ` +
    `at 95 % confidence at most ${shareText(atMost95)} of such runs do.${unpriced}${checked}`
  );
}

/** An id that no other rule has, by the name of its subject. */
function ruleIds(quantity: Quantity, subjects: readonly LearnedSubject[], nameOf: NameOf): readonly string[] {
  const ending = quantity === "usd" ? "usd" : "time";
  const plain = subjects.map(({ kind, id, memoryMbytes }) => {
    const name = (nameOf(kind, id) ?? id).split("/").at(-1) ?? id;
    const slug = name.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || id;
    return `${slug.slice(0, 30)}${memoryMbytes === undefined ? "" : `-${memoryMbytes}mb`}`;
  });
  return subjects.map(({ id }, at) => {
    const own = plain[at] ?? id;
    const isTaken = plain.some((each, other) => other !== at && each === own);
    return `${own}${isTaken ? `-${id.replace(/[^A-Za-z0-9]+/g, "").slice(0, 20)}` : ""}-${ending}`;
  });
}

function selectorText({ kind, id, memoryMbytes }: LearnedSubject): string {
  const of = kind === "task" ? `tasks: [${JSON.stringify(id)}]` : `actors: [${JSON.stringify(id)}]`;
  const size = memoryMbytes === undefined ? "" : `, memory: ["${memoryMbytes}MB"]`;
  // A task's runs are like each other, and not like those that the Actor has without one.
  const others = kind === "actor" ? `, except: { tasks: ["*"] }` : "";
  return `{ ${of}${size}${others} }`;
}

const limitText = (quantity: Quantity, limit: number): string =>
  quantity === "usd" ? `{ usageTotalUsd: ${toUsd(limit)} }` : `{ runTime: ${durationWritten(limit)} }`;

/** A policy that only observes, as `policy validate` takes it; comments alone where nothing can be suggested. */
export function suggestionsPolicy(
  { quantity, suggestions, refused }: Suggestions,
  { source, from, until, runs }: History,
  nameOf: NameOf,
  notes: readonly string[],
): string {
  const ids = ruleIds(
    quantity,
    suggestions.map(({ subject }) => subject),
    nameOf,
  );
  const head =
    `Limits on ${WORDS[quantity].what} for ${suggestions.length} of ${count(suggestions.length + refused.length, "task or Actor", "tasks and Actors")}, by ` +
    `${SOURCES[source]}: ${count(runs.length, "run")} that began from ${minuteOf(from)} to ${minuteOf(until)} UTC and ended.`;
  const frozen =
    "The numbers are frozen: no limit moves by itself. watchdog suggest --check FILE says whether they still hold.";
  const rules = suggestions.flatMap((each, at) => [
    ...comment(`${subjectWords(each.subject, nameOf)}: ${provenance(quantity, each)}`, "  "),
    `  - id: ${ids[at]}`,
    `    for: ${selectorText(each.subject)}`,
    `    limit: ${limitText(quantity, each.limit)}`,
    "    steps: [{ at: 100%, do: abort }]",
  ]);
  const policy = ["version: 1", "mode: observe", "rules:", ...rules];
  const none = refused.map(({ subject, why }) => `${subjectWords(subject, nameOf)}: ${why}.`);
  return [
    ...comment(head),
    ...notes.flatMap((note) => comment(note)),
    ...(suggestions.length > 0 ? [...comment(frozen), ...policy] : []),
    ...(none.length > 0 ? ["", "# No limit is suggested for", ...none.flatMap((each) => comment(each))] : []),
  ].join("\n");
}
