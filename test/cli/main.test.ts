import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createEmulator, runningClock } from "../../emulator/index.ts";
import { engineMissing } from "../support/engines/engine.ts";
import { actingIn } from "../support/hostile.ts";
import { emptyFolder, program, root } from "./support.ts";

const ESCAPE = "\u001b";
const watchdog = (cwd: string, argv: readonly string[], env: Record<string, string> = {}) =>
  program("cli/main.ts", argv, cwd, env).ended();

/** Of the tables that `npm start` left. */
const TOLD_TARGET = /^Target: folder \S+, account default(, Apify user \S+)?( \(found in this folder\))?\n$/;
const TARGET = expect.stringMatching(TOLD_TARGET);

const TWO_HOURS = 2 * 3_600_000;

/** Two hours after its world began, by the real clock. */
async function apify() {
  const emulator = createEmulator({
    world: "runaway",
    clock: runningClock({ startAt: new Date(Date.now() - TWO_HOURS) }),
  });
  const server = await emulator.listen();
  onTestFinished(() => server.close());
  emulator.clock.advance(TWO_HOURS);
  return { emulator, env: { APIFY_TOKEN: "a-token", APIFY_API_URL: server.url } };
}

describe("watchdog as a process of its own", () => {
  it("refuses what would act, and shows it harmless", async () => {
    const { code, out, err } = await watchdog(await emptyFolder(), [
      "pause",
      "--reason",
      "<<\u001b[2J>>",
      "--yes",
    ]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain('--reason: got "<<\\u001b[2J>>" with U+001B at character 3');
    expect(actingIn(err)).toEqual([]);
  });
});

describe.skipIf(engineMissing)(
  `watchdog after npm start${engineMissing ? ` (${engineMissing})` : ""}`,
  () => {
    it("looks further on the tables that npm start left, with no options at all", async () => {
      const cwd = await emptyFolder();
      const started = await program("cli/start/start.ts", ["--once"], cwd).ended();
      expect(started.out).toContain("npm run watchdog -- audit list --local");
      const list = await watchdog(cwd, ["audit", "list"]);
      expect(list.out).toMatch(/STOPPED +\w{17} +\w{8} +acme\/shop-products +ABORTED at \$5\./);
      expect(list.out).not.toContain(ESCAPE);
      expect(list).toMatchObject({ code: 0, err: TARGET });
      expect((await watchdog(cwd, ["runs"])).out).toMatch(/live runs, as seen/);
      expect((await watchdog(cwd, ["audit", "verify", "--local"])).out).toContain("verified");
      const scan = await watchdog(cwd, ["scan"]);
      expect(scan.err).toContain("The pretend Apify account lives only while npm start runs");
      expect(scan.code).toBe(1);
    });

    it("ends cleanly on a terminal's Ctrl-C, which reaches every process of the group", async () => {
      const start = program("cli/start/start.ts", [], await emptyFolder(), {}, { detached: true });
      await expect.poll(start.told, { timeout: 20_000 }).toContain("STOPPED");
      process.kill(-(start.child.pid ?? 0), "SIGINT");
      expect(await start.ended()).toMatchObject({ code: 0, err: "" });
      expect(start.told()).toContain("none changed, removed, reordered or cut off");
    });

    it("stops a run by hand while npm start runs in another terminal", async () => {
      const cwd = await emptyFolder();
      const start = program("cli/start/start.ts", [], cwd);
      await expect.poll(start.told, { timeout: 20_000 }).toContain("STOPPED");
      const { runs } = JSON.parse((await watchdog(cwd, ["runs", "--json"])).out);
      // Standby runs never end by themselves, so it is there whenever we come.
      const { runId } = runs.find(({ origin }: { origin: string }) => origin === "STANDBY");
      const { out, err, code } = await watchdog(cwd, ["abort", runId, "--reason", "trying it", "--yes"]);
      expect(err).toMatch(TOLD_TARGET);
      expect(out).toMatch(/STOPPING +ordered by \S+@\S+: trying it\nASKED/);
      expect(code).toBe(0);
      start.child.kill("SIGINT");
      expect((await start.ended()).out).toContain("none changed, removed, reordered or cut off");
      expect((await watchdog(cwd, ["audit", "show", runId])).out).toContain("reason  trying it");
    });
  },
);

describe("watchdog, as a process", () => {
  it("reads a policy, and cases, from standard input where a file is called -", async () => {
    const cwd = await emptyFolder();
    const from = async (file: string, ...argv: string[]) =>
      spawnSync(process.execPath, [join(root, "cli/main.ts"), ...argv], {
        cwd,
        input: await readFile(join(root, file)),
        encoding: "utf8",
      });
    expect(await from("policy.yaml", "policy", "validate", "-")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^valid {2}-, observe mode/),
    });
    const cases = await from("policy.test.yaml", "policy", "test", "-", "--policy", "policy.yaml");
    expect(cases).toMatchObject({ status: 0, stdout: expect.stringContaining(" passed, 0 failed.") });
    expect(await from("policy.test.yaml", "policy", "validate", "-")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("standard input can't be used as a policy"),
    });
  });

  it("tries thresholds with nothing but a token, and stops nothing", async () => {
    const { emulator, env } = await apify();
    const argv = ["scan", "--max-usd-per-run", "5", "--json"];
    const { code, out, err } = await watchdog(await emptyFolder(), argv, env);
    expect(err).toBe("");
    expect(JSON.parse(out)).toMatchObject({ mode: "observe", decisions: [{ guard: "observe" }] });
    expect(code).toBe(1);
    expect(emulator.truth.calls.filter(({ kind }) => kind === "abort")).toEqual([]);
  });

  it("says which secret to look at when the token is refused", async () => {
    const { env } = await apify();
    const argv = ["scan", "--max-usd-per-run", "5"];
    const { code, err } = await watchdog(await emptyFolder(), argv, { ...env, APIFY_TOKEN: "bad-token" });
    expect(err).toContain("Apify refused the token (401");
    expect(err).not.toContain("    at ");
    expect(code).toBe(1);
  });

  it("says which tables there could be when there are none", async () => {
    const { code, err } = await watchdog(await emptyFolder(), ["runs"]);
    expect(err).toMatch(/Which tables\?.*--stack NAME.*--local.*STATE_TABLE/s);
    expect(code).toBe(2);
  });

  it("says that the tables of npm start hold one account, when another is asked for", async () => {
    const cwd = await emptyFolder();
    await mkdir(join(cwd, ".watchdog/pretend"), { recursive: true });
    await writeFile(join(cwd, ".watchdog/pretend/tables.json"), "{}");
    for (const more of [[], ["--local"]]) {
      const { code, err } = await watchdog(cwd, ["runs", "--account", "other", ...more]);
      expect(err).toContain("--account other: the tables of npm start hold one account, default.");
      expect(code).toBe(2);
    }
  });

  it("says which variable is missing beside the one that is there", async () => {
    const { code, err } = await watchdog(await emptyFolder(), ["runs"], { STATE_TABLE: "t" });
    expect(err).toContain("AUDIT_TABLE is missing");
    expect(code).toBe(1);
  });

  it("answers an invalid policy with each mistake's place, and 1", async () => {
    const cwd = await emptyFolder();
    await writeFile(join(cwd, "typo.yaml"), "version: 1\nmode: enforced\nrules:\n  - id: a\n    limt: {}\n");
    const { code, err, out } = await watchdog(cwd, ["policy", "validate", "typo.yaml"]);
    expect(err).toContain('typo.yaml:2:7  mode: got "enforced", wanted one of observe, enforce');
    expect(err).toContain('wanted "limit"');
    expect({ code, out }).toEqual({ code: 1, out: "" });
    const json = JSON.parse((await watchdog(cwd, ["policy", "validate", "typo.yaml", "--json"])).out);
    expect(json).toMatchObject({ valid: false, problems: [{ line: 2, column: 7 }, {}, {}, {}] });
  });

  it("ends the emulator cleanly on Ctrl-C", async () => {
    const { child, told, ended } = program("cli/main.ts", ["emulator", "--port", "0"], await emptyFolder());
    await expect.poll(told, { timeout: 10_000 }).toContain("APIFY_API_URL=");
    child.kill("SIGINT");
    expect(await ended()).toMatchObject({ code: 130, err: "" });
  });

  it("ends quietly when the reader of its pipe has seen enough", async () => {
    const { child, ended } = program("cli/main.ts", ["--help"], await emptyFolder());
    child.stdout.destroy();
    expect((await ended()).err).toBe("");
  });

  it("tells its version, and prints a completion script", async () => {
    const cwd = await emptyFolder();
    expect((await watchdog(cwd, ["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await watchdog(cwd, ["completion"])).out).toContain("complete -o bashdefault");
  });
});
