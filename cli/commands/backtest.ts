import { type Policy, parsePolicy } from "../../src/policy/index.ts";
import type { Backtest } from "../../src/watchdog/learn/backtest.ts";
import { type Front, front as frontOf, movable } from "../../src/watchdog/learn/front/front.ts";
import { policyInForce } from "../../src/watchdog/policies/policy-in-force.ts";
import { type Command, type Invocation, targetText } from "../command.ts";
import { backtestCsv, backtestTold, differenceTold } from "../evidence/backtest-json.ts";
import { backtestLines, savedText } from "../evidence/backtest-lines.ts";
import { backtestMarkdown } from "../evidence/backtest-markdown.ts";
import type { Compared } from "../evidence/backtest-page.ts";
import { failIf } from "../evidence/fail-if.ts";
import { frontCsv, frontLines, frontTold } from "../evidence/front-shown.ts";
import { HTML, pageFile, pageWritten, writePage } from "../evidence/page-file.ts";
import { type KnownPast, PAST, runNames } from "../evidence/past.ts";
import { DETAILS } from "../evidence/read-details.ts";
import { tried } from "../evidence/tried.ts";
import { notOneOf } from "../options/args.ts";
import { UsageError } from "../options/usage-error.ts";
import { readPolicyFile } from "../policy/policy-file.ts";
import { wrapped } from "../show/terminal.ts";
import { count } from "../show/words.ts";

const IN_FORCE = "inforce";

const titleOf = (named: string): string => (named === IN_FORCE ? "the policy in force" : named);

/** The policy that a file has or, by that word, the one in force. */
async function policyOf(named: string, { connect }: Invocation): Promise<Policy> {
  if (named !== IN_FORCE) return parsePolicy(await readPolicyFile(named));
  const { ports } = await connect();
  const inForce = await policyInForce(ports, await ports.state.readControl());
  if (inForce === undefined) throw new UsageError(`${IN_FORCE}: no policy was pushed.`);
  return inForce.policy;
}

/** What the other policy would have done that this one would not, and the other way round. */
function differenceLine(one: Backtest, { named, found: other }: Compared): string {
  const { onlyByThis, onlyByThat } = differenceTold(one, other);
  return (
    `Against ${named}, which would have made ${count(other.stops.length, "stop")}, ` +
    `${other.wrongStops.count} of them wrong, and saved ${savedText(other.stops)}: ${onlyByThis.length} only by this one, ${onlyByThat.length} only by that one.`
  );
}

/** Fails where the limit of the rule can't be moved, before anything is read. */
function checkMovable(policy: Policy, ruleId: string | undefined): void {
  const moved = ruleId === undefined ? undefined : movable(policy, ruleId);
  if (ruleId === undefined || moved === undefined || !("why" in moved)) return;
  const ids = policy.rules.map(({ id }) => id);
  throw new UsageError(
    ids.includes(ruleId) ? `--front: rule ${ruleId}: ${moved.why}.` : notOneOf("--front", ruleId, ids),
  );
}

function frontIn(
  policy: Policy,
  ruleId: string | undefined,
  { history, nameOf }: KnownPast,
): Front | undefined {
  const found = ruleId === undefined ? undefined : frontOf(policy, ruleId, history, runNames(nameOf));
  if (found && "why" in found) throw new UsageError(`--front: ${found.why}.`);
  return found;
}

