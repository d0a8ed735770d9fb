import { describe, expect, it } from "vitest";
import { createEmulator } from "../../../emulator/index.ts";
import { EMPTY_LIVE } from "../../../src/watchdog/model/live.ts";
import type { Ports } from "../../../src/watchdog/model/ports.ts";
import { policyNeedsTypical, resolveTypical } from "../../../src/watchdog/observe/typical.ts";
import { withinBudget } from "../../../src/watchdog/observe/within-budget.ts";
import { openContext } from "../../../src/watchdog/tick/open.ts";
import { policy, rule, usd } from "../../support/builders.ts";
import { instead } from "../../support/instead.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { HOUR, MINUTE, SECOND } from "../../support/world.ts";

const needing = policy({
  rules: [rule(), rule({ id: "typical", limit: { metric: "timesTypical.usd", value: 3 } })],
});

describe("policyNeedsTypical()", () => {
  it("is for policies with a limit on what is typical", () => {
    expect([policyNeedsTypical(needing), policyNeedsTypical(policy())]).toEqual([true, false]);
  });
});

describe("resolveTypical()", () => {
  const endsBy = () => new Date(8.64e15);
  const never = new AbortController().signal;

  /** What becomes known of the live runs of `every-limit`, by their Actor's name, and what it cost to know. */
  async function typicalIn(watched: Watched, ports: Ports, inForce = needing) {
    const context = await openContext(ports, EMPTY_LIVE, { signal: never, endsBy: endsBy() });
    const live = watched.emulator.truth.runs().filter(({ lives }) => lives.at(-1)?.endedAtMs === undefined);
    const of = live.map(({ actorId, taskId }) => ({ actorId, ...(taskId && { actorTaskId: taskId }) }));
    const asked = watched.emulator.truth.calls.length;
    const known = await watched.run(resolveTypical(context, inForce, of, never));
    const typical = (name: string) => {
      const index = live.findIndex(({ actorName }) => actorName === name);
      return known(of[index] ?? { actorId: "?" }).typical;
    };
    const requests = watched.emulator.truth.calls.length - asked;
    return { typical, requests, skipped: Object.fromEntries(context.skipped) };
  }
  /** As a tick leaves it that has checked whose the token is. */
  async function open(): Promise<Watched> {
    const watched = await watch(createEmulator({ world: "every-limit" }));
    await watched.run(watched.ports.apify.checkUser(undefined, never));
    return watched;
  }

  it("asks nothing for a policy that does not need it", async () => {
    const watched = await open();
    const { requests, typical } = await typicalIn(watched, watched.ports, policy());
    expect([requests, typical("acme/product-feed")]).toEqual([0, undefined]);
  });

  it("learns what is typical of a run's task or, without one, its Actor, by one request each, and one more where there are successes", async () => {
    const watched = await open();
    const { typical, requests, skipped } = await typicalIn(watched, watched.ports);
    expect([requests, skipped]).toEqual([15, {}]);
    const feed = typical("acme/product-feed");
    expect(feed).toMatchObject({ usageTotalMicroUsd: { runs: 12 }, runTimeSecs: { runs: 12 } });
    expect(feed?.usageTotalMicroUsd?.median).toBeGreaterThan(usd(0.55));
    expect(feed?.usageTotalMicroUsd?.median).toBeLessThan(usd(0.65));
    const sync = typical("acme/nightly-sync")?.runTimeSecs;
    expect(sync?.runs).toBe(12);
    expect(sync?.median).toBeGreaterThan(13 * 60);
    expect(sync?.median).toBeLessThan(17 * 60 + 2);
    expect(typical("acme/giant")).toEqual({});
  });

  it("does not fall back from a task without a history to its Actor's", async () => {
    const done = { actor: "acme/shop", readyForMs: 0, startsAfterMs: -HOUR } as const;
    const watched = await watch({
      name: "tasks",
      about: "An Actor with a history, and a task of it without one.",
      actors: [{ name: "acme/shop" }],
      tasks: [{ name: "shop-eu", actor: "acme/shop" }],
      runs: [
        { ...done, ends: { afterMs: MINUTE, status: "SUCCEEDED" } },
        { actor: "acme/shop", task: "shop-eu" },
      ],
    });
    const { ports, emulator } = watched;
    const context = await openContext(ports, EMPTY_LIVE, { signal: never, endsBy: endsBy() });
    const { actorId = "", taskId = "" } = emulator.truth.runs().at(-1) ?? {};
    const [alone, ofTask] = [{ actorId }, { actorId, actorTaskId: taskId }];
    const known = await watched.run(resolveTypical(context, needing, [alone, ofTask], never));
    expect(known(alone).typical?.runTimeSecs?.runs).toBe(1);
    expect(known(ofTask)).toEqual({ typical: {} });
  });

  it("asks anew after an hour where there was nothing to know", async () => {
    const watched = await open();
    const requestsAfter = async (ms: number) => {
      watched.advance(ms);
      return (await typicalIn(watched, watched.ports)).requests;
    };
    expect(await requestsAfter(0)).toBe(15);
    expect(await requestsAfter(59 * MINUTE)).toBe(0);
    // All but the two with a history.
    expect(await requestsAfter(MINUTE)).toBe(11);
  });

  it("finds in the store what another process learnt", async () => {
    const watched = await open();
    await typicalIn(watched, watched.ports);
    watched.advance(MINUTE);
    const { typical, requests } = await typicalIn(watched, watched.process());
    expect(requests).toBe(0);
    expect(typical("acme/product-feed")?.usageTotalMicroUsd?.runs).toBe(12);
  });

  it("learns a day later how it has changed", async () => {
    const watched = await open();
    await typicalIn(watched, watched.ports);
    const ends = { afterMs: MINUTE, status: "SUCCEEDED" } as const;
    for (let index = 0; index < 40; index++) {
      watched.emulator.startRun({ actor: "acme/product-feed", cost: 60, ends });
    }
    watched.emulator.startRun({ actor: "acme/product-feed", startsAfterMs: HOUR });
    watched.advance(23 * HOUR);
    expect((await typicalIn(watched, watched.ports)).typical("acme/product-feed")?.runTimeSecs?.runs).toBe(
      12,
    );
    watched.advance(HOUR);
    const { typical } = await typicalIn(watched, watched.ports);
    expect(typical("acme/product-feed")?.usageTotalMicroUsd).toEqual({ median: usd(1), runs: 52 });
  });

  const failing = (watched: Watched, fails: (id: string) => Promise<never>): Ports =>
    watched.process({ apify: instead(watched.ports.apify, { recentRuns: ({ id }) => fails(id) }) });

  it("is silent for an hour where asking failed, says so, and spares the others", async () => {
    const watched = await open();
    const feedId = watched.emulator.truth
      .runs()
      .find(({ actorName }) => actorName === "acme/product-feed")?.actorId;
    let asked = 0;
    const { apify } = watched.ports;
    const ports = watched.process({
      apify: instead(apify, {
        recentRuns(of, statuses, signal) {
          if (of.id !== feedId) return apify.recentRuns(of, statuses, signal);
          asked += 1;
          return Promise.reject(new Error("no answer"));
        },
      }),
    });
    const first = await typicalIn(watched, ports);
    expect(first.typical("acme/product-feed")).toBeUndefined();
    expect(first.typical("acme/nightly-sync")).toBeDefined();
    expect(first.skipped).toEqual({ "reading what is typical of an Actor failed": 1 });
    watched.advance(59 * MINUTE);
    expect((await typicalIn(watched, ports)).skipped).toEqual({});
    expect(asked).toBe(1);
    watched.advance(MINUTE);
    await typicalIn(watched, ports);
    expect(asked).toBe(2);
  });

  it("throws on a refused token alone: whatever else fails leaves what is typical absent, and is counted", async () => {
    const watched = await open();
    watched.emulator.faults.add({
      match: { kind: "list" },
      fault: { kind: "status", status: 401, type: "user-or-token-not-found" },
      times: Number.POSITIVE_INFINITY,
    });
    await expect(typicalIn(watched, watched.ports)).rejects.toThrow("refused the token");
    const state = instead(watched.ports.state, { readTypical: () => Promise.reject(new Error("throttled")) });
    const { typical, skipped } = await typicalIn(watched, watched.process({ state }));
    expect([typical("acme/product-feed"), skipped]).toEqual([
      undefined,
      { "reading what is typical failed": 1 },
    ]);
  });

  it("takes no more than its part of the tick, and does not wait again for who never answers", async () => {
    const watched = await open();
    watched.emulator.faults.add({
      match: { kind: "list" },
      fault: { kind: "slow", delayMs: HOUR },
      times: Number.POSITIVE_INFINITY,
    });
    const { ports } = watched;
    const began = watched.emulator.clock.now();
    const look = async () => {
      const context = await openContext(ports, EMPTY_LIVE, { signal: never, endsBy: endsBy() });
      const [first] = watched.emulator.truth.runs();
      const of = [{ actorId: first?.actorId ?? "" }];
      await watched.run(
        withinBudget(context, 20 * SECOND, (signal) => resolveTypical(context, needing, of, signal)),
      );
      return Object.keys(context.skipped.size > 0 ? Object.fromEntries(context.skipped) : {});
    };
    expect(await look()).toEqual(["reading what is typical of an Actor failed: no answer"]);
    const took = watched.emulator.clock.now() - began;
    expect(took).toBeLessThanOrEqual(21 * SECOND);
    expect(await look()).toEqual([]);
    expect(watched.emulator.clock.now() - began).toBe(took);
  });

  it("tries again in the next tick what was begun just before time ran out", async () => {
    const watched = await open();
    const over = new AbortController();
    const ports = failing(watched, () => {
      over.abort();
      return Promise.reject(new Error("given up"));
    });
    const context = await openContext(ports, EMPTY_LIVE, { signal: never, endsBy: endsBy() });
    const of = [{ actorId: watched.emulator.truth.runs()[0]?.actorId ?? "" }];
    await watched.run(resolveTypical(context, needing, of, over.signal));
    expect(ports.memory.typical.size).toBe(0);
  });
});
