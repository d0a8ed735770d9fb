import { describe, expect, it } from "vitest";
import type { World } from "../../../emulator/index.ts";
import { createApify } from "../../../src/adapters/apify/index.ts";
import { acknowledge } from "../../../src/watchdog/policies/acknowledge.ts";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { fiveUsd } from "../../support/policies.ts";
import { transportOf, type Watched, watch } from "../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const USERS_ME = "reading users/me, which the list of runs stood in for, failed: ";

/** A warm function whose secret was replaced: the old token is handed out until it is refused. */
const swapped = (watched: Watched, from: string, to: string) => {
  let current = from;
  return watched.process({
    apify: createApify({
      baseUrl: "https://apify.test",
      token: {
        get: async () => current,
        refresh: async () => {
          current = to;
          return to;
        },
        describe: () => "the test's secret",
      },
      transport: transportOf(watched.emulator, watched.ports.clock.sleep),
      clock: watched.ports.clock,
      random: () => 0.5,
      abortEndpoint: "actor-runs",
    }),
  });
};

describe("a token whose user can't be read from users/me", () => {
  it("works where it is scoped: one list tells whose it is, which is said once", async () => {
    const world: World = {
      ...worldOf(OVER_5_USD),
      tokens: { scoped: { except: [{ kind: "user" }, { kind: "limits" }, { kind: "usage" }] } },
    };
    const watched = await watch(world, { policy: fiveUsd(), token: "scoped" });
    const first = await watched.tick();
    expect(watched.aborts()).toHaveLength(1);
    expect(first.skipped).toMatchObject({ [`${USERS_ME}403 insufficient-permissions`]: 1 });
    watched.advance(MINUTE);
    expect(Object.keys((await watched.tick()).skipped).filter((why) => why.includes("users/me"))).toEqual([]);
  });

  it("stops what is over while users/me answers a proxy's page", async () => {
    const world: World = {
      ...worldOf(OVER_5_USD),
      faults: [{ match: { kind: "user" }, fault: { kind: "html", status: 502 } }],
    };
    const watched = await watch(world, { policy: fiveUsd() });
    const { skipped } = await watched.tick();
    expect(watched.aborts()).toHaveLength(1);
    expect(Object.keys(skipped).some((why) => why.startsWith(USERS_ME))).toBe(true);
  });

  it("says what is weaker although no run shows whose it is", async () => {
    const faults = [
      {
        match: { kind: "user" as const },
        fault: { kind: "refused" as const, because: "permissions" as const },
      },
    ];
    const watched = await watch({ ...worldOf(), faults }, { policy: fiveUsd() });
    await pause(watched.ports, { by: "ann", reason: "migration" });
    expect((await watched.tick()).attention).toEqual([expect.stringMatching(/^weaker:pause /)]);
    const until = new Date(watched.ports.clock.now().getTime() + MINUTE);
    await acknowledge(watched.ports, { id: "weaker:pause", by: "ann", reason: "known", until });
    expect((await watched.tick()).attention).toEqual([]);
  });

  it("has nothing to do in an account without runs, and says so", async () => {
    const world: World = {
      ...worldOf(),
      faults: [{ match: { kind: "user" }, fault: { kind: "refused", because: "permissions" } }],
    };
    const watched = await watch(world, { policy: fiveUsd() });
    const { skipped, attention } = await watched.tick();
    expect([Object.keys(skipped), attention]).toEqual([
      ["reading users/me, without a run to show whose the token is, failed: 403 insufficient-permissions"],
      [],
    ]);
  });
});

describe("a warm function whose secret now holds another user's token", () => {
  const world: World = {
    ...worldOf(OVER_5_USD),
    actors: [{ name: "acme/shop" }, { name: "rival/shop" }],
    users: ["rival"],
    tokens: { old: { untilMs: MINUTE }, new: { user: "rival", fromMs: MINUTE } },
    runs: [
      { ...OVER_5_USD, label: "ours", startsAfterMs: 2 * MINUTE },
      { ...OVER_5_USD, actor: "rival/shop", user: "rival", label: "theirs" },
    ],
  };

  it("asks with it whose it is and nothing else, and fails in words", async () => {
    const watched = await watch(world, { policy: fiveUsd() });
    const ports = swapped(watched, "old", "new");
    await watched.tick(ports);
    const before = watched.emulator.truth.calls.length;
    watched.advance(5 * MINUTE);
    await expect(watched.tick(ports)).rejects.toThrow("belongs to user rival");
    expect(watched.aborts()).toEqual([]);
    const answered = watched.emulator.truth.calls.slice(before).filter(({ status }) => status !== 401);
    expect(answered.map(({ kind }) => kind)).toEqual(["user"]);
  });
});
