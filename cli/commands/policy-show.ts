import { stringify } from "yaml";
import { CONTROL_CHAIN, type Entry } from "../../src/watchdog/model/entry.ts";
import type { AuditStore } from "../../src/watchdog/model/ports.ts";
import { lookForPolicy } from "../../src/watchdog/policies/policy-in-force.ts";
import type { Command } from "../command.ts";

/** Who pushed a version, and when; `undefined` when the audit does not say. */
async function pushOf(audit: AuditStore, version: number): Promise<Entry | undefined> {
  const chain = (await audit.readChain(CONTROL_CHAIN)).map(({ text }) => JSON.parse(text) as Entry);
  return chain.find(({ kind, change }) => kind === "policy.pushed" && change?.version === version);
}

export const policyShow: Command = {
  name: "policy show",
  about: "The policy in force, or an earlier version, as YAML",
  positionals: [{ name: "number", about: "Which version (default: the one in force)", optional: true }],
  examples: [
    ["policy show", "the one in force; it can be pushed again as it is"],
    ["policy show 1 --json", "the first one, for a program"],
  ],
  async run({ args, terminal, paint, connect }) {
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
    if (document === undefined) {
      terminal.err(`There is no policy version ${version}; version ${inForce ?? "none"} is in force.`);
      return 1;
    }
    const push = await pushOf(ports.audit, version);
    if (args.flag("json")) {
      const pushed = { pushedAt: push?.at ?? null, by: push?.by ?? null };
      terminal.data(JSON.stringify({ version, inForce: version === inForce, ...pushed, document }, null, 2));
      return 0;
    }
    const state = version === inForce ? "in force" : `not in force: version ${inForce} is`;
    const who = push ? `, pushed ${push.at} by ${push.by}` : "";
    terminal.out(paint("dim", `# version ${version}, ${state}${who}`));
    terminal.data(stringify(document).trimEnd());
    return 0;
  },
};
