import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { acknowledge } from "../../../src/watchdog/policies/acknowledge.ts";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { HEALTHY, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";
import { cli, type RunOptions, widthOf } from "../support.ts";

const guarded = async (): Promise<Watched> => {
  const watched = await watch(worldOf(HEALTHY, HEALTHY), { policy: fiveUsd() });
  await watched.ticks(2);
  return watched;
};

const json = async (watched: Watched, options?: RunOptions) => {
  const { code, out } = await cli(watched, ["status", "--json"], options);
  return { code, ...JSON.parse(out) };
};
const later = ({ ports }: Watched): Date => new Date(ports.clock.now().getTime() + 60 * MINUTE);

describe("watchdog status", () => {
  it("says that it guards, since when, by which policy, and what is nearest to a limit", async () => {
    const watched = await guarded();
    const { code, out } = await cli(watched, ["status"], { columns: 80 });
    const lines = stripVTControlCharacters(out).split("\n");
    expect(lines[0]).toBe("GUARDING: runs that breach the policy are stopped");
    expect(out).toMatch(/last tick.*complete .* ago/);
    expect(out).toMatch(/version 1, mode enforce: 1 rule stops runs/);
    expect(out).toMatch(/2 live runs; nearest to a limit:/);
    expect(out).toMatch(new RegExp(`${watched.runIds()[0]} acme/shop: \\d+% of \\$5\\.00`));
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
    expect(code).toBe(0);
  });

  it("does not say that it guards where npm start has ended, however recent its last tick is", async () => {
    const watched = await guarded();
    const connection = { isWatched: false };
    expect(await json(watched, { connection })).toMatchObject({ code: 1, alive: false });
    const { out } = await cli(watched, ["status"], { connection });
    expect(out).toContain("NOT GUARDING: nothing is stopped: npm start is not running here");
    expect(await json(watched, { connection: { isWatched: true } })).toMatchObject({ code: 0, alive: true });
  });

  it("does not say that there are no live runs where no tick has seen them all", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const { out } = await cli(watched, ["status"]);
    expect(out).toContain("not known: no tick was complete so far");
    expect(out).not.toContain("0 live runs");
  });

  it("ends with 1 once no tick was complete for three minutes, or as long as --within says", async () => {
    const watched = await guarded();
    watched.advance(4 * MINUTE);
    expect(await json(watched)).toMatchObject({ code: 1, alive: false, guarding: "not guarding" });
    const { code, out } = await cli(watched, ["status", "--within", "10m"]);
    expect(out).toContain("GUARDING");
    expect(code).toBe(0);
  });

  it("ends with 1 where no tick ever looked, and where there is no policy", async () => {
    const none = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    expect(await json(none)).toMatchObject({ code: 1, lastCompleteAt: null, blockedStops: null });
    const watched = await watch(worldOf(HEALTHY));
    await watched.ticks(2);
    expect(await json(watched)).toMatchObject({ code: 1, guarding: "not guarding", policyVersion: null });
  });

  it("tells an attention of the last tick until somebody acknowledged it", async () => {
    const watched = await guarded();
    await pause(watched.ports, { by: "ann", reason: "migration" });
    await watched.tick();
    const told = await json(watched);
    expect(told.attention).toEqual([expect.stringMatching(/^weaker:pause nothing is stopped/)]);
    expect(told).toMatchObject({ code: 1, guarding: "paused", paused: { by: "ann" } });
    await acknowledge(watched.ports, { id: "weaker:pause", by: "ann", reason: "x", until: later(watched) });
    expect(await json(watched)).toMatchObject({ code: 0, guarding: "paused", attention: [] });
  });

  it("says where no tick reported the attention that is quieted, and what was probably meant", async () => {
    const watched = await guarded();
    await pause(watched.ports, { by: "ann", reason: "migration" });
    await watched.tick();
    const quiet = async (id: string) =>
      cli(watched, ["acknowledge", id, "--reason", "x", "--for", "1d", "--yes"]);
    expect(await quiet("weaker:puase")).toMatchObject({
      code: 0,
      err: expect.stringContaining("The last tick reported no weaker:puase. Did you mean weaker:pause?"),
    });
    expect((await quiet("weaker:pause")).err).not.toContain("reported no");
  });

  it("says what is paused, exempt, observed, held and being stopped", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: fiveUsd() });
    const [over = "", exempt = ""] = watched.runIds();
    await pause(watched.ports, { by: "ann", reason: "an incident", until: later(watched) });
    const subject = { kind: "run" as const, id: exempt };
    await grantExemption(
      watched.ports,
      { subject, until: later(watched), owner: "bo", reason: "crawl" },
      "bo",
    );
    await watched.ticks(2);
    const { out } = await cli(watched, ["status"]);
    expect(out).toMatch(/PAUSED: nothing is stopped until the pause ends/);
    expect(out).toMatch(/paused +by ann, until .*: an incident/);
    expect(out).toMatch(new RegExp(`exempt +run ${exempt} until .*: crawl \\(bo\\)`));
    expect(out).toMatch(/held +1 run over a limit not stopped, burning \$[\d.]+ an hour/);
    expect(await json(watched)).toMatchObject({ blockedStops: { runs: 1 }, nearest: [{ runId: over }, {}] });
    await watched.push(fiveUsd({ mode: "observe" }));
    watched.advance(60 * MINUTE);
    await watched.ticks(2);
    expect(await json(watched)).toMatchObject({ guarding: "observing", mode: "observe", paused: null });
  });

  it("does not need Apify", async () => {
    const watched = await guarded();
    expect(await json(watched, { connection: { hasApify: false } })).toMatchObject({ code: 0 });
  });

  it("has a line where a stack notifies no one", async () => {
    const watched = await guarded();
    const places = { region: "eu-west-1", stateTable: "s", auditTable: "a", functionName: "f" };
    const tables = { stateTable: "s", auditTable: "a" };
    const pointer = { account: watched.ports.account, ...places };
    const { code, out } = await cli(watched, ["status"], { connection: { pointer, tables } });
    expect(out).toContain("NO ONE: no recipient is deployed");
    expect(code).toBe(0);
    expect(await json(watched, { connection: { pointer, tables } })).toMatchObject({ recipients: 0 });
    expect(await json(watched)).toMatchObject({ recipients: null });
  });
});
