import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { targetText } from "../../../cli/command.ts";
import { readRemembered, rememberedFile } from "../../../cli/target/remembered.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

const STACK = { kind: "stack", name: "Acme", account: "shop" } as const;

/** A user whose settings are in a folder of their own. */
async function user() {
  const env = { XDG_CONFIG_HOME: await tempFolder() };
  const watched = await watch(worldOf(HEALTHY));
  const run = (argv: readonly string[], more: Record<string, string> = {}) =>
    cli(watched, argv, { env: { ...env, ...more }, connection: { target: STACK } });
  return { env, run };
}

describe("watchdog use", () => {
  it("keeps a stack with the account that was found in it, shows it, and takes it back", async () => {
    const { env, run } = await user();
    expect((await run(["use"])).out).toContain("No default target is set.");
    expect((await run(["use", "Acme"])).out).toContain(
      "mean this one from now on: stack Acme, account shop.",
    );
    expect(readRemembered(env)).toEqual({ stack: "Acme", account: "shop" });
    expect((await run(["use"])).out).toBe("Commands that name no target mean stack Acme, account shop.\n");
    expect((await run(["use", "--none"])).code).toBe(0);
    expect(readRemembered(env)).toBeUndefined();
  });

  it("says what stands before it in this shell", async () => {
    const { run } = await user();
    expect((await run(["use"], { WATCHDOG_STACK: "B" })).out).toContain("WATCHDOG_STACK stands before it.");
    const { out } = await run(["use", "--json"], { STATE_TABLE: "s" });
    expect(JSON.parse(out)).toEqual({ default: null, before: ["STATE_TABLE"] });
  });

  it("is refused with a stack and --none at once", async () => {
    const { run } = await user();
    expect((await run(["use", "Acme", "--none"])).code).toBe(2);
  });
});

describe("the default target", () => {
  it("is kept where the user's settings are", () => {
    const rest = "apify-run-watchdog/target.json";
    expect(rememberedFile({ HOME: "/home/ann" }, "linux")).toBe(`/home/ann/.config/${rest}`);
    expect(rememberedFile({ HOME: "/home/ann", XDG_CONFIG_HOME: "/x" }, "darwin")).toBe(`/x/${rest}`);
    expect(rememberedFile({ HOME: "/home/ann", APPDATA: "/roaming" }, "win32")).toBe(`/roaming/${rest}`);
    expect(rememberedFile({}, "linux")).toBeUndefined();
  });

  it("is never passed over for another target where its file can't be read", async () => {
    const env = { XDG_CONFIG_HOME: await tempFolder() };
    const file = rememberedFile(env) ?? "";
    await mkdir(dirname(file));
    for (const text of ["{", "{}", '{"stack":""}']) {
      await writeFile(file, text);
      expect(() => readRemembered(env)).toThrow("Take it back with: watchdog use --none");
    }
  });

  it("is said to be one, in every answer", () => {
    expect(targetText({ ...STACK, from: "use" })).toBe("stack Acme, account shop (from watchdog use)");
    expect(targetText({ ...STACK, apifyUser: "u", from: "WATCHDOG_STACK" })).toBe(
      "stack Acme, account shop, Apify user u (from WATCHDOG_STACK)",
    );
  });
});
