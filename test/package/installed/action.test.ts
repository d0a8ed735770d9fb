import { readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { freshFolder, OUTSIDE, root, run } from "./support.ts";

type Step = {
  readonly name: string;
  readonly if?: string;
  readonly env: Record<string, string>;
  readonly run: string;
};
type Action = {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
};

const action: Action = parse(readFileSync(join(root, "action.yml"), "utf8"));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

let folder = "";
let remove = async (): Promise<void> => undefined;

beforeAll(async () => {
  ({ folder, remove } = await freshFolder());
  for (const name of ["policy.yaml", "policy.test.yaml"]) await cp(join(root, name), join(folder, name));
  await mkdir(join(folder, "a folder"));
  await cp(join(root, "policy.test.yaml"), join(folder, "a folder/more cases.yaml"));
  await writeFile(join(folder, "wrong.yaml"), "version: 1\nmode: enforced\nrules: []\n");
});
afterAll(() => remove());

/** Runs the action's steps as a runner does, with the packed package, until one fails. */
async function perform(given: Readonly<Record<string, string>>) {
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default]);
  const inputs: Record<string, string> = {
    ...Object.fromEntries(defaults),
    package: inject("tarball"),
    ...given,
  };
  const filled = (text: string) =>
    text.replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_all, name) => inputs[name] ?? "");
  let said = "";
  for (const step of action.runs.steps) {
    if (step.if !== undefined && inputs.tests === "") continue;
    const env = Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, filled(text)]));
    const { code, out, err } = await run("bash", ["-e", "-o", "pipefail", "-c", step.run], {
      cwd: folder,
      env: { ...OUTSIDE, ...env },
    });
    said += out + err;
    if (code !== 0) return { failed: step.name, said };
  }
  return { failed: undefined, said };
}

describe("the GitHub Action", () => {
  it("runs the package of its own version", () => {
    expect(action.inputs.package?.default).toBe(`apify-run-watchdog@${version}`);
  });

  it("puts no input into a script, where it could be more than a value", () => {
    for (const step of action.runs.steps) {
      expect(step.run).not.toContain("${{");
      expect(step.if ?? "inputs.tests != ''").toBe("inputs.tests != ''");
    }
  });

  it("passes a policy that can be used and does what its cases expect", async () => {
    const { failed, said } = await perform({ tests: "policy.test.yaml\na folder/more cases.yaml\n" });
    expect(failed).toBeUndefined();
    expect(said).toContain("valid");
  });

  it("fails at a mistake, with its line", async () => {
    const { failed, said } = await perform({ policy: "wrong.yaml" });
    expect(failed).toBe("Validate the policy");
    expect(said).toContain("wrong.yaml:2:7  mode:");
  });

  it("fails at a case that turns out otherwise", async () => {
    await writeFile(
      join(folder, "observed.yaml"),
      readFileSync(join(root, "policy.yaml"), "utf8").replace(/usageTotalUsd: [\d.]+/, "usageTotalUsd: 5000"),
    );
    const { failed } = await perform({ policy: "observed.yaml", tests: "policy.test.yaml" });
    expect(failed).toBe("Try the policy on its cases");
  });
});
