import { describe, expect, it } from "vitest";
import { instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HOUR, OVER_5_USD, worldOf } from "../../support/world.ts";
import { afterStops, cli } from "../support.ts";

describe("watchdog audit", () => {
  it("lists what was done, filtered by kind, run, rule and number", async () => {
    const watched = await afterStops();
    const [first = ""] = watched.runIds();
    const list = async (...options: string[]) =>
      JSON.parse((await cli(watched, ["audit", "list", "--json", ...options])).out);
    expect(await list()).toHaveLength(7);
    expect(await list("--kind", "abort.confirmed")).toHaveLength(2);
    expect(await list("--run", first)).toHaveLength(3);
    expect(await list("--rule", "no-run-over-5-usd", "--limit", "2")).toHaveLength(2);
    const { out, err } = await cli(watched, ["audit", "list", "--limit", "1"]);
    expect(out).toContain("STOPPED");
    expect(err).toContain("There are older ones: --limit 0 shows all.");
  });

  it("shows what is dated ahead of this machine's clock, which may be slow", async () => {
    const watched = await afterStops();
    const { ports } = watched;
    const slow = { ...ports.clock, now: () => new Date(watched.emulator.clock.now() - 6 * HOUR) };
    const connection = { ports: { ...ports, clock: slow } };
    const { out } = await cli(watched, ["audit", "list", "--json"], { connection });
    expect(JSON.parse(out)).toHaveLength(7);
    const [entry] = await watched.entries(watched.runIds()[0] ?? "");
    const id = entry?.entryId.slice(0, 8) ?? "";
    expect((await cli(watched, ["audit", "show", id], { connection })).out).toContain("STOPPING");
  });

  it("guesses the kind that was meant", async () => {
    const { code, err } = await cli(await watch(worldOf()), ["audit", "list", "--kind", "abort.confirmd"]);
    expect(err).toContain('--kind: got "abort.confirmd". Did you mean abort.confirmed?');
    expect(code).toBe(2);
  });

  it("shows one entry by the beginning of its id, with rule, evidence and figures", async () => {
    const watched = await afterStops();
    const [entry] = await watched.entries(watched.runIds()[0] ?? "");
    const { out } = await cli(watched, ["audit", "show", entry?.entryId.slice(0, 8) ?? ""]);
    expect(out).toContain("rule      no-run-over-5-usd, abort at 100%, enforce, policy version 1 (sha256 ");
    expect(out).toContain("usageTotalUsd $7.00 of $5.00, read ");
    expect(out.match(/STOPPING/g)).toHaveLength(1);
  });

  it("finds nothing of an unknown id, and ends with 1", async () => {
    const { code, err } = await cli(await afterStops(), ["audit", "show", "nosuchrun00000000"]);
    expect(err).toContain("Nothing is written of nosuchrun00000000");
    expect(code).toBe(1);
  });

  it("verifies, and ends with 1 when an entry was changed", async () => {
    const watched = await afterStops();
    expect(await cli(watched, ["audit", "verify"])).toMatchObject({
      code: 0,
      out: "verified  7 entries in 3 chains: none changed, removed, reordered or cut off.\n",
    });
    const { ports } = watched;
    const audit = instead(ports.audit, {
      readChain: async (chain) =>
        (await ports.audit.readChain(chain)).map((each) => ({ ...each, text: each.text.replace("5", "6") })),
    });
    const forged = await cli(watched, ["audit", "verify"], { connection: { ports: { ...ports, audit } } });
    expect(forged.code).toBe(1);
    expect(forged.out).toContain("NOT verified");
    expect(forged.out).toContain("its text was changed: the hash does not fit");
  });

  it("verifies and says which stops are open, and which policies no entry binds", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await watched.ticks(1);
    const [runId = ""] = watched.runIds();
    const { code, out } = await cli(watched, ["audit", "verify"]);
    expect(out).toMatch(new RegExp(`Still open: the stop of run ${runId} since .* UTC \\(\\w{8}\\)\\.`));
    expect(code).toBe(0);
  });

  it("verifies not where the control state was edited, and says how", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const { state } = watched.ports;
    const { version, exemptions: _none, ...control } = await state.readControl();
    await state.writeControl({ ...control, policyVersion: 4 }, version);
    const { code, out } = await cli(watched, ["audit", "verify"]);
    expect(out).toContain("control: it points to policy version 4, but the last one pushed is 1");
    expect(code).toBe(1);
    expect(JSON.parse((await cli(watched, ["audit", "verify", "--json"])).out)).toMatchObject({
      verified: false,
      findings: [{ chain: "control" }],
    });
  });

  it("says which run was probably meant", async () => {
    const watched = await afterStops();
    const [runId = ""] = watched.runIds();
    const slip = `${runId.slice(0, -1)}_`;
    expect((await cli(watched, ["audit", "show", slip])).err).toContain(`Did you mean ${runId}?`);
    expect((await cli(watched, ["audit", "list", "--run", slip])).out).toContain(
      `Did you mean --run ${runId}?`,
    );
  });
});
