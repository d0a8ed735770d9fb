import { describe, expect, it, onTestFinished } from "vitest";
import { createEmulator, type World } from "../../../emulator/index.ts";
import { systemClock } from "../../../src/adapters/system.ts";
import { failure, fixedToken, never, overHttp } from "./support.ts";

async function connected(
  abortEndpoint: "actor-runs" | "acts" = "actor-runs",
  token = "any-token",
  world: "runaway" | World = "runaway",
) {
  const emulator = createEmulator({ world });
  const { url, close } = await emulator.listen();
  onTestFinished(close);
  const clock = { ...systemClock, now: () => new Date(emulator.clock.now()) };
  const apify = overHttp(url, { token: fixedToken(token), abortEndpoint, clock });
  return { emulator, apify };
}

const startsAfterMs = (index: number): number => (index - 1_300) * 10_000;

/** A run every ten seconds, each for five. */
const HISTORY: World = {
  name: "history",
  about: "More runs than one page holds.",
  actors: [{ name: "acme/shop" }],
  runs: Array.from({ length: 1_210 }, (_, index) => ({
    actor: "acme/shop",
    startsAfterMs: startsAfterMs(index),
    ends: { afterMs: 5_000, status: "SUCCEEDED" as const },
  })),
};

describe("the adapter on the pretend Apify", () => {
  it.each(["actor-runs", "acts"] as const)(
    "lists, reads, names, aborts and resurrects, by way of %s",
    async (endpoint) => {
      const { emulator, apify } = await connected(endpoint);
      const listing = await apify.listRuns(
        { statuses: ["READY", "RUNNING", "TIMING-OUT", "ABORTING"] },
        never,
      );
      expect(listing).toMatchObject({ complete: true, malformed: 0 });
      const dearest = listing.runs.toSorted(
        (a, b) => (b.usageTotalMicroUsd ?? 0) - (a.usageTotalMicroUsd ?? 0),
      )[0];
      if (dearest === undefined) throw new Error("the world has no run");
      const { id: runId, actorId, actorTaskId = "" } = dearest;
      expect(dearest).toMatchObject({ status: "RUNNING", origin: "SCHEDULER" });
      expect(dearest.usageTotalMicroUsd).toBeGreaterThan(1_500_000);

      const reading = await apify.readRun(runId, never);
      expect(reading).toMatchObject({
        kind: "found",
        run: { id: runId, detail: { stats: { migrationCount: 0 } } },
      });
      const user = await apify.checkUser(undefined, never);
      const userId = user.kind === "user" ? user.id : "";
      expect(await apify.actor(actorId, never)).toEqual({
        kind: "found",
        id: actorId,
        name: "acme/shop-products",
        userId,
      });
      expect(await apify.actor("acme/shop-products", never)).toMatchObject({ id: actorId });
      expect(await apify.task(actorTaskId, never)).toMatchObject({ name: "acme/shop-eu", userId });

      const taken = { kind: "taken", status: "ABORTING" };
      expect(await apify.abortRun({ runId, actorId, gracefully: true }, never)).toEqual(taken);
      expect(emulator.truth.calls.at(-1)).toMatchObject({
        kind: "abort",
        runId,
        gracefully: true,
        status: 200,
      });
      emulator.clock.advance(40_000);
      expect(await apify.readRun(runId, never)).toMatchObject({ run: { status: "ABORTED" } });
      const alive = await apify.resurrectRun(runId, { timeoutSecs: 600 }, never);
      expect(alive).toMatchObject({ id: runId, detail: { resurrectCount: 1 } });
      expect(apify.takeRequestCount()).toBe(emulator.truth.calls.length);
    },
  );

  it("knows its user and limits, a missing run, and a bad token", async () => {
    const { apify } = await connected();
    expect(await apify.checkUser(undefined, never)).toEqual({
      kind: "user",
      id: expect.any(String),
      username: expect.any(String),
      by: "users/me",
    });
    expect(await apify.limits(never)).toMatchObject({ maxMonthlyUsageMicroUsd: expect.any(Number) });
    expect(await apify.readRun("nosuchrun", never)).toMatchObject({ kind: "missing" });
    expect(await apify.actor("nosuchactor", never)).toEqual({ kind: "gone" });
    const gone = await apify.abortRun({ runId: "nosuchrun", actorId: "a", gracefully: true }, never);
    expect(gone).toMatchObject({ kind: "refused", status: 404, retryable: false });

    const wrong = await connected("actor-runs", "bad-token");
    expect(await failure(wrong.apify.checkUser(undefined, never))).toMatchObject({
      status: 401,
      retryable: false,
    });
  });

  it("gets by what goes wrong on the way", async () => {
    const { emulator, apify } = await connected();
    const run = emulator.truth.runs().find(({ lives }) => lives.at(-1)?.endedAtMs === undefined);
    if (run === undefined) throw new Error("the world has no live run");
    emulator.faults.add({ match: { kind: "get" }, fault: { kind: "reset", afterEffect: false } });
    emulator.faults.add({ match: { kind: "list" }, fault: { kind: "html", status: 200 } });
    expect(await apify.readRun(run.id, never)).toMatchObject({ kind: "found" });
    expect(await apify.listRuns({}, never)).toMatchObject({ complete: true });
    const call = { runId: run.id, actorId: run.actorId, gracefully: true };
    emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "reset", afterEffect: true } });
    expect(await apify.abortRun(call, never)).toMatchObject({ kind: "lost" });
    expect(await apify.readRun(run.id, never)).toMatchObject({ run: { status: "ABORTING" } });
    expect(emulator.truth.calls.filter(({ kind }) => kind === "abort")).toHaveLength(1);
  });

  it("lists more runs than one page holds from one instant to another, and takes them up at a place", async () => {
    const { emulator, apify } = await connected("actor-runs", "any-token", HISTORY);
    const start = (index: number) => new Date(emulator.clock.now() + startsAfterMs(index));
    const filter = { statuses: ["SUCCEEDED"], startedAfter: start(2), startedBefore: start(1_202) };
    const wanted = emulator.truth
      .runs()
      .slice(2, 1_203)
      .map(({ id }) => id);
    const listing = await apify.listRuns(filter, never);
    expect(listing.runs.map(({ id }) => id)).toEqual(wanted);
    const page = await apify.runsPage(filter, undefined, never);
    const rest = await apify.runsPage(filter, page.next, never);
    expect([page.runs.length, rest.runs.length, rest.next]).toEqual([1_000, 202, undefined]);
    expect(new Set([...page.runs, ...rest.runs].map(({ id }) => id))).toEqual(new Set(wanted));
  });

  it("reads the month's usage, which is that of the account's limits", async () => {
    const { emulator, apify } = await connected();
    emulator.clock.advance(3_600_000);
    const [usage, limits] = [await apify.monthlyUsage(never), await apify.limits(never)];
    expect(usage.totalMicroUsd).toBeGreaterThan(1_000_000);
    expect(usage).toMatchObject({ cycle: limits.cycle, totalMicroUsd: limits.monthlyUsageMicroUsd });
  });
});
