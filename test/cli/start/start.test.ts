import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { isAlive, readSitting } from "../../../cli/target/sitting.ts";
import { createEmulator, runningClock } from "../../../emulator/index.ts";
import { engineMissing } from "../../support/engines/engine.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { program } from "../support.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** `npm start` in an empty folder that has only the policy in it. */
async function start(args: readonly string[], env: Record<string, string> = {}) {
  const cwd = await tempFolder();
  await symlink(join(root, "policy.yaml"), join(cwd, "policy.yaml"));
  const child = spawn(process.execPath, [join(root, "cli/start/start.ts"), ...args], {
    cwd,
    env: { ...env, PATH: process.env.PATH ?? "" },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  const code = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { cwd, child, ended: async () => ({ code: await code, stdout, stderr }), told: () => stdout };
}

const TWO_HOURS = 2 * 3_600_000;

/** A pretend account for `npm start` to take for a real one: two hours after its world began, by the real clock. */
async function account() {
  const clock = runningClock({ startAt: new Date(Date.now() - TWO_HOURS) });
  const emulator = createEmulator({ world: "runaway", clock });
  clock.advance(TWO_HOURS);
  const server = await emulator.listen();
  onTestFinished(() => server.close());
  return { emulator, url: server.url };
}

describe.skipIf(engineMissing)(`npm start${engineMissing ? ` (${engineMissing})` : ""}`, () => {
  it("stops a runaway run, attests it and verifies the chain with --once", async () => {
    const { code, stdout, stderr } = await (await start(["--once"])).ended();
    expect(stderr).toBe("");
    expect(stdout).toMatch(/STOPPING .*acme\/shop-products .*cost \$\d\.\d\d of \$5\.00/);
    expect(stdout).toMatch(/STOPPED .*ABORTED at \$5/);
    expect(stdout).toContain("verified: none changed, removed, reordered or cut off");
    expect(code).toBe(0);
  });

  it("prints the picture that the README begins with", async () => {
    // Run ids and figures hang on the moment; the words and where they stand do not.
    const shape = (line: string): string => line.replace(/\b\w{17}\b/g, "ID").replace(/\d/g, "0");
    const started = await start(["--once"]);
    const { stdout } = await started.ended();
    const [, picture = ""] = /```\n(.*?)```/s.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
    const printed = stdout.split("\n").map(shape);
    expect(picture.trim().split("\n")).toHaveLength(4);
    for (const line of picture.trim().split("\n")) expect(printed).toContain(shape(line));
    const again = await program("cli/start/start.ts", ["--once"], started.cwd).ended();
    expect(again.out).toContain(
      "The day begins again: the tables of the last one, in .watchdog/pretend, were emptied.",
    );
  });

  it("prints the report alone with --json", async () => {
    const { stdout } = await (await start(["--once", "--json"])).ended();
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ account: "default", mode: "enforce", skipped: {} });
    const kinds = report.outcomes.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(["abort.intended", "abort.requested", "abort.confirmed"]);
  });

  it("ends cleanly on Ctrl-C, with a summary", async () => {
    const { child, ended, told } = await start([]);
    await expect.poll(told, { timeout: 60_000 }).toContain("STOPPED");
    child.kill("SIGINT");
    const { code, stdout } = await ended();
    expect(stdout).toContain("runs stopped and confirmed".replace("runs", "run"));
    expect(code).toBe(0);
  });

  it("observes a real account whatever the policy says, and says so", async () => {
    const { emulator, url } = await account();
    const started = await start(["--once"], { APIFY_TOKEN: "a-token", APIFY_API_URL: url });
    await writeFile(join(started.cwd, "unused"), "");
    const { code, stdout } = await started.ended();
    expect(stdout).toContain("read-only: nothing can be stopped from here, whatever the policy says");
    expect(stdout).toContain("an Apify client that can only read");
    expect(stdout).toContain("WOULD STOP");
    expect(stdout).toContain("1 tick, read-only: 1 run would have been stopped.");
    expect(stdout).toMatch(/Enforcing would have saved \$\d+\.\d\d: what that run has cost since\./);
    expect(code).toBe(0);
    const env = { APIFY_TOKEN: "a-token", APIFY_API_URL: url };
    const again = await program("cli/start/start.ts", ["--once"], started.cwd, env).ended();
    expect(again.out).toMatch(
      /It goes on with the tables in \.watchdog\/account, whose last tick was at .* UTC\./,
    );
    expect(again.out).toContain("read-only: 1 run would have been stopped.");
    expect(emulator.truth.calls.filter(({ kind }) => kind === "abort")).toEqual([]);
  });

  it("says which secret to look at when the token is refused", async () => {
    const { url } = await account();
    const { code, stderr } = await (
      await start(["--once"], { APIFY_TOKEN: "bad-token", APIFY_API_URL: url })
    ).ended();
    expect(stderr).toContain("Apify refused the token (401 user-or-token-not-found");
    expect(stderr).toContain("look at APIFY_TOKEN in the environment");
    expect(stderr).not.toContain("    at ");
    expect(code).toBe(1);
  });

  it("says what can't be reached when there is no network", async () => {
    const env = { APIFY_TOKEN: "a-token", APIFY_API_URL: "http://127.0.0.1:1" };
    const { code, stderr } = await (await start(["--once"], env)).ended();
    expect(stderr).toContain("No answer from http://127.0.0.1:1");
    expect(stderr).toContain("Check that APIFY_API_URL is right");
    expect(code).toBe(1);
  });
});

