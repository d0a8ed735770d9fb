import { parsePolicy } from "../../src/policy/index.ts";
import type { Command } from "../command.ts";
import { PolicyFileError, readPolicyFile } from "../policy-file.ts";
import { ruleTable } from "../rule-table.ts";

export const policyValidate: Command = {
  name: "policy validate",
  about: "Check a policy file; each mistake with its line and what was meant",
  positionals: [{ name: "file", about: "A policy in YAML or JSON" }],
  examples: [["policy validate policy.yaml", "0 when it can be used, 1 when not"]],
  async run({ args, terminal, paint }) {
    const file = args.required("file");
    const asJson = args.flag("json");
    try {
      const policy = parsePolicy(await readPolicyFile(file));
      if (asJson) terminal.out(JSON.stringify({ valid: true, problems: [] }, null, 2));
      else {
        terminal.out(`${paint("green", "valid")}  ${file}, ${policy.mode} mode`);
        for (const line of ruleTable(policy, { columns: terminal.columns, paint })) terminal.out(line);
      }
      return 0;
    } catch (error) {
      if (!(error instanceof PolicyFileError) || error.problems.length === 0) throw error;
      if (asJson) terminal.out(JSON.stringify({ valid: false, problems: error.problems }, null, 2));
      else terminal.err(error.message);
      return 1;
    }
  },
};
