import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decide, parsePolicy } from "../../src/policy/index.ts";
import { at, blast, control, NOON, observation, run, usd } from "../support/builders.ts";
import { instead } from "../support/instead.ts";
import { ABORT, fiveUsd } from "../support/policies.ts";
import { watch } from "../support/watch.ts";
import { HEALTHY, HOUR, OVER_5_USD, worldOf } from "../support/world.ts";

/**
 * What systems that stop jobs by themselves have got wrong before. Each is a promise here, with the tests that hold it:
 * those that stand elsewhere are named, and must go on standing there; what follows below is held here.
 */
const HELD_ELSEWHERE: Readonly<Record<string, readonly (readonly [file: string, test: string])[]>> = {
  "a guard of 0 means none, never no limit": [
    ["policy/judge/blast/blast", "takes 0 in %s for none, not for no limit"],
    ["policy/language/parse", "reads a guard of 0 as none, not as no guard"],
    ["journeys/stopping/bounded-blast", "stops none at %s: 0"],
  ],
  "the blast radius binds on every path, an operator's too": [
    ["journeys/operators/abort-by-hand", "stops none at %s: 0"],
    ["journeys/operators/abort-by-hand", "counts with what ticks stopped in the last hour, and is counted"],
  ],
  "a run counts once in the blast radius": [
    ["policy/judge/blast/blast", "counts a run once in perHour, however often it came back"],
    [
      "policy/judge/blast/blast",
      "takes a share of the runs live now and those stopped in the last hour, each counted once",
    ],
  ],
  "what is over the blast radius is held and told, and what is within it is done": [
    [
      "journeys/stopping/bounded-blast",
      "stops as many as perTick allows, the dearest first, and the rest in later ticks",
    ],
    ["journeys/stopping/bounded-blast", "writes down what it held, once, with the guard that held it"],
  ],
  "an exemption protects in every mode": [
    ["policy/judge/decide/decide-guarded", "honours exemptions and pauses in observe mode as in enforce"],
    [
      "journeys/operators/exempt-and-paused",
      "stops no exempt run until its exemption ends, and says that it was held",
    ],
    [
      "journeys/operators/abort-by-hand",
      "does not stop an exempt run, whether the exemption is the run's or the Actor's",
    ],
  ],
  "an end that can't be read protects": [
    ["policy/judge/protections", "protects when its end or its ceiling is no date or number"],
    ["journeys/operators/exempt-and-paused", "protects the subject of an exemption that can't be read"],
  ],
  "one comparator for every kind of limit": [
    ["policy/judge/comparator.properties", "$metric $basis: just below no, at it and just above it yes"],
  ],
  "a notice comes once, not at every evaluation after the breach": [
    [
      "journeys/stopping/once",
      "writes a notice once per rule, share and limit, and again when the limit changes",
    ],
  ],
  "the status is asked for before the cost": [
    [
      "policy/judge/judgement",
      "asks for the status before anything else, so that an ended run is never found too dear",
    ],
    ["policy/judge/decide/decide", "never judges the cost of a run that is %s"],
  ],
  "a missing cost is never 0": [
    ["policy/limits/usage-total-usd", "takes a missing cost for unknown, never for 0"],
    [
      "policy/judge/decide/odd-figures.properties",
      "a figure that is missing is not 0: taking one away stops no run that went on with it",
    ],
    [
      "journeys/stopping/never-a-false-kill",
      "takes a cost that Apify does not tell for unknown, never for 0 and never for a breach",
    ],
  ],
  "nothing is killed after its success, and nothing twice": [
    [
      "journeys/stopping/never-a-false-kill",
      "does not call for a run that ended between the listing and the act",
    ],
    [
      "journeys/stopping/once",
      "makes one intent and one graceful call for each run although three ticks run at once",
    ],
  ],
  "time in the queue is not run time": [
    ["policy/limits/run-time", "does not count the time that the run was seen READY, which is queue time"],
    ["journeys/stopping/never-a-false-kill", "does not count the time in the queue as run time"],
  ],
  "one broken run never ends the sweep": [
    ["journeys/stopping/goes-on", "goes on with the other runs when one can't be read"],
  ],
  "every threshold stands in the policy": [
    ["policy/limits/idle-time", "goes by the rule's own thresholds, which are part of what was seen to hold"],
    ["policy/limits/times-typical", "goes by the rule's own number of runs and its own floor"],
  ],
  "what is usual is silent under its least number of runs, and has a floor": [
    ["policy/limits/times-typical", "is silent with %d successful runs to compare with, for ever"],
    [
      "policy/limits/times-typical",
      "never takes less than the floor for usual, for many times next to nothing is next to nothing",
    ],
  ],
  "nothing is stopped where nobody asked for it": [
    ["journeys/stopping/never-a-false-kill", "stops nothing when no policy was pushed, and says so"],
    ["policy/language/parse", "fills in every default"],
  ],
  "two ticks at once are one abort": [
    [
      "journeys/stopping/bounded-blast",
      "stops two of five in all when three ticks run at once under perTick: 2",
    ],
    ["journeys/stopping/once", "sends one call without grace although three ticks escalate at once"],
  ],
  "the owner is told, the policy's where the rule has none": [
    [
      "policy/judge/decide/decide-outlook",
      "names the rule's owner, the policy's where the rule has none, and nobody where neither has",
    ],
  ],
};

