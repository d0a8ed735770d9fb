import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../support/temp-folder.ts";
import { OUTSIDE, run } from "../installed/support.ts";
import { perform } from "./performing.ts";

const TOKEN = "apify_api_a-token-of-nobody";

/** In the place of npx: notes what it is asked for, and answers as `backtest --markdown` does. */
const NPX = `#!/bin/bash
while [ "$1" != -- ]; do shift; done
printf '%s\\n' "$@" >>"$NOTES"
[ "$3" = backtest ] || exit 0
[ -n "$APIFY_TOKEN" ] && echo "### Back-test"
exit "\${FAILS:-0}"
`;

const git = async (cwd: string, ...argv: readonly string[]) => {
  const who = ["-c", "user.name=ann", "-c", "user.email=ann@example.com"];
  const { code, err } = await run("git", [...who, ...argv], { cwd });
  if (code !== 0) throw new Error(err);
};

/** A checkout; with `hasBase` that of a pull request whose base branch has another policy. */
async function checkout({ hasBase = false } = {}) {
  const folder = await tempFolder();
  const [bin, summary, notes, cwd] = ["bin", "summary.md", "notes", "repo"].map((name) => join(folder, name));
  if (!bin || !summary || !notes || !cwd) throw new Error("no folder");
  await mkdir(bin);
  await mkdir(cwd);
  await writeFile(join(bin, "npx"), NPX);
  await chmod(join(bin, "npx"), 0o755);
  if (hasBase) {
    await writeFile(join(cwd, "policy.yaml"), "the base's\n");
    await git(cwd, "init", "--quiet", "--initial-branch=main");
    await git(cwd, "remote", "add", "origin", ".");
    await git(cwd, "add", ".");
    await git(cwd, "commit", "--quiet", "-m", "base");
    await git(cwd, "checkout", "--quiet", "-b", "tighter");
  }
  await writeFile(join(cwd, "policy.yaml"), "the pull request's\n");
  const env = {
    ...OUTSIDE,
    PATH: `${bin}${delimiter}${OUTSIDE.PATH ?? ""}`,
    NOTES: notes,
    GITHUB_STEP_SUMMARY: summary,
    RUNNER_TEMP: folder,
    APIFY_TOKEN: TOKEN,
  };
  const asked = async () => (await readFile(notes, "utf8")).trim().split("\n");
  return { folder, cwd, env, asked, summary: () => readFile(summary, "utf8") };
}

describe("the back-test of the GitHub Action", () => {
  it("runs only where it is asked for", async () => {
    const { cwd, env, asked } = await checkout();
    expect(await perform({}, { cwd, env })).toEqual({ said: "" });
    expect(await asked()).not.toContain("backtest");
  });

  it("compares with the base branch's policy, and writes what it says into the summary, never the token", async () => {
    const { folder, cwd, env, asked, summary } = await checkout({ hasBase: true });
    const given = { backtest: "true", against: "base", since: "30d" };
    const { failed, said } = await perform(given, { cwd, env: { ...env, GITHUB_BASE_REF: "main" } });
    expect(failed).toBeUndefined();
    expect((await asked()).slice(-7)).toEqual([
      "apify-run-watchdog",
      "backtest",
      "policy.yaml",
      "--markdown",
      "--since=30d",
      "--fail-if=wrong > 0",
      `--against=${folder}/policy-of-base.yaml`,
    ]);
    expect(await readFile(join(folder, "policy-of-base.yaml"), "utf8")).toBe("the base's\n");
    expect(await summary()).toBe("### Back-test\n");
    expect(`${said}${await summary()}${await asked()}`).not.toContain(TOKEN);
  });

  it("goes on without a comparison where there is no base, or no policy in it", async () => {
    const { cwd, env, asked } = await checkout({ hasBase: true });
    const given = { backtest: "true", against: "base", "fail-if": "" };
    const pushed = await perform(given, { cwd, env });
    expect(pushed.said).toContain("this is no pull request");
    await writeFile(join(cwd, "new.yaml"), "new\n");
    const fresh = await perform(
      { ...given, policy: "new.yaml" },
      { cwd, env: { ...env, GITHUB_BASE_REF: "main" } },
    );
    expect(fresh.said).toContain("The base branch has no new.yaml to compare with.");
    expect((await asked()).filter((word) => /^--(against|fail-if)/.test(word))).toEqual([]);
  });

  it("fails the job where the back-test does, with its summary", async () => {
    const { cwd, env, summary } = await checkout();
    const { failed } = await perform({ backtest: "true" }, { cwd, env: { ...env, FAILS: "1" } });
    expect(failed).toBe("Back-test the policy");
    expect(await summary()).toBe("### Back-test\n");
  });

  it("takes inputs for values, whatever is in them", async () => {
    const { cwd, env, asked } = await checkout();
    const hostile = { backtest: "true", policy: "-x.yaml", since: '$(touch here) "; exit 7' };
    expect((await perform(hostile, { cwd, env })).failed).toBeUndefined();
    expect(await asked()).toContain(`--since=${hostile.since}`);
    expect(await asked()).toContain("./-x.yaml");
    await expect(readFile(join(cwd, "here"))).rejects.toThrow("ENOENT");
  });
});
