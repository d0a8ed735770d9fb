import { stringify } from "yaml";
import { parsePolicy } from "../../src/policy/index.ts";
import { hashOfPolicy, readPushes } from "../../src/watchdog/audit/pushes.ts";
import { lookForPolicy } from "../../src/watchdog/policies/policy-in-force.ts";
import type { Command } from "../command.ts";
import { notOneOf } from "../options/args.ts";
import { UsageError } from "../options/usage-error.ts";

type Written = { readonly rules: readonly { readonly id: string; readonly limit?: object }[] };

/** The document with another limit of one rule, `no-run-over-5-usd=7.50`. Throws what is wrong with that. */
function withLimit(document: unknown, wish: string): unknown {
  const [, ruleId, value] = /^([^=]+)=(.+)$/.exec(wish) ?? [];
  if (ruleId === undefined || value === undefined)
    throw new UsageError(`--limit: got "${wish}", wanted RULE=LIMIT, for example no-run-over-5-usd=7.50.`);
  const { rules } = document as Written;
  const rule = rules.find(({ id }) => id === ruleId);
  if (rule === undefined) {
    const ids = rules.map(({ id }) => id);
    throw new UsageError(notOneOf("--limit", ruleId, ids));
  }
  const [[key] = []] = Object.entries(rule.limit ?? {});
  if (key === undefined) throw new UsageError(`--limit: rule ${ruleId} has a budget, and no limit.`);
  const limit = { ...rule.limit, [key]: /^[\d.]+$/.test(value) ? Number(value) : value };
  const changed = {
    ...(document as object),
    rules: rules.map((each) => (each === rule ? { ...each, limit } : each)),
  };
  parsePolicy(changed);
  return changed;
}

export const policyShow: Command = {
  name: "policy show",
  about: "The policy in force, or an earlier version, as YAML",
  pages: true,
  positionals: [{ name: "number", about: "Which version (default: the one in force)", optional: true }],
  options: {
    limit: { value: "RULE=LIMIT", about: "As it would be with another limit of one rule" },
  },
  examples: [
    ["policy show", "the one in force; it can be pushed again as it is"],
    ["policy show 1 --json", "the first one, for a program"],
    ["policy show --limit no-run-over-5-usd=7.50", "with another limit, to be saved as policy.yaml"],
  ],
  async run({ args, terminal, paint, connect, answer }) {
    const number = args.count("number");
    const { ports } = await connect();
    const control = await ports.state.readControl();
    const { inForce: found, problem } = await lookForPolicy(ports, control);
    const inForce = found?.version;
    const version = number ?? inForce;
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
    const wish = args.text("limit");
    const shown = wish === undefined ? document : withLimit(document, wish);
    if (wish !== undefined) {
      const yaml = stringify(shown);
      if (args.flag("json")) answer({ version, document: shown, yaml });
      else terminal.data(yaml.trimEnd());
      return 0;
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