describe.skipIf(engineMissing)(`npm start, cut short${engineMissing ? ` (${engineMissing})` : ""}`, () => {
  it("ends with one line and 1 when the API's URL is none, leaving no engine behind", async () => {
    const env = { APIFY_TOKEN: "a-token", APIFY_API_URL: "notaurl" };
    const { code, stderr } = await (await start(["--once"], env)).ended();
    expect(stderr).toMatch(/^APIFY_API_URL must be an https URL.*got "notaurl".*\n$/);
    expect(code).toBe(1);
  });

  it("refuses to start beside another in the same folder, which goes on unharmed", async () => {
    const first = await start([]);
    await expect.poll(first.told, { timeout: 60_000 }).toMatch(/live +\d+ runs/);
    const second = await program("cli/start/start.ts", ["--once"], first.cwd).ended();
    expect(second.err).toContain(`npm start runs already here, pid ${first.child.pid}`);
    expect(second.code).toBe(1);
    first.child.kill("SIGINT");
    expect((await first.ended()).stdout).toContain("none changed, removed, reordered or cut off");
  });

  it("ends quietly, its tables closed, when the reader of its pipe has seen enough", async () => {
    const { child, cwd, ended, told } = await start([]);
    await expect.poll(told, { timeout: 60_000 }).toContain("No APIFY_TOKEN");
    child.stdout.destroy();
    expect(await ended()).toMatchObject({ code: 0, stderr: "" });
    expect(readSitting(join(cwd, ".watchdog/pretend"))).toMatchObject({ aheadMs: expect.any(Number) });
    expect(existsSync(join(cwd, ".watchdog/pretend/pid"))).toBe(false);
  });
});

