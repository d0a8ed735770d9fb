import { describe, expect, it } from "vitest";
import { MemoryDatabase } from "../../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";
import { cli, policyFile } from "../support.ts";

const PAUSE = ["pause", "--reason", "trying", "--yes"];
const NOTE = "No tick has looked at this account yet: shop.\n";

/** Tables that hold what `accounts` left in them, and a command line that calls its account `shop`. */
async function tablesWith(accounts: readonly string[]) {
  const database = new MemoryDatabase();
  const watched = await watch(worldOf(HEALTHY));
  for (const account of accounts) {
    const ports = { ...watched.ports, account, ...createMemoryStores({ account, database }) };
    await pause(ports, { by: "ann", reason: "theirs" });
  }
  const ports = { ...watched.ports, account: "shop", ...createMemoryStores({ account: "shop", database }) };
  const target = { kind: "environment" as const, name: "state", account: "shop" };
  return { ports, run: (argv: readonly string[]) => cli(watched, argv, { connection: { ports, target } }) };
}

describe("a write", () => {
  it("is refused where the tables know other accounts and not this one", async () => {
    const { run, ports } = await tablesWith(["acme", "beta"]);
    const refused = await run(PAUSE);
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain("These tables know account acme, account beta, and not account shop");
    expect((await ports.state.readControl()).version).toBe(0);
    expect(await run([...PAUSE, "--force"])).toMatchObject({ code: 0, err: NOTE });
    expect((await ports.state.readControl()).pause?.reason).toBe("trying");
  });

  it("is refused in tables that npm start left here, unless they are asked for", async () => {
    const watched = await watch(worldOf(HEALTHY));
    const connection = { isWatched: false };
    const refused = await cli(watched, PAUSE, { connection });
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain(
      "For a deployed watchdog add --stack NAME; for these tables all the same, --local.",
    );
    expect((await watched.ports.state.readControl()).pause).toBeUndefined();
    expect((await cli(watched, ["exempt", "list"], { connection })).code).toBe(0);
    expect((await cli(watched, [...PAUSE, "--local"], { connection })).code).toBe(0);
    expect((await cli(watched, PAUSE, { connection: { isWatched: true } })).code).toBe(0);
  });

  it("is refused of every command that writes, and of none that reads or tries", async () => {
    const { run } = await tablesWith(["acme"]);
    const file = await policyFile(fiveUsd());
    for (const argv of [
      ["resume", "--reason", "x"],
      ["abort", "r".repeat(17), "--reason", "x"],
      ["undo", "e".repeat(20), "--reason", "x", "--until", "1h"],
      ["exempt", "add", "--run", "r".repeat(17), "--until", "1h", "--reason", "x"],
      ["exempt", "end", "--run", "r".repeat(17), "--reason", "x"],
      ["policy", "push", file],
      ["policy", "rollback", "--reason", "x"],
      ["backfill", "--since", "1d"],
      ["tick"],
    ]) {
      expect((await run(argv)).err, argv.join(" ")).toContain("and not account shop");
    }
    for (const argv of [
      ["runs"],
      ["audit", "list"],
      ["policy", "push", file, "--dry-run"],
      ["scan"],
      ["scan", "--max-usd-per-run", "5"],
    ]) {
      expect((await run(argv)).err, argv.join(" ")).not.toContain("not account shop");
    }
  });

  it("is done in tables that nobody has used, and where this account is known", async () => {
    const { run } = await tablesWith([]);
    expect(await run(PAUSE)).toMatchObject({ code: 0, err: NOTE });
    const { run: runBeside } = await tablesWith(["acme", "shop"]);
    expect(await runBeside(PAUSE)).toMatchObject({ code: 0, err: NOTE });
  });

  it("says nothing more once a tick has looked", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    await watched.ticks(1);
    expect(await cli(watched, PAUSE)).toMatchObject({ code: 0, err: "" });
  });
});
