import { describe, expect, it } from "vitest";
import type { RunScript } from "../../../emulator/index.ts";
import { ANY_SHARE, OBSERVED } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { burning, HEALTHY, HOUR, MINUTE, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

const POLICY = { ...OBSERVED, ...ANY_SHARE };
const costing = (usd: number, more: Partial<RunScript> = {}): RunScript => ({
  ...HEALTHY,
  label: `$${usd}`,
  cost: { startUsd: usd, thenUsdPerHour: 0 },
  ...more,
});
const OTHER = costing(4, { actor: "acme/nightly-archive" });
const on = (runs: readonly RunScript[], policy: object = POLICY) => watch(worldOf(...runs), { policy });
const several = (watched: Watched, ...argv: string[]) =>
  cli(watched, ["abort", ...argv, "--reason", "wrong shop"]);
const stopped = ({ emulator, aborts }: Watched, ...labels: string[]) => {
  const byId = new Map(labels.map((label) => [emulator.truth.idOf(label), label]));
  return aborts().map(({ runId }) => byId.get(runId ?? "") ?? "another");
};

describe("watchdog abort --actor", () => {
  it("stops every live run of it and no other, the most expensive first, each with an intent of its own", async () => {
    const ended = costing(9, { startsAfterMs: -3 * HOUR, ends: { afterMs: HOUR, status: "SUCCEEDED" } });
    const watched = await on([costing(1), costing(3), OTHER, ended]);
    const { code, out } = await several(watched, "--actor", "acme/shop", "--yes");
    expect(stopped(watched, "$1", "$3")).toEqual(["$3", "$1"]);
    expect(out).toMatch(/Asked Apify to end run \w+\.\nAsked Apify to end run \w+\.\nStopped 2 of 2 runs\./);
    expect(code).toBe(0);
    for (const label of ["$1", "$3"]) {
      const entries = await watched.entries(watched.emulator.truth.idOf(label));
      expect(entries.map(({ kind }) => kind)).toEqual([
        "abort.intended",
        "abort.requested",
        "abort.confirmed",
      ]);
      expect(entries[0]).toMatchObject({ by: "ann@laptop", reason: "wrong shop" });
    }
  });

  it("shows each run and what would hold it first, and asks; a dry run and no terminal stop nothing", async () => {
    const watched = await on([costing(1), costing(3), costing(2)], {
      ...POLICY,
      guards: { maxAborts: { perTick: 2, percentOfLive: 100 } },
    });
    const dry = await several(watched, "--actor", "acme/shop", "--dry-run");
    expect(dry.code).toBe(0);
    expect(dry.out).toMatch(
      /\$3\.00 so far\.\nRun .*\$2\.00 so far\.\nRun .*\$1\.00 so far\.\n {2}Not stopped: the policy's maxAborts\.perTick is 2.*\n2 runs would be stopped, 1 not/,
    );
    const unasked = await several(watched, "--actor", "acme/shop", "--json");
    expect(unasked.code).toBe(2);
    expect(JSON.parse(unasked.out)).toMatchObject({ ordered: false, asked: expect.any(Array) });
    const no = await cli(watched, ["abort", "--actor", "acme/shop", "--reason", "x"], {
      columns: 100,
      answers: ["n"],
    });
    expect(no.err).toContain("Stop 3 live runs of Actor acme/shop?");
    expect(no.code).toBe(1);
    expect(watched.aborts()).toEqual([]);
  });

  it("is bound by maxAborts as a whole: what is over is not called, and it ends with 1", async () => {
    const watched = await on([costing(1), costing(3), costing(2)], {
      ...POLICY,
      guards: { maxAborts: { perTick: 2, percentOfLive: 100 } },
    });
    const { code, out } = await several(watched, "--actor", "acme/shop", "--yes", "--json");
    expect(stopped(watched, "$3", "$2")).toEqual(["$3", "$2"]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      selected: "Actor acme/shop",
      by: "ann@laptop",
      reason: "wrong shop",
      stopped: 2,
      notStopped: 1,
      runs: [{ ordered: true }, { ordered: true }, { ordered: false, kind: "held", guard: "perTick" }],
    });
  });

  it("stops nothing while paused, and says so", async () => {
    const watched = await on([costing(1), costing(3)]);
    await cli(watched, ["pause", "--reason", "an incident", "--yes"]);
    const { code, err } = await several(watched, "--actor", "acme/shop", "--yes");
    expect(err).toContain("Not stopped: paused by ann@laptop");
    expect([code, watched.aborts().length]).toEqual([1, 0]);
  });

  it("is done at once where there is no such run, and refuses a name that Apify does not know", async () => {
    const watched = await on([OTHER]);
    const none = await several(watched, "--actor", "acme/shop", "--yes");
    expect([none.code, none.out.trim()]).toEqual([
      0,
      "No live run of Actor acme/shop: there is nothing to stop.",
    ]);
    expect((await several(watched, "--actor", "acme/shoop", "--yes")).code).toBe(2);
    expect((await several(watched, "--schedule", "nightly", "--yes")).code).toBe(2);
    const [id = ""] = watched.runIds();
    expect((await several(watched, id, "--actor", "acme/shop", "--yes")).err).toContain(
      "--actor goes without a run",
    );
    expect((await several(watched)).code).toBe(2);
  });

  it("takes a task and a schedule, and of several what fits them all", async () => {
    const world = {
      ...worldOf(costing(1, { task: "shop-eu" }), costing(2)),
      schedules: [
        {
          name: "often",
          everyMs: HOUR,
          starts: {
            actor: "acme/shop",
            task: "shop-eu",
            cost: 1,
            ends: { afterMs: 3 * HOUR, status: "SUCCEEDED" as const },
          },
        },
      ],
    };
    const watched = await watch(world, { policy: POLICY });
    watched.advance(2 * HOUR);
    const ofTask = await several(
      watched,
      "--actor",
      "acme/shop",
      "--task",
      "acme/shop-eu",
      "--dry-run",
      "--json",
    );
    const bySchedule = await several(
      watched,
      "--task",
      "acme/shop-eu",
      "--schedule",
      "often",
      "--dry-run",
      "--json",
    );
    const [task, schedule] = [ofTask, bySchedule].map(({ out }) => JSON.parse(out).runs.length);
    expect(task).toBeGreaterThan(schedule);
    expect(schedule).toBeGreaterThan(0);
  });
});

describe("watchdog abort --with-children", () => {
  it("means the run, and live runs that Actors started during its life, after its end too", async () => {
    const child = costing(1, { label: "child", origin: "ACTOR", startsAfterMs: -30 * MINUTE });
    const before = costing(1, { label: "before", origin: "ACTOR", startsAfterMs: -2 * HOUR });
    const byHand = costing(1, { label: "by hand", startsAfterMs: -30 * MINUTE });
    const later = burning(1, { origin: "ACTOR", startsAfterMs: 10 * MINUTE });
    const watched = await on([costing(3), child, before, byHand, later]);
    const parent = watched.emulator.truth.idOf("$3");
    const { code } = await several(watched, parent, "--with-children", "--yes");
    expect(stopped(watched, "$3", "child")).toEqual(["$3", "child"]);
    expect(code).toBe(0);
    watched.advance(15 * MINUTE);
    const after = await several(watched, parent, "--with-children", "--dry-run");
    expect(after.out).toContain("No live run of run");
  });
});
