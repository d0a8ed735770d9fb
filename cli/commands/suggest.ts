import { canonical, nearest, parsePolicy } from "../../src/policy/index.ts";
import { wantedBySuggestion } from "../../src/watchdog/learn/details.ts";
import { QUANTITIES, type Quantity } from "../../src/watchdog/learn/past.ts";
import { checkLimits } from "../../src/watchdog/learn/suggest/check-limits.ts";
import type { LearnedSubject } from "../../src/watchdog/learn/suggest/groups.ts";
import { type Suggestions, suggest as suggestLimits } from "../../src/watchdog/learn/suggest/suggest.ts";
import { minuteOf } from "../../src/watchdog/model/minute.ts";
import { type Command, type Invocation, NOT_ALL_KNOWN } from "../command.ts";
import { checksTold, checkTable } from "../evidence/checks-shown.ts";
import type { NameOf } from "../evidence/names.ts";
import { type KnownPast, PAST, readPast, runNames } from "../evidence/past.ts";
import { DETAILS, readDetails } from "../evidence/read-details.ts";
import { suggestionsTold } from "../evidence/suggestions-json.ts";
import { suggestionsPolicy } from "../evidence/suggestions-policy.ts";
import { UsageError } from "../options/usage-error.ts";
import { readPolicyFile } from "../policy/policy-file.ts";
import { wrapped } from "../show/terminal.ts";
import { count } from "../show/words.ts";

/** Which subjects `--actor` or `--task` asks for, by id or name. */
function askedFor({ args }: Invocation, nameOf: NameOf): (subject: LearnedSubject) => boolean {
  const [actor, task] = [args.text("actor"), args.text("task")];
  if (actor !== undefined && task !== undefined)
    throw new UsageError("--actor and --task were given: a task is of one Actor, so use one of them.");
  const isCalled = (wanted: string, kind: "actor" | "task", id: string): boolean =>
    wanted === id || canonical(wanted) === canonical(nameOf(kind, id) ?? id);
  if (actor !== undefined) return ({ actorId }) => isCalled(actor, "actor", actorId);
  if (task !== undefined) return ({ kind, id }) => kind === "task" && isCalled(task, "task", id);
  return () => true;
}

/** Who asks for one that has no run in that time likely means another. */
function checkFound({ args }: Invocation, { suggestions, refused }: Suggestions, past: KnownPast): void {
  if (suggestions.length + refused.length > 0) return;
  for (const kind of ["actor", "task"] as const) {
    const wanted = args.text(kind);
    if (wanted === undefined) continue;
    const known = past.history.runs.flatMap(
      ({ run }) => past.nameOf(kind, kind === "actor" ? run.actorId : run.actorTaskId) ?? [],
    );
    const guess = nearest(wanted, known);
    throw new UsageError(
      `--${kind}: no run of that time is of ${kind === "actor" ? "an Actor" : "a task"} "${wanted}", by id or by name.${guess ? ` Did you mean ${guess}?` : ""}`,
    );
  }
}

/** So often the longest run of a task may turn out to be one that was resurrected. */
const MOST_ROUNDS = 5;

/** The past, with those runs read in full without which nothing can be said of a quantity. */
async function measurable(invocation: Invocation, quantity: Quantity): Promise<KnownPast> {
  let past = await readPast(invocation);
  const asked = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const wanted = wantedBySuggestion(quantity, past.history).filter((id) => !asked.has(id));
    if (wanted.length === 0) break;
    for (const id of wanted) asked.add(id);
    past = await readDetails(invocation, past, wanted);
  }
  return past;
}

async function check(invocation: Invocation, file: string): Promise<number> {
  const { args, terminal, paint, answer } = invocation;
  const other = ["actor", "task", "quantity"].find((name) => args.text(name) !== undefined);
  if (other)
    throw new UsageError(`--${other} and --check were given: --check holds every limit of the file.`);
  const policy = parsePolicy(await readPolicyFile(file));
  const { history, nameOf, notes } = await readPast(invocation);
  const { source, from, until, runs } = history;
  const checks = checkLimits(policy, history, runNames(nameOf));
  const isBroken = checks.some(({ verdict }) => verdict === "broken");
  if (args.flag("json"))
    answer({ source, from, until, runs: runs.length, notes, checks: checksTold(checks) });
  else {
    const span = `${count(runs.length, "run")} that began from ${minuteOf(from)} to ${minuteOf(until)} UTC and ended`;
    if (checks.length === 0) terminal.out(`${file} has no limit on the cost or time of a run that stops it.`);
    for (const line of checkTable(checks, { columns: terminal.columns, paint })) terminal.out(line);
    const said = [`Held against ${span}.`, ...notes].join(" ");
    terminal.out(wrapped(said, terminal.columns, (line) => paint("dim", line)));
  }
  if (isBroken) return 1;
  return checks.some(({ verdict }) => verdict === "unknown") ? NOT_ALL_KNOWN : 0;
}

export const suggest: Command = {
  name: "suggest",
  about: "Limits from what runs came to, each with a bound on how often it would be wrong; prints a policy",
  options: {
    actor: { value: "ACTOR", about: "For this Actor and its tasks, by its id or username/name" },
    task: { value: "TASK", about: "For this task, by its id or username/name" },
    quantity: {
      value: "WHAT",
      about: "usd: the cost of a run (the default); runTime: its time",
      choices: QUANTITIES,
    },
    check: { value: "FILE", about: "Instead: do the limits of this policy hold against what happened?" },
    ...PAST,
    ...DETAILS,
  },
  examples: [
    ["suggest", "a limit on the cost of the runs of each task and Actor, as a policy that observes"],
    ["suggest --quantity runTime --since 30d", "on their time, by the last thirty days"],
    ["suggest --json", "the same for a program, refusals included"],
    ["suggest --check policy.yaml", "do the limits still hold? For a pipeline, once a week"],
  ],
  notes:
    "Needs only APIFY_TOKEN, of a token that may read, or the tables of a watchdog. Nothing is pushed or written to tables; what Apify lists is kept in .watchdog/apify. A task with fewer than 22 runs that succeeded gets no limit, nor one whose runs cost more and more. Exit codes of --check: 1 a limit no longer holds, 3 none does so, but of one too few runs are known.",
  async run(invocation) {
    const { args, terminal, answer } = invocation;
    const quantity = args.choice("quantity", QUANTITIES) ?? "usd";
    const file = args.text("check");
    if (file !== undefined) return check(invocation, file);
    const past = await measurable(invocation, quantity);
    const { history, nameOf, notes } = past;
    const found = suggestLimits(history, quantity, askedFor(invocation, nameOf));
    checkFound(invocation, found, past);
    const { source, from, until, runs } = history;
    if (args.flag("json"))
      answer({ source, from, until, runs: runs.length, notes, ...suggestionsTold(found, nameOf) });
    else terminal.data(suggestionsPolicy(found, history, nameOf, notes));
    return 0;
  },
};