describe.skipIf(engineMissing)(`npm start -- --web${engineMissing ? ` (${engineMissing})` : ""}`, () => {
  it("serves the console on its tables until it is ended, to whoever opens the address that it prints", async () => {
    const { child, ended, told } = await start(["--web"]);
    onTestFinished(() => void child.kill("SIGKILL"));
    await expect.poll(told, { timeout: 60_000 }).toContain("?token=");
    const [address = ""] = /http:\S+/.exec(told()) ?? [];
    const { origin } = new URL(address);
    expect((await fetch(origin)).status).toBe(401);
    const opened = await fetch(address, { redirect: "manual" });
    const [cookie = ""] = (opened.headers.get("set-cookie") ?? "").split(";");
    expect(await (await fetch(origin, { headers: { cookie } })).text()).toContain('id="page"');
    const news = await fetch(`${origin}/api/news`, { headers: { cookie } });
    let heard = "";
    for await (const chunk of news.body ?? []) {
      heard += Buffer.from(chunk).toString();
      if (/"name":"status","part":\{"kind":"known"/.test(heard)) break;
    }
    expect(heard).toContain('"guarding"');
    child.kill("SIGINT");
    expect(await ended()).toMatchObject({ code: 0, stderr: "" });
  });
});

describe.skipIf(engineMissing)(`npm start on a terminal${engineMissing ? ` (${engineMissing})` : ""}`, () => {
  it("ends with its tables closed when the terminal is closed", async () => {
    const cwd = await tempFolder();
    const command = `exec '${process.execPath}' '${join(root, "cli/start/start.ts")}'`;
    const terminal = spawn("script", ["-qfec", command, "/dev/null"], {
      cwd,
      stdio: ["pipe", "pipe", "inherit"],
    });
    let shown = "";
    terminal.stdout.on("data", (chunk: Buffer) => {
      shown += chunk;
    });
    await expect.poll(() => shown, { timeout: 60_000 }).toContain("NEAREST LIMIT");
    const pid = readSitting(join(cwd, ".watchdog/pretend"))?.running?.pid ?? 0;
    expect(isAlive(pid)).toBe(true);
    terminal.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false);
    expect(existsSync(join(cwd, ".watchdog/pretend/pid"))).toBe(false);
  });
});

describe("npm start, misused", () => {
  it.each([
    {
      args: ["--onec"],
      says: "There is no option --onec. Did you mean --once?\nMore: npm start -- --help\n",
    },
    { args: ["--policy", ""], says: "--policy was given without a value." },
    { args: ["--max-usd-per-run", ""], says: "--max-usd-per-run was given without a value." },
    { args: ["--max-run-time"], says: "--max-run-time was given without a value." },
    { args: ["--json"], says: "--json prints one report: add --once" },
    { args: ["--act"], says: "--act is of the console: add --web" },
    { args: ["--web", "--once"], says: "--web goes on until Ctrl-C, and --once does not" },
    { args: ["--policy", "no-such.yaml"], says: "no-such.yaml can't be read" },
    { args: ["--policy", "policy.yaml", "--max-run-time", "6h"], says: "two ways to say the same" },
    {
      args: ["--max-usd-per-run", "lots"],
      says: '--max-usd-per-run: got "lots", wanted an amount in USD above 0',
    },
    { args: ["--policy", "policy.yaml", "--max-usd-per-day", "5"], says: "two ways to say the same" },
    { args: ["--max-usd-per-month="], says: "--max-usd-per-month was given without a value." },
    {
      args: ["--max-usd-per-day", "0", "--max-run-time", "6h"],
      says: '--max-usd-per-day: got "0", wanted an amount in USD above 0',
    },
    { args: ["--max-run-time", "6"], says: '--max-run-time: got "6", wanted a duration above 0' },
  ])("answers $args with what is wrong, and exit code 2", async ({ args, says }) => {
    const { code, stderr } = await (await start(args)).ended();
    expect(stderr).toContain(says);
    expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(3);
    expect(code).toBe(2);
  });

  it("lets no console act on an account of one's own, which it only observes", async () => {
    const { code, stderr } = await (await start(["--web", "--act"], { APIFY_TOKEN: "a-token" })).ended();
    expect(stderr).toContain("--act: with APIFY_TOKEN your account is only observed");
    expect(code).toBe(2);
  });

  it("explains itself with --help", async () => {
    const { code, stdout } = await (await start(["--help"])).ended();
    expect(stdout).toContain("--once");
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(code).toBe(0);
  });
});
