import { isDeepStrictEqual } from "node:util";
import { parsePolicy } from "../../src/policy/index.ts";
import { pushPolicy } from "../../src/watchdog/policies.ts";
import type { Command } from "../command.ts";
import { readPolicyFile } from "../policy-file.ts";

type Document = { readonly mode?: string; readonly rules: readonly { readonly id: string }[] };

/** What differs between two policies, a line each: `+` new, `-` gone, `~` changed. */
export function differences(before: Document | undefined, after: Document): readonly string[] {
  const rules = new Map((before?.rules ?? []).map((rule) => [rule.id, rule]));
  const lines = after.rules.flatMap((rule) => {
    const old = rules.get(rule.id);
    rules.delete(rule.id);
    if (old === undefined) return [`+ ${rule.id}`];
    return isDeepStrictEqual(old, rule) ? [] : [`~ ${rule.id}`];
  });
  const { rules: _after, ...rest } = after;
  const { rules: _before, ...restBefore } = before ?? { rules: [] };
  const others = [...new Set([...Object.keys(restBefore), ...Object.keys(rest)])].filter(
    (key) => !isDeepStrictEqual(restBefore[key as never], rest[key as never]),
  );
  const told = others.map((key) => `~ ${key}: ${show(restBefore, key)} → ${show(rest, key)}`);
  return [...(before ? told : []), ...lines, ...[...rules.keys()].map((id) => `- ${id}`)];
}

const show = (from: object, key: string): string => JSON.stringify(from[key as never]) ?? "default";

export const policyPush: Command = {
  name: "policy push",
  about: "Put a policy file in force, from the next tick on",
  positionals: [{ name: "file", about: "A policy in YAML or JSON" }],
  examples: [["policy push policy.yaml", "checked first; a mistake changes nothing"]],
  async run({ args, terminal, paint, connect }) {
    const file = args.required("file");
    const document = await readPolicyFile(file);
    const { ports, operator } = await connect();
    const { policyVersion } = await ports.state.readControl();
    const before = policyVersion === undefined ? undefined : await ports.state.readPolicy(policyVersion);
    const by = await operator();
    const version = await pushPolicy(ports, document, by);
    const changes = differences(before as Document | undefined, document as Document);
    const { mode } = parsePolicy(document);
    if (args.flag("json")) {
      terminal.out(
        JSON.stringify({ version, previousVersion: policyVersion ?? null, mode, by, changes }, null, 2),
      );
      return 0;
    }
    const after = policyVersion === undefined ? "the first one" : `after ${policyVersion}`;
    terminal.out(`Version ${version} is in force (${after}), pushed by ${by}.`);
    for (const line of changes)
      terminal.out(
        `  ${paint(line.startsWith("-") ? "red" : line.startsWith("+") ? "green" : "yellow", line)}`,
      );
    if (changes.length === 0) terminal.out("  It is the same as before.");
    terminal.out(
      mode === "enforce"
        ? "Mode enforce: from the next tick on, what breaches is stopped."
        : "Mode observe: rules without a mode of their own only record what they would stop.",
    );
    return 0;
  },
};
