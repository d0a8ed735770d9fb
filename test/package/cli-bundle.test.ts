import { execFile } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Metafile } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { buildCli } from "../../build/cli.ts";
import { buildFunctions } from "../../functions/build.ts";
import { emptyFolder, root } from "../cli/support.ts";

const run = promisify(execFile);
const folder = join(root, "dist/cli");
const bin = join(folder, "bin.js");

let outputs: Metafile["outputs"];

beforeAll(async () => {
  [{ outputs }] = await Promise.all([buildCli(), buildFunctions()]);
});

/** The packages in all that is loaded with a part, before any of it asks for more. */
function packagesWith(part: string, seen = new Set<string>()): ReadonlySet<string> {
  const found = new Set<string>();
  if (seen.has(part)) return found;
  seen.add(part);
  const { inputs = {}, imports = [] } = outputs[part] ?? {};
  for (const input of Object.keys(inputs)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
    if (name) found.add(name);
  }
  for (const { path, kind } of imports) {
    if (kind === "import-statement") for (const name of packagesWith(path, seen)) found.add(name);
  }
  return found;
}

const partOf = (source: string): string => {
  const part = Object.keys(outputs).find((each) => outputs[each]?.entryPoint === source);
  if (part === undefined) throw new Error(`no part begins with ${source}`);
  return part;
};

const ofAws = (packages: ReadonlySet<string>): readonly string[] =>
  [...packages].filter((name) => /^@(aws|smithy)/.test(name));

describe("the command line's bundle", () => {
  it("begins with a file that is compiled in no time, and is small in all", () => {
    const sizes = readdirSync(folder)
      .filter((name) => name.endsWith(".js"))
      .map((name) => statSync(join(folder, name)).size);
    expect(statSync(bin).size).toBeLessThan(1_500);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(1_750_000);
  });

  it("loads neither AWS nor YAML nor the emulator before a command asks for it", () => {
    expect([...packagesWith(partOf("cli/main.ts"))]).not.toContain("yaml");
    expect(ofAws(packagesWith(partOf("cli/main.ts")))).toEqual([]);
  });

  it("loads AWS with no command, but when its tables are opened", () => {
    const commands = Object.values(outputs).flatMap(({ entryPoint = "" }) =>
      /^cli\/commands\/(?!index)/.test(entryPoint) ? entryPoint : [],
    );
    expect(commands.length).toBeGreaterThan(25);
    for (const command of commands) expect(ofAws(packagesWith(partOf(command))), command).toEqual([]);
    expect(ofAws(packagesWith(partOf("functions/runtime.ts")))).toContain("@aws-sdk/client-dynamodb");
  });

  it("has no esbuild in it", () => {
    const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
    expect(inputs.filter((input) => /esbuild/.test(input))).toEqual([]);
  });

  it("watches a pretend account from an empty folder, by the policy that comes along", async () => {
    const cwd = await emptyFolder({ policy: false });
    const { stdout, stderr } = await run(process.execPath, [bin, "start", "--once"], { cwd, env: {} });
    expect(stderr).toBe("");
    expect(stdout).toContain("Policy: the example, as there is no policy.yaml here; enforce mode; 3 rules: ");
    expect(stdout).toMatch(/STOPPED .*ABORTED at \$5/);
    expect(stdout).toContain("npx apify-run-watchdog audit list");
    const list = await run(process.execPath, [bin, "audit", "list"], { cwd, env: {} });
    expect(list.stdout).toMatch(/STOPPED .*acme\/shop-products/);
  });
});