describe("traps", () => {
  it.each(Object.entries(HELD_ELSEWHERE))("%s", (_promise, tests) => {
    for (const [file, test] of tests) {
      const source = readFileSync(new URL(`../${file}.test.ts`, import.meta.url), "utf8");
      expect(source, `${file} lost a test`).toContain(`"${test}"`);
    }
  });

  const FIVE = Array.from({ length: 5 }, (_, i) => ({
    ...OVER_5_USD,
    cost: { startUsd: 6 + i, thenUsdPerHour: 0 },
  }));
  const twoAtATime = (mode: string) =>
    fiveUsd({ mode, guards: { maxAborts: { perTick: 2, percentOfLive: 100 } } });

  it("the blast radius binds while observing as it would while enforcing, and when all was said before", async () => {
    // It is over the limit at the third tick, and the cheapest of all.
    const later = { ...OVER_5_USD, cost: { startUsd: 4, thenUsdPerHour: 0.97 } };
    const { tick, process, advance, kinds, runIds } = await watch(worldOf(...FIVE, later), {
      policy: twoAtATime("observe"),
    });
    const held = ["observe", "observe", "perTick", "perTick", "perTick"];
    expect((await tick()).decisions.map(({ guard }) => guard)).toEqual(held);
    advance(60_000);
    expect((await tick(process())).decisions.map(({ guard }) => guard)).toEqual(held);
    advance(60_000);
    // What was said before takes its room all the same: nothing is left for the one that is new.
    expect((await tick()).decisions.map(({ guard }) => guard)).toEqual([...held, "perTick"]);
    expect(await kinds(runIds()[5] ?? "")).toEqual(["abort.held"]);
  });

  it("a run that is listed twice counts once in the share of live runs", async () => {
    const { ticks, aborts } = await watch(worldOf(...FIVE, ...FIVE.slice(0, 3)), {
      policy: fiveUsd({ guards: { maxAborts: { percentOfLive: 50 } } }),
    });
    // From the second tick on each run is listed among the live ones and among those started since the cursor.
    await ticks(3);
    expect(aborts()).toHaveLength(4);
  });

  it("observing is the policy's, whoever runs the tick: no process calls until an enforcing policy is pushed", async () => {
    const { tick, process, push, advance, aborts } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd({ mode: "observe" }),
    });
    for (const ports of [undefined, process(), process()]) {
      expect((await tick(ports)).mode).toBe("observe");
      advance(60_000);
    }
    expect(aborts()).toEqual([]);
    await push(fiveUsd());
    await tick(process());
    expect(aborts()).toHaveLength(1);
  });

  it("an exemption that can't be read protects and is told of", async () => {
    const { ports, process, tick, aborts, entries, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
    });
    const [id = ""] = runIds();
    const state = instead(ports.state, {
      readControl: async () => ({
        ...(await ports.state.readControl()),
        exemptions: [{ kind: "malformed", subject: { kind: "run", id }, problem: "until is no date" }],
      }),
    });
    await tick(process({ state }));
    expect(aborts()).toEqual([]);
    expect(await entries(id)).toMatchObject([{ kind: "abort.held", guard: "exemption" }]);
  });

  it("no look back hides an old run: one of sixty days ago is found and stopped", async () => {
    const { tick, aborts } = await watch(
      worldOf({ ...OVER_5_USD, startsAfterMs: -60 * 24 * HOUR }, HEALTHY),
      { policy: fiveUsd() },
    );
    await tick();
    expect(aborts()).toHaveLength(1);
  });

  it("outside of its schedule a rule limits nothing, which is its own doing: the rules beside it go on", () => {
    const steps = [ABORT];
    const policy = parsePolicy({
      version: 1,
      mode: "enforce",
      rules: [
        { id: "by-night", schedule: { hours: ["22:00-06:00"] }, limit: { usageTotalUsd: 1 }, steps },
        { id: "always", limit: { usageTotalUsd: 5 }, steps },
      ],
    });
    const seen = (cost: number) => observation({ run: run({ usageTotalMicroUsd: usd(cost) }) });
    const stops = (cost: number, now: Date) =>
      decide({ policy, observations: [seen(cost)], control: control(), blast: blast(["run1"]), now })
        .decisions;
    expect(stops(2, NOON)).toEqual([]);
    expect(stops(6, NOON)).toMatchObject([{ ruleId: "always", also: [] }]);
    expect(stops(2, at(36_000))).toMatchObject([{ ruleId: "by-night" }]);
  });

  it("nothing new is limited by the way: an Actor that no rule names goes on, whatever is added beside it", async () => {
    const steps = [ABORT];
    const named = (id: string, actor: string) => ({
      id,
      for: { actors: [actor] },
      limit: { usageTotalUsd: 5 },
      steps,
    });
    const { tick, push, advance, aborts } = await watch(
      worldOf({ ...OVER_5_USD, actor: "acme/nightly-archive" }),
      {
        policy: fiveUsd({ rules: [named("shop", "acme/shop")] }),
      },
    );
    await tick();
    advance(60_000);
    await push(fiveUsd({ owner: "ops", rules: [named("shop", "acme/shop"), named("mail", "acme/mail-*")] }));
    await tick();
    expect(aborts()).toEqual([]);
  });

  it("the owner stands in what is written down: of a notice, of an intent and of all that follows it", async () => {
    const steps = [{ at: "50%", do: "notify" }, ABORT];
    const rules = [
      { id: "own", owner: "shop-team", limit: { usageTotalUsd: 5 }, steps },
      { id: "general", limit: { usageTotalUsd: 10 }, steps: steps.slice(0, 1) },
    ];
    const { ticks, entries, runIds } = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd({ owner: "ops", rules }),
    });
    await ticks(3);
    const owners = (await entries(runIds()[0] ?? "")).map(({ kind, ruleId, owner }) => [kind, ruleId, owner]);
    expect(owners).toEqual([
      ["abort.intended", "own", "shop-team"],
      ["abort.requested", "own", "shop-team"],
      ["step.notified", "general", "ops"],
      ["abort.confirmed", "own", "shop-team"],
    ]);
  });
});
