import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseTarget } from "../../../cli/target/choose.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { program } from "../support.ts";

const NONE = { local: false };
const TABLES = { STATE_TABLE: "s", AUDIT_TABLE: "a" };
const kept = () => ({ stack: "Kept", account: "acme" });
const never = (): never => {
  throw new Error("asked for a default where none is needed");
};

describe("the target of a command line", () => {
  it("is what it names, then the environment's stack, its tables, the default, this folder", () => {
    expect(chooseTarget({ ...NONE, stack: "A" }, {}, never)).toEqual({ kind: "stack", stack: "A" });
    expect(chooseTarget({ local: true }, {}, never)).toEqual({ kind: "folder" });
    const fromEnv = chooseTarget(NONE, { WATCHDOG_STACK: "B" }, never);
    expect(fromEnv).toEqual({ kind: "stack", stack: "B", from: "WATCHDOG_STACK" });
    expect(chooseTarget(NONE, TABLES, never)).toEqual({ kind: "environment" });
    const byUse = chooseTarget(NONE, {}, kept);
    expect(byUse).toEqual({ kind: "stack", stack: "Kept", account: "acme", from: "use" });
    expect(chooseTarget({ ...NONE, account: "shop" }, {}, kept)).toMatchObject({ account: "shop" });
    expect(chooseTarget(NONE, {}, () => undefined)).toEqual({ kind: "folder", from: "this folder" });
  });

  it.each([
    [{ stack: "A", local: true }, {}, "--stack A; --local"],
    [{ stack: "A", local: false }, { WATCHDOG_STACK: "B" }, "--stack A; WATCHDOG_STACK=B"],
    [{ local: true }, { WATCHDOG_STACK: "B" }, "--local; WATCHDOG_STACK=B"],
    [{ stack: "A", local: false }, TABLES, "--stack A; STATE_TABLE and AUDIT_TABLE"],
    [{ local: true }, TABLES, "--local; STATE_TABLE and AUDIT_TABLE"],
    [NONE, { WATCHDOG_STACK: "B", STATE_TABLE: "s" }, "WATCHDOG_STACK=B; STATE_TABLE and AUDIT_TABLE"],
  ])("is refused where two are named: %j %j", (written, env, says) => {
    expect(() => chooseTarget(written, env, never)).toThrow(`More than one target is named: ${says}. `);
  });

  it("may be named twice, as a command that was copied from an answer does", () => {
    const twice = chooseTarget({ ...NONE, stack: "A" }, { WATCHDOG_STACK: "A" }, never);
    expect(twice).toEqual({ kind: "stack", stack: "A" });
  });
});

const run = (cwd: string, argv: readonly string[], env: Record<string, string> = {}) =>
  program("cli/main.ts", argv, cwd, env).ended();

/** A folder as `npm start` leaves it. */
async function left(cwd: string, folder: string, usedAt: number): Promise<void> {
  const path = join(cwd, ".watchdog", folder);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "tables.json"), "{}");
  const sitting = join(path, "sitting.json");
  await writeFile(sitting, JSON.stringify({ apifyApiUrl: "http://127.0.0.1:9", aheadMs: 0 }));
  await utimes(sitting, usedAt, usedAt);
}

describe("a command line without a target", () => {
  it("is refused with 2, and names --stack", async () => {
    const { code, out, err } = await run(await tempFolder(), ["status"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("--stack NAME");
  });

  it("means the account that npm start watched last here, a real one without its token, too", async () => {
    const cwd = await tempFolder();
    await left(cwd, "pretend", 1_000);
    await left(cwd, "account", 2_000);
    expect((await run(cwd, ["status"])).err).toMatch(
      /^Target: folder \.watchdog\/account, .*\(found in this folder\)/,
    );
    await left(cwd, "pretend", 3_000);
    expect((await run(cwd, ["status", "--local"])).err).toMatch(
      /^Target: folder \.watchdog\/pretend, account default$/m,
    );
  });
});
