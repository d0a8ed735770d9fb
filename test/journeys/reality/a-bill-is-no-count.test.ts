import { describe, expect, it } from "vitest";
import type { RunScript, World } from "../../../emulator/index.ts";
import { explainRun } from "../../../src/watchdog/explain/explain.ts";
import type { Ports } from "../../../src/watchdog/model/ports.ts";
import { instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HOUR, MINUTE, worldOf } from "../../support/world.ts";

const BY_ESTIMATE = fiveUsd({
  rules: [
    {
      id: "by-estimate",
      for: { pricingModels: ["PAY_PER_EVENT"] },
      limit: { usageTotalUsd: 10 },
      steps: [{ at: "100%", do: "abort", basis: "estimate" }],
    },
  ],
});

/** 6,000 events at 0.002 are counted after an hour. */
const COUNTED: Partial<RunScript> = { startsAfterMs: -HOUR, readyForMs: 0, usageLagMs: 0, cost: 12 };
/** What Apify has added to the bill is behind what it has accounted for. */
const BEHIND = { set: { usageTotalUsd: 0.39 } } as const;

const worldWith = (actor: string, script: Partial<RunScript>): World => ({
  ...worldOf({ actor, ...COUNTED, ...script }),
  actors: [
    { name: "acme/paid-results", chargesFor: { event: "result", priceUsd: 0.002 } },
    { name: "mapworks/places", chargesFor: { event: "place", priceUsd: 0.002 } },
  ],
  tasks: [],
});
const own = worldWith("acme/paid-results", {});
const rented = worldWith("mapworks/places", { fields: BEHIND });

/** Stores of a version before, which kept no owners. */
const withoutOwners = ({ state }: Ports): Ports["state"] =>
  instead(state, {
    writeNames: (kind, names) => {
      const kept = [...names].map(([id, { ownerId: _owner, ...name }]) => [id, name] as const);
      return state.writeNames(kind, new Map(kept));
    },
  });

describe("a stop on an estimate", () => {
  it("is none of a run of one's own Actor, whose events are counted and billed to nobody", async () => {
    const watched = await watch(own, { policy: BY_ESTIMATE });
    const reports = await watched.ticks(4);
    expect(watched.aborts()).toEqual([]);
    expect(reports.flatMap(({ attention, skipped }) => [attention, skipped])).toEqual(
      reports.flatMap(() => [[], {}]),
    );
  });

  it("is taken of a run of somebody else's Actor, as soon as what can be billed is over the limit", async () => {
    const watched = await watch(rented, { policy: BY_ESTIMATE });
    await watched.tick();
    expect(watched.aborts()).toHaveLength(1);
    const [intended] = await watched.entries(watched.runIds()[0] ?? "");
    expect(intended).toMatchObject({ kind: "abort.intended", evidence: { measured: 12 } });
  });

  it("waits where whose the Actor is can't be read, and is taken once it can", async () => {
    const world: World = {
      ...rented,
      faults: [
        {
          match: { kind: "actor" },
          fault: { kind: "refused", because: "permissions" },
          untilMs: 30 * MINUTE,
        },
      ],
    };
    const watched = await watch(world, { policy: BY_ESTIMATE });
    const [first] = await watched.ticks(1);
    expect(first?.skipped).toMatchObject({ "usageTotalUsd may be above the bill": 1 });
    watched.advance(HOUR);
    await watched.tick();
    expect(watched.aborts()).toHaveLength(1);
  });

  it("reads a name again that was kept without its owner", async () => {
    const watched = await watch(rented, { policy: fiveUsd({ rules: [{ ...NAMED }] }) });
    const before = watched.process({ state: withoutOwners(watched.ports) });
    await watched.tick(before);
    expect(watched.aborts()).toEqual([]);
    await watched.push(BY_ESTIMATE);
    watched.advance(HOUR);
    await watched.tick(watched.process());
    expect(watched.aborts()).toHaveLength(1);
  });

  it("is not taken of a run that became one of one's own Actor between the look and the reading", async () => {
    const world = worldWith("mapworks/places", {
      fields: BEHIND,
      metamorphs: [{ atMs: MINUTE, into: "acme/paid-results" }],
    });
    const watched = await watch(world, { policy: BY_ESTIMATE });
    const { apify } = watched.ports;
    // The first reading is the look's, the second the one before the call.
    let readings = 0;
    const readRun: typeof apify.readRun = (id, signal) => {
      if (++readings === 2) watched.advance(2 * MINUTE);
      return apify.readRun(id, signal);
    };
    await watched.tick(watched.process({ apify: instead(apify, { readRun }) }));
    expect([readings, watched.aborts()]).toEqual([2, []]);
  });
});

describe("explaining an estimate", () => {
  it.each([
    ["only the usage of one's own Actor", own, 0.2],
    ["what can be billed of somebody else's", rented, 12],
  ])("shows %s before any tick has read whose it is", async (_what, world, measured) => {
    const watched = await watch(world, { policy: BY_ESTIMATE });
    const [id = ""] = watched.runIds();
    const told = await watched.run(explainRun(watched.ports, id, new AbortController().signal));
    expect(told).toMatchObject({ rules: [{ measured }] });
  });
});

/** Asks for names, and for no owners. */
const NAMED = {
  id: "named",
  for: { actors: ["mapworks/*"] },
  limit: { usageTotalUsd: 100 },
  steps: [{ at: "100%", do: "abort" }],
};