export const backtest: Command = {
  name: "backtest",
  about: "What a policy would have done about the runs of the past: stops, dollars saved, wrong stops",
  positionals: [{ name: "policy", about: "A policy in YAML or JSON; or inforce: the one in force" }],
  options: {
    ...PAST,
    ...DETAILS,
    against: { value: "FILE", about: "And what another policy would have: a file, or inforce" },
    runs: { about: "List the runs that it would have stopped" },
    front: { value: "RULE", about: "And what this rule alone would have with its limit elsewhere" },
    ...HTML,
    csv: { about: "Print comma-separated values alone, a line for each stop; with --front for each limit" },
    markdown: { about: "Print Markdown alone, for the summary of a pipeline's job" },
    "fail-if": { value: "TEST", about: 'End with 1 where this is so, such as "wrong > 0"' },
  },
  examples: [
    ["backtest policy.yaml", "the last 90 days, by rule and Actor"],
    ["backtest policy.yaml --since 30d --runs", "each run of the last 30 days that it would have stopped"],
    ["backtest policy.yaml --against inforce --json", "what it would change, for a program"],
    ["backtest inforce", "what the policy in force would have done"],
    [
      "backtest policy.yaml --front no-run-over-5-usd",
      "dollars saved against wrong stops, for each limit of a rule",
    ],
    ["backtest policy.yaml --html backtest.html", "as a page for a browser"],
    ["backtest policy.yaml --markdown", "as GitHub shows it in the summary of a job"],
    [
      'backtest policy.yaml --fail-if "wrong > 0"',
      "for a pipeline: 1 where a run that succeeded would have been stopped",
    ],
  ],
  notes:
    "Needs only APIFY_TOKEN, of a token that may read, or the tables of a watchdog. Nothing is stopped or written to tables; what Apify lists is kept in .watchdog/apify. Decisions are made as a tick makes them; what is not known of a run is a range, and what can't be replayed is listed. --front shows what the rule would have done as the only one, at limits over its range; it takes one on usageTotalUsd or runTime. --fail-if takes wrong, stops, saved (the lower end, in USD), near, missed and notices (a day).",
  async run(invocation) {
    const { args, terminal, paint, answer } = invocation;
    const file = args.required("policy");
    const failing = args.text("fail-if");
    const fails = failing === undefined ? () => false : failIf(failing);
    if (args.flag("markdown") && (args.flag("json") || args.flag("csv")))
      throw new UsageError("--markdown goes with neither --json nor --csv.");
    if (args.flag("csv") && (args.flag("json") || args.flag("runs") || args.text("against")))
      throw new UsageError(
        "--csv is a line for each stop, and goes with none of --json, --runs and --against.",
      );
    const html = await pageFile(args);
    const policy = await policyOf(file, invocation);
    checkMovable(policy, args.text("front"));
    const named = args.text("against");
    const against = named === undefined ? undefined : await policyOf(named, invocation);
    const { past, found, otherFound } = await tried(invocation, policy, against);
    const { history, nameOf, notes } = past;
    const other = otherFound && {
      named: titleOf(named ?? IN_FORCE),
      found: otherFound,
    };
    const front = frontIn(policy, args.text("front"), past);
    if (html !== undefined) {
      const { backtestPage } = await import("../evidence/backtest-page.ts");
      const target = invocation.target();
      const of = target && targetText(target);
      const page = { policy: titleOf(file), of, found, history, notes, nameOf, against: other, front };
      await writePage(html, backtestPage(page));
    }
    if (args.flag("json")) {
      const told = backtestTold(found, history, file, nameOf, notes);
      answer({
        ...told,
        ...(other && { against: { policy: named, ...differenceTold(found, other.found) } }),
        ...(front && { front: frontTold(front) }),
        ...(html !== undefined && { html }),
      });
    } else if (args.flag("csv")) {
      for (const note of notes) terminal.err(note);
      terminal.data(front ? frontCsv(front) : backtestCsv(found, nameOf));
      if (html !== undefined) terminal.err(pageWritten(html));
    } else if (args.flag("markdown")) {
      const failed = failing === undefined ? undefined : { test: failing, is: fails(found) };
      terminal.data(
        backtestMarkdown({
          ...{ policy: file, found, history, notes, nameOf, runs: args.flag("runs"), front },
          ...(other && { against: differenceLine(found, other) }),
          ...(failed && { failed }),
        }),
      );
      if (html !== undefined) terminal.err(pageWritten(html));
    } else {
      const look = { columns: terminal.columns, paint, runs: args.flag("runs") };
      for (const line of backtestLines(found, history, notes, nameOf, look)) terminal.out(line);
      if (other) terminal.out(wrapped(differenceLine(found, other), terminal.columns));
      if (front) for (const line of frontLines(front, look)) terminal.out(line);
      if (html !== undefined) terminal.out(pageWritten(html));
    }
    return fails(found) ? 1 : 0;
  },
};
