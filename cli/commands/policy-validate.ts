import { formatPath, formatSchedule, type Policy, parsePolicy, warningsOf } from "../../src/policy/index.ts";
import type { Command } from "../command.ts";
import { ruleTable } from "../lines/policy/rule-table.ts";
import { surveyLines } from "../lines/policy/survey-lines.ts";
import { holdsSome } from "../policy/hold-notes.ts";
import { readPolicyFile } from "../policy/policy-file.ts";
import { surveyAccount } from "../policy/survey-account.ts";
import { wrap } from "../show/terminal.ts";

/** What a rule's schedule means, which is easily taken for the opposite. */
const notesOn = ({ rules }: Policy): readonly string[] =>
  rules.flatMap(({ id, schedule }) =>
    schedule ? `outside ${formatSchedule(schedule)}, ${id} limits nothing` : [],
  );

export const policyValidate: Command = {
  name: "policy validate",
  about: "Check a policy file; each mistake with its line and what was meant",
  positionals: [{ name: "file", about: "A policy in YAML or JSON; - for standard input" }],
  examples: [
    ["policy validate policy.yaml", "0 when it can be used, 1 when not"],
    ["policy validate policy.yaml --json", "problems, warnings and notes, for a program"],
  ],
  notes:
    "Warnings are likely slips, for example a rule that excepts all that it selects; the policy can be used. With APIFY_TOKEN set it also counts which Actors, tasks and live runs each rule selects, and which share of the recorded successes a stop on timesTypical would have ended.",
  async run(invocation) {
    const { args, terminal, paint } = invocation;
    const file = args.required("file");
    const asJson = args.flag("json");
    const document = await readPolicyFile(file);
    const policy = parsePolicy(document);
    const notes = [...notesOn(policy), ...holdsSome(document)];
    const warnings = warningsOf(policy).map(({ path, warning }) => ({ path: formatPath(path), warning }));
    const account = await surveyAccount(invocation, document);
    if (asJson) {
      const counted = account && { account };
      terminal.data(JSON.stringify({ valid: true, problems: [], warnings, notes, ...counted }, null, 2));
      return 0;
    }
    const { columns } = terminal;
    const say = (format: "dim" | "yellow", word: string, text: string): void => {
      const [first = "", ...more] = wrap(`${word}  ${text}`, columns);
      for (const line of [paint(format, word) + first.slice(word.length), ...more]) terminal.out(line);
    };
    terminal.out(`${paint("green", "valid")}  ${file}, ${policy.mode} mode`);
    for (const line of ruleTable(policy, { columns, paint })) terminal.out(line);
    for (const note of notes) say("dim", "note", note);
    for (const { path, warning } of warnings) say("yellow", "warning", `${path}: ${warning}`);
    if (account && "why" in account) say("dim", "note", account.why);
    else if (account) for (const line of surveyLines(account, { columns, paint })) terminal.out(line);
    return 0;
  },
};
