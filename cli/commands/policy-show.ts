import { stringify } from "yaml";
import { hashOfPolicy, readPushes } from "../../src/watchdog/audit/pushes.ts";
import { lookForPolicy } from "../../src/watchdog/policies/policy-in-force.ts";
import type { Command } from "../command.ts";

export const policyShow: Command = {
  name: "policy show",
  about: "The policy in force, or an earlier version, as YAML",
  pages: true,
  positionals: [{ name: "number", about: "Which version (default: the one in force)", optional: true }],
  examples: [
    ["policy show", "the one in force; it can be pushed again as it is"],
    ["policy show 1 --json", "the first one, for a program"],
  ],
  async run({ args, terminal, paint, connect, answer }) {
    const wish = args.count("number");
    const { ports } = await connect();
    const control = await ports.state.readControl();
    const { inForce: found, problem } = await lookForPolicy(ports, control);
    const inForce = found?.version;
    const version = wish ?? inForce;
    if (problem !== undefined || found?.fellBack)
      terminal.err(
        problem ??
          `Version ${found?.fellBack?.version} can't be used, so version ${inForce} stays in force: ${found?.fellBack?.problem}`,
      );
    if (version === undefined && problem !== undefined) return 1;
    if (version === undefined) {
      terminal.err("No policy was pushed yet, so nothing is stopped: watchdog policy push policy.yaml");
      return 1;
    }
    const document = await ports.state.readPolicy(version);
    const push = (await readPushes(ports.audit)).byVersion.get(version);
    if (document === undefined) {
      terminal.err(`There is no policy version ${version}; version ${inForce ?? "none"} is in force.`);
      return 1;
    }
    const isAsPushed = push && (push.hash ?? hashOfPolicy(document)) === hashOfPolicy(document);
    if (!isAsPushed) {
      const why = push ? "its document is not the one that was pushed" : "the audit has no entry of its push";
      terminal.err(
        `Version ${version} in the state table is not shown: ${why}. To check the audit: watchdog audit verify`,
      );
      return 1;
    }
    if (args.flag("json")) {
      const pushed = { hash: hashOfPolicy(document), pushedAt: push.at, by: push.by };
      answer({ version, inForce: version === inForce, ...pushed, document });
      return 0;
    }
    const state = version === inForce ? "in force" : `not in force: version ${inForce} is`;
    terminal.out(paint("dim", `# version ${version}, ${state}, pushed ${push.at} by ${push.by}`));
    terminal.data(stringify(document).trimEnd());
    return 0;
  },
};
