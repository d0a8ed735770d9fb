import { describe, expect, it } from "vitest";
import { createEmulator } from "../../../emulator/index.ts";
import { parsePolicy } from "../../../src/policy/index.ts";
import { queryRuns } from "../../../src/watchdog/explain/query.ts";
import { lookAt } from "../../../src/watchdog/observe/look.ts";
import { observe } from "../../../src/watchdog/observe/observe.ts";
import { attest } from "../../../src/watchdog/stop/attest.ts";
import { openContext } from "../../../src/watchdog/tick/open.ts";
import { openIntent, usd } from "../../support/builders.ts";
import { engineMissing } from "../../support/engines/engine.ts";
import { fiveUsd } from "../../support/policies.ts";
import { type Watched, type WatchOptions, watch } from "../../support/watch.ts";
import { MINUTE, SECOND } from "../../support/world.ts";

/** A policy that reads every run's detail and stops none. */
const DETAILED = fiveUsd({
  rules: [{ id: "detailed", limit: { "stats.netRxBytes": "900TB" }, steps: [{ at: "100%", do: "notify" }] }],
});
/** One that stops what is dear for its kind. */
const TYPICAL = fiveUsd({
  rules: [{ id: "dear", limit: { timesTypical: { usd: 3 } }, steps: [{ at: "100%", do: "abort" }] }],
});
const isReadable = (document: unknown): boolean => {
  try {
    return parsePolicy(document).version === 1;
  } catch {
    return false;
  }
};

const openEveryLimit = (options: WatchOptions) => watch(createEmulator({ world: "every-limit" }), options);

/** What a tick that begins now would give the rules. */
async function beginTick(watched: Watched) {
  const { ports, emulator } = watched;
  const live = await ports.state.readLive();
  const context = await openContext(ports, live, {
    signal: new AbortController().signal,
    endsBy: new Date(emulator.clock.now() + 50 * SECOND),
  });
  const inForce = await context.policyOf(await ports.state.readControl());
  await watched.run(observe(context, inForce?.policy, live.cursor));
  const idOf = (actorName: string): string =>
    emulator.truth.runs().findLast((run) => run.actorName === actorName)?.id ?? "";
  return { context, idOf, of: (actorName: string) => context.observations.get(idOf(actorName)) };
}

const backends = engineMissing ? (["memory"] as const) : (["memory", "engine"] as const);

