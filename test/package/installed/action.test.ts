import { readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { action, CONDITIONS, perform as performed } from "../action/performing.ts";
import { freshFolder, OUTSIDE, root } from "./support.ts";

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
const perform = (given: Readonly<Record<string, string>>) =>
  performed({ package: inject("tarball"), ...given }, { cwd: folder, env: OUTSIDE });

describe("the GitHub Action", () => {
  it("runs the package of its own version", () => {
    expect(action.inputs.package?.default).toBe(`apify-run-watchdog@${version}`);
  });

  it("puts no input into a script, where it could be more than a value", () => {
    for (const step of action.runs.steps) {
      expect(step.run).not.toContain("${{");
      expect([undefined, ...Object.keys(CONDITIONS)]).toContain(step.if);
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
