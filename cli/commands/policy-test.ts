import type { Command } from "../command.ts";
import { caseLines } from "../lines/policy/case-lines.ts";
import { tryCaseFile } from "../policy/case-files.ts";
import { count } from "../show/words.ts";

export const policyTest: Command = {
  name: "policy test",
  about: "Try a policy on cases: runs as you write them, decisions as you expect them",
  positionals: [{ name: "files", about: "Files of cases in YAML; - for standard input", many: true }],
  options: {
    policy: { value: "FILE", about: "Try this policy, whatever the files say" },
  },
  examples: [
    ["policy test policy.test.yaml", "0 when all pass, 1 when some fail or a file has mistakes"],
    ["policy test policy.test.yaml --policy policy.yaml", "the cases of one policy on another"],
    ["policy test policy.test.yaml --json", "what came of each case and why, for a program"],
  ],
  notes: `It needs neither Apify nor tables. A case decides by the same code as a tick. How to write one: docs/testing-policies.md.`,
  async run({ args, terminal, paint }) {
    const policy = args.text("policy");
    const files = await Promise.all(args.list("files").map((file) => tryCaseFile(file, policy)));
    const all = files.flatMap(({ cases }) => cases);
    const failed = all.filter((each) => !each.passed).length;
    const passed = all.length - failed;
    if (args.flag("json")) {
      terminal.data(JSON.stringify({ passed, failed, files }, null, 2));
      return failed === 0 ? 0 : 1;
    }
    const look = { columns: terminal.columns, isTty: terminal.isTty, paint };
    for (const { file, cases } of files)
      for (const each of cases) for (const line of caseLines(file, each, look)) terminal.out(line);
    const summary = `${count(all.length, "case")}: ${passed} passed, ${failed} failed.`;
    terminal.out(failed === 0 ? paint("green", summary) : paint(["bold", "red"], summary));
    return failed === 0 ? 0 : 1;
  },
};