describe.each(backends)("what the rules get to see of a run, on %s", (on) => {
  it("is what its life was started with", async () => {
    const watched = await openEveryLimit({ on, policy: DETAILED });
    const { of } = await beginTick(watched);
    expect(of("acme/beta-tester")?.run.settings).toMatchObject({
      build: "beta",
      buildNumber: "0.2.7",
      memoryMbytes: 1_024,
      timeoutSecs: 6 * 3_600,
      pricingModel: "NONE",
    });
    expect(of("acme/without-end")?.run.settings?.timeoutSecs).toBe(0);
    expect(of("acme/giant")?.run.settings?.memoryMbytes).toBe(32_768);
    expect(of("toolbox/free-converter")?.run.settings?.pricingModel).toBe("FREE");
    expect(of("mapworks/places-scraper")).toMatchObject({
      run: {
        settings: { pricingModel: "PAY_PER_EVENT" },
        detail: { eventMicroUsd: { "place-scraped": 3_000 } },
      },
    });
  });

  it("is what it has used and charged, and what it did since the tick before", async () => {
    const watched = await openEveryLimit({ on, policy: DETAILED });
    watched.advance(10 * MINUTE);
    const first = await beginTick(watched);
    expect(first.of("acme/waiting-room")).not.toHaveProperty("activity");
    await watched.ticks(2);
    const { of } = await beginTick(watched);
    expect(of("acme/search-harvester")?.run.detail?.usage?.PROXY_SERPS).toBeGreaterThan(90);
    expect(of("mapworks/places-scraper")?.run.detail?.events?.["place-scraped"]).toBeGreaterThan(170);
    expect(of("acme/residential-crawler")?.run.detail?.usageMicroUsd).toMatchObject({
      PROXY_RESIDENTIAL_TRANSFER_GBYTES: expect.any(Number),
    });
    expect(of("acme/waiting-room")?.activity).toMatchObject({ overSecs: 60, outputs: 0 });
    expect(of("acme/waiting-room")?.activity?.netBytes).toBeLessThan(60 * 100);
    expect(of("acme/search-harvester")?.activity?.outputs).toBeCloseTo(8, 0);
    expect(of("acme/search-harvester")?.activity?.netBytes).toBeGreaterThan(60 * 40_000);
    expect(of("mapworks/places-scraper")?.activity?.outputs).toBeGreaterThan(10);
  });

  it("is how fast it burns, as measured", async () => {
    const watched = await openEveryLimit({ on, policy: DETAILED });
    watched.advance(20 * MINUTE);
    expect((await beginTick(watched)).of("acme/late-sprinter")).not.toHaveProperty(
      "measuredBurnMicroUsdPerHour",
    );
    await watched.ticks(2);
    const { of } = await beginTick(watched);
    expect(of("acme/late-sprinter")?.measuredBurnMicroUsdPerHour).toBeCloseTo(usd(18), -4);
    expect(of("acme/product-feed")?.measuredBurnMicroUsdPerHour).toBeCloseTo(usd(6), -4);
  });

  it("keeps the settings when the next look is a list's", async () => {
    const watched = await openEveryLimit({ on, policy: DETAILED });
    await watched.tick();
    await watched.push(fiveUsd());
    watched.advance(MINUTE);
    await watched.tick();
    const id = (await beginTick(watched)).idOf("acme/beta-tester");
    const kept = (await watched.ports.state.readLive()).runs.get(id);
    expect(kept).toMatchObject({ source: "list", run: { settings: { build: "beta" } } });
  });

  it("is told of the reading before a call, too", async () => {
    const watched = await openEveryLimit({ on, policy: DETAILED });
    watched.advance(10 * MINUTE);
    await watched.ticks(2);
    const { context, idOf } = await beginTick(watched);
    watched.advance(2 * SECOND);
    const fresh = await watched.run(lookAt(context, idOf("acme/waiting-room")));
    expect(fresh).toMatchObject({
      kind: "found",
      observation: {
        run: { settings: { memoryMbytes: 4_096 } },
        activity: { overSecs: 62, outputs: 0 },
        measuredBurnMicroUsdPerHour: expect.any(Number),
      },
    });
  });

  it("has what is known of its Actor in that reading, whether the tick observed the run or not", async () => {
    const watched = await openEveryLimit({ on, policy: DETAILED });
    const { context, idOf } = await beginTick(watched);
    const typical = { runTimeSecs: { median: 60, runs: 9 } };
    const [seen, unseen] = [idOf("acme/giant"), idOf("acme/phoenix")];
    const before = context.observations.get(seen);
    if (before) context.observations.set(seen, { ...before, actorName: "acme/giant", typical });
    context.observations.delete(unseen);
    context.known.set(unseen, { taskName: "acme/t", typical });
    expect(await watched.run(lookAt(context, seen))).toMatchObject({
      observation: { actorName: "acme/giant", typical },
    });
    expect(await watched.run(lookAt(context, unseen))).toMatchObject({
      observation: { taskName: "acme/t", typical },
    });
  });

  // Virtual time does not wait for an engine that is asked within a budget of time: its contract is tested elsewhere.
  describe.runIf(on === "memory" && isReadable(TYPICAL))("under a limit on what is typical", () => {
    it("is what is typical of its Actor, at the first look and before a call", async () => {
      const watched = await openEveryLimit({ on, policy: TYPICAL });
      const { context, of, idOf } = await beginTick(watched);
      const wanted = { usageTotalMicroUsd: { runs: 12 } };
      expect(of("acme/product-feed")?.typical).toMatchObject(wanted);
      expect(of("acme/nightly-sync")?.typical).toMatchObject({ runTimeSecs: { runs: 12 } });
      expect(of("acme/giant")?.typical).toEqual({});
      const fresh = await watched.run(lookAt(context, idOf("acme/product-feed")));
      expect(fresh).toMatchObject({ observation: { typical: wanted } });
    });

    it("is known for attesting, of runs that the tick did not observe", async () => {
      const watched = await openEveryLimit({ on, policy: TYPICAL });
      const { context, idOf } = await beginTick(watched);
      const runId = idOf("acme/product-feed");
      const { actorId = "" } = context.live.get(runId)?.run ?? {};
      const control = await watched.ports.state.readControl();
      const { version, exemptions: _exemptions, ...state } = control;
      const intent = openIntent({ runId, actorId, ruleId: "dear", callSent: true });
      await watched.ports.state.writeControl({ ...state, openIntents: [intent] }, version);
      context.observations.clear();
      await watched.run(attest(context));
      expect(context.known.get(runId)?.typical).toMatchObject({ usageTotalMicroUsd: { runs: 12 } });
    });

    it("is what people see who look at the tables", async () => {
      const watched = await openEveryLimit({ on, policy: TYPICAL });
      await watched.tick();
      const { runs } = await queryRuns(watched.ports);
      const feed = runs.find(({ observation }) => observation.typical?.usageTotalMicroUsd?.runs === 12);
      expect(feed).toBeDefined();
    });
  });
});
