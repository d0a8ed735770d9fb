import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Ran, root, run } from "../installed/support.ts";

export type Step = {
  readonly name: string;
  readonly if?: string;
  readonly env: Record<string, string>;
  readonly run: string;
};
type Action = {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
};

export const action: Action = parse(readFileSync(join(root, "action.yml"), "utf8"));

/** What the steps are run on, as a runner reads it. */
export const CONDITIONS: Readonly<Record<string, (inputs: Record<string, string>) => boolean>> = {
  "inputs.tests != ''": ({ tests }) => tests !== "",
  "inputs.backtest == 'true'": ({ backtest }) => backtest === "true",
};

/** Runs the action's steps as a runner does, until one fails. */
export async function perform(
  given: Readonly<Record<string, string>>,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<{ readonly failed?: string; readonly said: string }> {
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default]);
  const inputs: Record<string, string> = { ...Object.fromEntries(defaults), ...given };
  const filled = (text: string) =>
    text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_all, name) => inputs[name] ?? "");
  let said = "";
  for (const step of action.runs.steps) {
    if (step.if !== undefined && !CONDITIONS[step.if]?.(inputs)) continue;
    const own = Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, filled(text)]));
    const argv = ["-e", "-o", "pipefail", "-c", step.run];
    const { code, out, err }: Ran = await run("bash", argv, { cwd, env: { ...env, ...own } });
    said += out + err;
    if (code !== 0) return { failed: step.name, said };
  }
  return { said };
}
