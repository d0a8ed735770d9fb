import { describe, expect, it } from "vitest";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { attestOpen } from "../../../src/watchdog/tick/outside.ts";

import { instead } from "../../support/instead.ts";
import { ABORT, fiveUsd } from "../../support/policies.ts";
import { type Watched, watch, within } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, SECOND, worldOf } from "../../support/world.ts";
import { cli, explained, widthOf } from "../support.ts";

const first = (watched: Watched): string => watched.runIds()[0] ?? "";

/** As where there is no token. */
const withoutApify = (watched: Watched) => ({
  ports: {
    ...watched.ports,
    apify: instead(watched.ports.apify, { readRun: () => Promise.reject(new Error("there is no token")) }),
  },
});

describe("watchdog explain", () => {
  it("foresees what the next tick then does, run by run", async () => {
    const script = (usd: number) => ({ ...OVER_5_USD, cost: { startUsd: usd, thenUsdPerHour: 0 } });
    const steps = [{ at: "80%", do: "notify" }, ABORT];
    const watched = await watch(worldOf(...[1, 4, 7, 9, 8, 6, 10].map(script)), {
      policy: fiveUsd({
        guards: { maxAborts: { perTick: 2 } },
        rules: [{ id: "no-run-over-5-usd", limit: { usageTotalUsd: 5 }, steps }],
      }),
    });
    await watched.tick();
    watched.advance(MINUTE);
    const foreseen = new Map<string, string>();
    for (const id of watched.runIds()) {
      const { kind, decision, openIntent } = await explained(watched, id);
      if (kind === "live" && !openIntent) foreseen.set(id, decision.action);
    }
    const { decisions } = await watched.tick();
    const done = new Map([...foreseen.keys()].map((id) => [id, "nothing"]));
    for (const { runId, action } of decisions) if (runId && done.has(runId)) done.set(runId, action);
    expect(Object.fromEntries(foreseen)).toEqual(Object.fromEntries(done));
    expect([...foreseen.values()]).toEqual(expect.arrayContaining(["nothing", "notify", "abort", "hold"]));
  });

  it("tells a live run's figures, rules and what is foreseen, and ends with 0", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    await watched.ticks(1);
    const { code, out } = await cli(watched, ["explain", first(watched)]);
    expect(code).toBe(0);
    expect(out).toMatch(/^run +\w+ of acme\/shop\nstate +RUNNING, \$1\.00, started .* UTC, origin API/);
    expect(out).toContain("policy  version 1, enforce; last tick ");
    expect(out).toContain(
      "NOTHING     no step is reached, at $1.00; nearest is no-run-over-5-usd: stop at 100% ($5.00",
    );
    expect(out).toMatch(/no-run-over-5-usd +usageTotalUsd \$5\.00 +\$1\.00 +20%\n {2}stop at 100% \(\$5\.00/);
  });

  it("says when charging stopped, and what a pay-per-result run can be charged at most", async () => {
    const pricingInfo = { pricingModel: "PRICE_PER_DATASET_ITEM", pricePerUnitUsd: 0.004 };
    const results = { ...HEALTHY, fields: { set: { pricingInfo, "options.maxItems": 200 } } };
    const capped = { ...HEALTHY, fields: { set: { chargingStoppedAt: "2026-09-01T07:30:00.000Z" } } };
    const watched = await watch(worldOf(results, capped, HEALTHY), { policy: fiveUsd() });
    await watched.tick();
    const [bound = "", stopped = "", plain = ""] = watched.runIds();
    expect((await cli(watched, ["explain", bound])).out).toMatch(
      /\ncharges +200 results are charged at most, at up to 0\.004 USD each: \$0\.80\n/,
    );
    expect((await explained(watched, bound)).charges).toEqual({
      results: { most: 200, usdEach: 0.004, usdAtMost: 0.8 },
    });
    expect((await cli(watched, ["explain", stopped])).out).toMatch(
      /charges +charging stopped 2026-09-01 07:30 UTC, when its cap was reached; the run goes\s+on/,
    );
    expect(await explained(watched, plain)).not.toHaveProperty("charges");
  });

  it("reads the run just now, not as the last tick saw it", async () => {
    const watched = await watch(worldOf({ ...OVER_5_USD, cost: { startUsd: 1, thenUsdPerHour: 3 } }), {
      policy: fiveUsd(),
    });
    await watched.ticks(1);
    watched.advance(25 * MINUTE);
    expect(await explained(watched, first(watched))).toMatchObject({
      source: "detail",
      ageSecs: 0,
      decision: { action: "abort", called: true, ruleId: "no-run-over-5-usd" },
    });
  });

  it("tells it as the last tick saw it where Apify can't be asked, how old that is and why", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    await watched.ticks(3);
    const { code, out } = await cli(watched, ["explain", first(watched)], {
      connection: withoutApify(watched),
    });
    expect(code).toBe(0);
    expect(out).toContain("Not read just now: there is no token");
    expect(out).toMatch(/seen +1m ago, in Apify's list/);
    expect(out).toContain("20%");
  });

  it("writes nothing and calls nothing", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd({ mode: "observe" }) });
    await watched.ticks(1);
    const state = async () =>
      JSON.stringify([
        await watched.ports.state.readControl(),
        [...(await watched.ports.state.readLive()).runs],
        await watched.entries(first(watched)),
      ]);
    const before = await state();
    await cli(watched, ["explain", first(watched)]);
    expect(await state()).toBe(before);
    expect(watched.aborts()).toEqual([]);
  });

  it("says that an observed stop was written already, and when", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd({ mode: "observe" }) });
    await watched.ticks(2);
    const { decision } = await explained(watched, first(watched));
    const [entry] = await watched.entries(first(watched));
    expect(decision).toMatchObject({ action: "abort", called: false, guard: "observe", saidAt: entry?.at });
  });

  it("says who paused it", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await watched.run(pause(watched.ports, { by: "bob", reason: "an incident" }));
    const { out } = await cli(watched, ["explain", first(watched)]);
    expect(out).toMatch(/HELD +cost \$7\.00 of \$5\.00 .*not stopped: paused by bob since .*: an incident/);
  });

  it("says that there is a pause although the run is within every limit", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    expect(await explained(watched, first(watched))).not.toHaveProperty("paused");
    await watched.run(pause(watched.ports, { by: "bob", reason: "an incident" }));
    const { out } = await cli(watched, ["explain", first(watched)]);
    expect(out).toMatch(/paused +nothing is stopped since .*, by bob: an incident/);
    expect(out).toContain("no step is reached, at $1.00");
  });

  it("says that a run has ended by what the audit has of it, where Apify can't be asked", async () => {
    const watched = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    await watched.tick();
    watched.advance(30 * SECOND);
    await watched.run(attestOpen(watched.process(), within(watched, MINUTE)));
    expect((await watched.kinds(first(watched))).at(-1)).toBe("abort.confirmed");
    const connection = withoutApify(watched);
    const told = JSON.parse((await cli(watched, ["explain", first(watched), "--json"], { connection })).out);
    expect(told).toMatchObject({ kind: "ended", source: "record", run: { status: "ABORTED" } });
    expect(told.decision).toMatchObject({
      action: "nothing",
      why: expect.stringMatching(/^it was stopped: /),
    });
  });

  it("tells of a run that is being stopped since when, for which rule, and that it is condemned still", async () => {
    const watched = await watch(worldOf({ ...OVER_5_USD, onAbort: { kind: "unstoppable" } }), {
      policy: fiveUsd(),
    });
    await watched.ticks(1);
    const told = await explained(watched, first(watched));
    expect(told.openIntent).toMatchObject({ ruleId: "no-run-over-5-usd", standing: "condemned" });
    expect(told.openIntent?.requestedAt).toBeDefined();
    expect((await cli(watched, ["explain", first(watched)])).out).toMatch(
      /STOPPING +since .* for no-run-over-5-usd; asked to end .*; still condemned/,
    );
  });

  it("explains an ended run by its history: why it was stopped, and by how much it was over", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await watched.ticks(3);
    const { code, out } = await cli(watched, ["explain", first(watched)]);
    expect(code).toBe(0);
    expect(out).toContain(
      "it was stopped: cost $7.00 of $5.00 (no-run-over-5-usd); ABORTED at $7.00, $2.00 over",
    );
    expect(out).toMatch(/STOPPING .*\n.*ASKED .*\n.*STOPPED/);
  });

  it("says of a run that was stopped, resurrected and ended by itself why its last life ended", async () => {
    const ends = { afterMs: 2 * HOUR, status: "SUCCEEDED" } as const;
    const watched = await watch(worldOf({ ...OVER_5_USD, ends }), { policy: fiveUsd() });
    await watched.ticks(3);
    const run = first(watched);
    expect(watched.status(run)).toBe("ABORTED");
    await watched.push(fiveUsd({ rules: [{ id: "large", limit: { usageTotalUsd: 500 }, steps: [ABORT] }] }));
    await watched.run(watched.ports.apify.resurrectRun(run, {}, new AbortController().signal));
    await watched.ticks(2);
    watched.advance(2 * HOUR);
    await watched.ticks(3);
    expect(watched.status(run)).toBe("SUCCEEDED");
    const { why } = (await explained(watched, run)).decision;
    expect(why).toMatch(/^it was not stopped: no rule reached a step .* it ended SUCCEEDED at \$/);
    expect(why).toMatch(/; it was stopped before that, in life 0 \(no-run-over-5-usd\), and resurrected$/);
  });

  it("tells a budget in words", async () => {
    const budget = { usd: 300, per: "month", each: "actor" };
    const rules = [{ id: "shops", budget, steps: [ABORT] }];
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd({ rules }) });
    await watched.ticks(1);
    const { out } = await cli(watched, ["explain", first(watched)]);
    expect(out).toMatch(/shops +\$300 a month for each Actor/);
    const told = await explained(watched, first(watched));
    expect(told.rules).toMatchObject([
      { metric: "budget", budget: "$300 a month for each Actor", limit: 300, unit: "USD" },
    ]);
  });

  it("explains an ended run that was left alone: how it stood at its end", async () => {
    const ends = { afterMs: HOUR + 2 * MINUTE, status: "SUCCEEDED" } as const;
    const steps = [ABORT];
    const rules = [
      { id: "cost", limit: { usageTotalUsd: 5 }, steps },
      { id: "time", limit: { runTime: "2h" }, steps },
    ];
    const watched = await watch(worldOf({ ...HEALTHY, ends }), { policy: fiveUsd({ rules }) });
    await watched.ticks(5);
    const told = await explained(watched, first(watched));
    expect(told).toMatchObject({ kind: "ended", run: { status: "SUCCEEDED" }, history: [] });
    expect(told.decision.why).toMatch(
      /^it was not stopped: no rule reached a step .* it ended SUCCEEDED at \$1\.00$/,
    );
    expect(told.rules).toMatchObject([
      { ruleId: "cost", applies: "yes", share: 0.2, says: "reached no step" },
      { ruleId: "time", applies: "yes", measured: ends.afterMs / 1000, says: "reached no step" },
    ]);
    // Nothing is foretold of it.
    expect(JSON.stringify(told.rules)).not.toContain("nextSt");
  });

  it("explains an ended run that the index has forgotten, from what is recorded, without Apify", async () => {
    const ends = { afterMs: HOUR + 2 * MINUTE, status: "SUCCEEDED" } as const;
    const watched = await watch(worldOf({ ...HEALTHY, ends }), { policy: fiveUsd() });
    await watched.ticks(20);
    // It is kept for a day, to be read again then.
    watched.advance(24 * HOUR);
    await watched.ticks(3);
    expect((await watched.ports.state.readLive()).runs.size).toBe(0);
    const { out } = await cli(watched, ["explain", first(watched)], { connection: withoutApify(watched) });
    expect(out).toContain("as recorded");
    expect(out).toContain("it ended SUCCEEDED at $1.00");
  });

  it("does not know an unknown run, names the one that was meant, and ends with 1", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    await watched.ticks(1);
    const wrong = first(watched).replace(/.$/, "_");
    const { code, out, err } = await cli(watched, ["explain", wrong]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toBe(
      `Unknown run ${wrong}: neither the tables nor Apify know it. Did you mean ${first(watched)}?\n`,
    );
    const other = await cli(watched, ["explain", "nosuchrun00000000", "--json"]);
    expect(other.code).toBe(1);
    expect(JSON.parse(other.out)).toMatchObject({ kind: "unknown", runId: "nosuchrun00000000" });
  });

  it("says that there is no policy", async () => {
    const watched = await watch(worldOf(OVER_5_USD));
    const { out } = await cli(watched, ["explain", first(watched)]);
    expect(out).toContain("policy  none was pushed");
    expect(out).toContain("NOTHING     no policy was pushed, so nothing is stopped");
  });

  it("fits 80 and 200 columns, and is plain in a pipe", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd({ mode: "observe" }) });
    await watched.ticks(1);
    for (const columns of [80, 200]) {
      const { out } = await cli(watched, ["explain", first(watched)], { columns });
      // A command is never broken: what is copied from it must run.
      const lines = out.split("\n").filter((line) => !line.startsWith("  npm run watchdog"));
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
      expect(out).toContain("\u001b");
    }
    expect((await cli(watched, ["explain", first(watched)])).out).not.toContain("\u001b");
  });
});
