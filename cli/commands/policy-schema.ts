import { policyJsonSchema } from "../../src/policy/index.ts";
import type { Command } from "../command.ts";

export const policySchema: Command = {
  name: "policy schema",
  about: "Print the policy language as JSON Schema, for editors",
  examples: [["policy schema", "to be kept beside the policy as policy.schema.json"]],
  notes: `With this line at its top, an editor with a YAML language server completes and checks a policy as it is written:
# yaml-language-server: $schema=policy.schema.json
What an editor can't check, for example an id given twice, policy validate does.`,
  async run({ terminal }) {
    terminal.data(JSON.stringify(policyJsonSchema(), null, 2));
    return 0;
  },
};
