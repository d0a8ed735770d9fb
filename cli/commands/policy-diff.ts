import { readPushes, versionBefore } from "../../src/watchdog/audit/pushes.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { describeChange, isSameDocument } from "../../src/watchdog/policies/policy-diff.ts";
import { lookForPolicy, readVersion } from "../../src/watchdog/policies/policy-in-force.ts";
import { diffByMeaning } from "../../src/watchdog/policies/policy-meaning.ts";
import type { Command, Invocation } from "../command.ts";
import { changeLines } from "../lines/policy/policy-lines.ts";
import { readPolicyFile } from "../policy/policy-file.ts";
import { sentence } from "../show/words.ts";

/** One side of a comparison. */
type Side = { readonly name: string; readonly document: unknown };

const isVersion = (text: string): boolean => /^\d{1,9}$/.test(text);

/** A version by its number, or a file. What is wrong with a version is told; there is no side then. */
async function sideOf(invocation: Invocation, ports: Ports, text: string): Promise<Side | undefined> {
  if (!isVersion(text)) return { name: text, document: await readPolicyFile(text) };
  const reading = await readVersion(ports, Number(text));
  if (reading.kind === "good") return { name: `version ${text}`, document: reading.inForce.document };
  invocation.terminal.err(
    `${sentence(`Version ${text} can't be used: ${reading.problem}`)} Versions: watchdog policy list`,
  );
  return undefined;
}

export const policyDiff: Command = {
  name: "policy diff",
  about: "What differs between two versions, or a file and the one in force",
  positionals: [
    {
      name: "from",
      about: "A version, a file or - for standard input (default: the version before)",
      optional: true,
    },
    {
      name: "to",
      about: "A version, a file or - for standard input (default: the one in force)",
      optional: true,
    },
  ],
  options: { "exit-code": { about: "End with 1 where they differ, for pipelines" } },
  examples: [
    ["policy diff", "what the last push changed"],
    ["policy diff 1 2", "from one version to another"],
    ["policy diff policy.yaml", "what a push of this file would change"],
  ],
  notes:
    "It compares what they mean: 6h is 360m, and a default that is written out is no difference. Exit code 1: one of them can't be used or, with --exit-code, they differ.",
  async run(invocation) {
    const { args, terminal, paint, answer } = invocation;
    const [first, second] = [args.text("from"), args.text("to")];
    const { ports } = await invocation.connect();
    const { inForce, problem } = await lookForPolicy(ports, await ports.state.readControl());
    if (inForce === undefined && second === undefined) {
      terminal.err(problem ?? "No policy was pushed yet: watchdog policy push policy.yaml");
      return 1;
    }
    const current: Side = { name: `version ${inForce?.version}, in force`, document: inForce?.document };
    const before: Side = { name: "nothing", document: undefined };
    const side = (text: string): Promise<Side | undefined> => sideOf(invocation, ports, text);
    // A file alone is what would come next; a version alone is what was before.
    const isNext = first !== undefined && second === undefined && !isVersion(first);
    const pushes = await readPushes(ports.audit);
    const earlier = first ?? String(versionBefore(pushes, inForce?.version ?? 1));
    const from = isNext ? current : earlier === "0" ? before : await side(earlier);
    const to = isNext ? await side(first) : second === undefined ? current : await side(second);
    if (from === undefined || to === undefined) return 1;
    const changes = diffByMeaning(from.document, to.document);
    const code = args.flag("exit-code") && changes.length > 0 ? 1 : 0;
    if (args.flag("json")) {
      const told = changes.map((change) => ({ ...change, text: describeChange(change) }));
      answer({ from: from.name, to: to.name, changes: told });
      return code;
    }
    terminal.out(paint("dim", `${from.name} → ${to.name}`));
    for (const line of changeLines(changes, paint)) terminal.out(line);
    if (changes.length === 0)
      terminal.out(
        isSameDocument(from.document, to.document)
          ? "No difference."
          : "No difference in what they mean; they are written differently.",
      );
    return code;
  },
};
