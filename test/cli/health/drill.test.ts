import { describe, expect, it } from "vitest";
import type { Connection } from "../../../cli/command.ts";
import { askForDrill } from "../../../src/watchdog/health/drill.ts";
import type { Entry } from "../../../src/watchdog/model/entry.ts";
import { noticeOf } from "../../../src/watchdog/notify/notice-of.ts";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { HEALTHY, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";
import { cli, whileTicking } from "../support.ts";

const guarded = async (policy: unknown = fiveUsd()): Promise<Watched> => {
  const watched = await watch(worldOf(HEALTHY), { policy });
  await watched.tick();
  return watched;
};

async function drilled(watched: Watched, connection: Partial<Connection> = { ports: whileTicking(watched) }) {
  const { code, out } = await cli(watched, ["drill", "--json"], { connection });
  return { code, ...JSON.parse(out) };
}

const control = async (watched: Watched): Promise<readonly Entry[]> =>
  (await watched.ports.audit.readChain("control")).map(({ text }) => JSON.parse(text));

describe("watchdog drill", () => {
  it("proves by the next tick that a stop would be decided and written down, and stops nothing", async () => {
    const watched = await guarded();
    const told = await drilled(watched);
    expect(told).toMatchObject({
      code: 0,
      passed: true,
      links: [
        { id: "tick", ok: true },
        { id: "apify", ok: true, says: expect.stringContaining("listed 1 live runs") },
        {
          id: "decision",
          ok: true,
          says: expect.stringMatching(/\$55\.00 of \$5\.00 would have been stopped$/),
        },
        { id: "audit", ok: true },
      ],
    });
    const [begun, ended] = (await control(watched)).slice(-2);
    expect(begun).toMatchObject({
      kind: "drill.begun",
      by: "watchdog",
      ruleId: "no-run-over-5-usd",
      policyVersion: 1,
      mode: "enforce",
      change: { drillId: told.drillId, requestedBy: "ann@laptop", action: "abort" },
    });
    expect(ended).toMatchObject({
      kind: "drill.ended",
      by: "ann@laptop",
      change: { passed: true, failed: [] },
    });
    expect(watched.aborts()).toEqual([]);
    const { drill, recentIntents, openIntents } = await watched.ports.state.readControl();
    expect({ drill, recentIntents, openIntents }).toEqual({ recentIntents: [], openIntents: [] });
    expect((await cli(watched, ["audit", "verify"])).code).toBe(0);
    expect((await cli(watched, ["audit", "list"])).out).toMatch(
      /DRILL .* a made-up run, .* would have been stopped/,
    );
  });

  it("is answered once, and takes no place in a cap", async () => {
    const caps = { maxAborts: { perTick: 1, perHour: 1, percentOfLive: 100 } };
    const watched = await watch(worldOf(OVER_5_USD), { policy: { ...fiveUsd(), guards: caps } });
    await drilled(watched);
    await watched.ticks(2);
    expect(watched.aborts()).toHaveLength(1);
    expect((await control(watched)).filter(({ kind }) => kind === "drill.begun")).toHaveLength(1);
  });

  it("is answered once where nobody waits for it any more, and not at all after its time", async () => {
    const watched = await guarded();
    const begun = async () => (await control(watched)).filter(({ kind }) => kind === "drill.begun").length;
    const in5m = (): Date => new Date(watched.ports.clock.now().getTime() + 5 * MINUTE);
    await askForDrill(watched.ports, "ann", in5m());
    await watched.ticks(3);
    expect(await begun()).toBe(1);
    await askForDrill(watched.ports, "ann", in5m());
    expect(await askForDrill(watched.ports, "bo", in5m())).toEqual({ kind: "busy", by: "ann" });
    watched.advance(6 * MINUTE);
    await watched.tick();
    expect(await begun()).toBe(1);
  });

  it("says that a rule which is observed would only record, and holds all the same", async () => {
    const told = await drilled(await guarded(fiveUsd({ mode: "observe" })));
    expect(told.links.at(-2)).toMatchObject({
      id: "decision",
      says: expect.stringContaining("would only have been recorded"),
    });
    expect(told.code).toBe(0);
  });

  it("ends with 1 where a pause would hold the stop", async () => {
    const watched = await guarded();
    await pause(watched.ports, { by: "ann", reason: "x" });
    expect(await drilled(watched)).toMatchObject({
      code: 1,
      passed: false,
      links: [{}, {}, { id: "decision", ok: false, says: expect.stringContaining("held by pause") }, {}],
    });
    expect((await control(watched)).at(-1)).toMatchObject({
      change: { passed: false, failed: ["decision"] },
    });
  });

  it("drills a rule on time, whatever runs and hours it is for", async () => {
    const rule = {
      id: "night",
      for: { actors: ["acme/other"] },
      limit: { runTime: "1h" },
      steps: [
        { at: "80%", do: "notify" },
        { at: "100%", do: "abort-now" },
      ],
    };
    const told = await drilled(await guarded(fiveUsd({ rules: [rule] })));
    expect(told.links[2]).toMatchObject({
      ok: true,
      says: expect.stringMatching(/rule night of policy version 1: .* of 1h would have been stopped at once/),
    });
  });

  it("names the link that failed where no tick comes, and takes its request back", async () => {
    const watched = await guarded();
    const told = await drilled(watched, {});
    expect(told).toMatchObject({
      code: 1,
      links: [{ id: "tick", ok: false, says: expect.stringMatching(/no tick came/) }],
    });
    await watched.tick();
    expect((await control(watched)).map(({ kind }) => kind)).not.toContain("drill.begun");
    expect((await watched.ports.state.readControl()).drill).toBeUndefined();
  });

  it("names it where a tick comes that can't list the runs", async () => {
    const watched = await guarded();
    const blind = {
      ...watched,
      process: () =>
        watched.process({
          apify: { ...watched.ports.apify, listRuns: () => Promise.reject(new Error("no")) },
        }),
    };
    const told = await drilled(watched, { ports: whileTicking({ ...blind, ports: watched.ports }) });
    expect(told).toMatchObject({
      code: 1,
      links: [{ id: "tick", ok: false, says: expect.stringContaining("listing failed") }],
    });
  });

  it("asks for nothing where there is no policy, or another drill is waited for", async () => {
    const watched = await watch(worldOf(HEALTHY));
    const unasked = async () => {
      const { code, err } = await cli(watched, ["drill"]);
      expect(code).toBe(1);
      return err;
    };
    expect(await unasked()).toContain("No policy was pushed, so nothing would be stopped");
    await watched.push(fiveUsd());
    const until = new Date(watched.ports.clock.now().getTime() + MINUTE);
    await askForDrill(watched.ports, "bo", until);
    expect(await unasked()).toContain("A drill of bo is under way");
    expect((await watched.ports.state.readControl()).drill).toMatchObject({ by: "bo" });
  });

  it("takes its request back when it is interrupted", async () => {
    const watched = await guarded();
    const stop = new AbortController();
    const first = cli(watched, ["drill"], { signal: stop.signal });
    stop.abort();
    expect((await first).code).toBe(130);
    expect((await control(watched)).at(-1)).toMatchObject({ change: { failed: ["interrupted"] } });
    expect((await watched.ports.state.readControl()).drill).toBeUndefined();
  });

  it("is notified as a drill, before anything else", async () => {
    const watched = await guarded();
    const { drillId } = await drilled(watched);
    const begun = (await control(watched)).find(({ kind }) => kind === "drill.begun") as Entry;
    const notice = noticeOf(begun, () => undefined, { account: "default", runner: "watchdog" });
    expect(notice.title).toBe(`DRILL: ${drillId}, no run was stopped`);
    expect(notice.run).toBeUndefined();
    expect(JSON.stringify(notice.facts)).toContain(
      "this run does not exist, and Apify was asked nothing about it",
    );
  });
});

describe("watchdog drill where nothing looks at the tables", () => {
  it("says so at once, and asks for nothing", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const { code, out, err } = await cli(watched, ["drill", "--local"], { connection: { isWatched: false } });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("does not run here, so no tick would answer");
    expect((await watched.ports.state.readControl()).drill).toBeUndefined();
  });
});
