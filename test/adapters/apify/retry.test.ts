import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { ApifyError } from "../../../src/watchdog/model/errors.ts";
import {
  data,
  failure,
  fixedToken,
  html,
  json,
  never,
  refusal,
  run,
  type Step,
  scripted,
} from "./support.ts";

const failing: [string, Step][] = [
  ["429", refusal(429, "rate-limit-exceeded")],
  ["500", refusal(500, "internal-server-error")],
  ["503 without a body", json(503, "")],
  ["502 of HTML", html(502)],
  ["200 of HTML", html(200)],
  ["404 of HTML", html(404)],
  ["403 of HTML", html(403)],
  ["HTML without its content type", json(200, "  <!doctype html><p>hello")],
  ["JSON cut in half", json(200, '{"data":{"id":"run1","act')],
  ["a 404 that is cut in half", json(404, '{"error":{"type":"record-not-fo')],
  ["a 404 that is not Apify's", json(404, { message: "no Route matched with those values" })],
  ["200 without data", json(200, {})],
  ["200 with data null", data(null)],
  ["204 without a body", json(204, "")],
  ["a run without a status", data({ id: "run1", actId: "actor1", startedAt: "2026-09-01T11:00:00.000Z" })],
  ["another run", data(run({ id: "run2" }))],
  ["a reset", "reset"],
  ["silence", "hang"],
];

describe("a read", () => {
  it.each(failing)("is tried again after %s", async (_what, step) => {
    const { asked, requests } = scripted([step, data(run())]);
    const reading = await asked((apify) => apify.readRun("run1", never));
    expect(reading).toMatchObject({ kind: "found", run: { id: "run1" } });
    expect(requests).toHaveLength(2);
  });

  it.each(failing)(
    "gives up after four times %s, with an error worth another try later",
    async (_what, step) => {
      const { asked, requests } = scripted([step]);
      const error = await failure(asked((apify) => apify.readRun("run1", never)));
      expect(error).toBeInstanceOf(ApifyError);
      expect(error).toMatchObject({ retryable: true, attempt: 4, path: "/v2/actor-runs/run1" });
      expect((error as ApifyError).isOfToken).toBe(false);
      expect(requests).toHaveLength(4);
    },
  );

  it.each([400, 402, 405, 408, 410, 413])("is not tried again after a %i", async (status) => {
    const { asked, requests } = scripted([refusal(status, "invalid-request"), data(run())]);
    const error = await failure(asked((apify) => apify.readRun("run1", never)));
    expect(error).toMatchObject({ status, type: "invalid-request", retryable: false, attempt: 1 });
    expect(requests).toHaveLength(1);
  });

  it.each([
    [0, [0, 500, 1_500, 3_500]],
    [0.5, [0, 750, 2_250, 5_250]],
    [0.999, [0, 999.5, 2_998.5, 6_996.5]],
  ])("waits between D and 2 D, D doubling from 500 ms (random %d)", async (random, times) => {
    const { asked, requests } = scripted([refusal(503, "internal-server-error")], { random: () => random });
    await failure(asked((apify) => apify.readRun("run1", never)));
    expect(requests.map(({ at }) => at)).toEqual(times);
  });

  it("waits for each answer for as long as the clock says, then starts to wait for the next try", async () => {
    const { asked, requests } = scripted(["hang"], {
      requestTimeoutMs: 4_000,
      maxAttempts: 2,
      random: () => 0,
    });
    const error = await failure(asked((apify) => apify.readRun("run1", never)));
    expect(requests.map(({ at }) => at)).toEqual([0, 4_500]);
    expect(error).toMatchObject({ status: 0, type: "no-answer", retryable: true });
    expect(String(error)).toContain("no answer within 4 s");
  });

  it("is as old as the request of the try that succeeded", async () => {
    const { asked } = scripted(["hang", refusal(503, "x"), data(run())], { random: () => 0 });
    const { observedAt } = await asked((apify) => apify.readRun("run1", never));
    expect(observedAt.toISOString()).toBe("2026-09-01T12:00:11.500Z");
  });

  it("counts every request sent, once", async () => {
    const { apify, asked } = scripted([refusal(503, "x"), data(run())]);
    await asked((each) => each.readRun("run1", never));
    expect([apify.takeRequestCount(), apify.takeRequestCount()]).toEqual([3, 0]);
    await asked((each) => each.readRun("run1", never));
    expect(apify.takeRequestCount()).toBe(1);
  });
});

describe("the caller's signal", () => {
  it("ends a request under way at once, although the transport ignores it, and starts no other", async () => {
    const stop = new AbortController();
    const { asked, requests, clock } = scripted(() => {
      queueMicrotask(() => stop.abort());
      return "hang";
    });
    const startedAt = clock.now();
    const error = await failure(asked((apify) => apify.readRun("run1", stop.signal)));
    expect(error).toMatchObject({ status: 0, type: "no-answer", retryable: true, attempt: 1 });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.signal.aborted).toBe(true);
    expect(clock.now()).toBe(startedAt);
  });

  it("ends the pause between two tries, and no further try is sent", async () => {
    const stop = new AbortController();
    const { asked, requests, clock, time } = scripted([refusal(503, "internal-server-error")]);
    void time.sleep(100).then(() => stop.abort());
    const startedAt = clock.now();
    const error = await failure(asked((apify) => apify.readRun("run1", stop.signal)));
    expect(error).toMatchObject({ type: "no-answer", retryable: true, attempt: 1, cause: { status: 503 } });
    expect(requests).toHaveLength(1);
    expect(clock.now() - startedAt).toBe(100);
  });

  it("that has aborted before sends nothing", async () => {
    const { apify, asked, requests } = scripted([data(run())]);
    const error = await failure(asked((each) => each.readRun("run1", AbortSignal.abort())));
    expect(error).toMatchObject({ type: "no-answer", retryable: true, attempt: 0 });
    expect(requests).toHaveLength(0);
    expect(apify.takeRequestCount()).toBe(0);
  });

  it("ends the wait for a token that does not come", async () => {
    const stop = new AbortController();
    const token = { ...fixedToken(), get: () => new Promise<string>(() => undefined) };
    const { asked, requests } = scripted([data(run())], { token });
    queueMicrotask(() => stop.abort());
    expect(await failure(asked((apify) => apify.readRun("run1", stop.signal)))).toMatchObject({
      type: "no-answer",
    });
    expect(requests).toHaveLength(0);
  });

  it("keeps no listener, and no timer runs on", async () => {
    const stop = new AbortController();
    const sleeping = new Set<AbortSignal | undefined>();
    const { time } = scripted([]);
    const clock = {
      now: time.now,
      monotonicMs: time.monotonicMs,
      sleep: async (ms: number, signal?: AbortSignal) => {
        sleeping.add(signal);
        await time.sleep(ms, signal);
        sleeping.delete(signal);
      },
    };
    const outcomes: readonly Step[] = [
      data(run()),
      refusal(400, "x"),
      "reset",
      "hang",
      refusal(401, "x"),
      data(run()),
    ];
    for (const step of outcomes) {
      const { apify } = scripted([step, step, data(run())], { clock });
      await time.run(apify.readRun("run1", stop.signal).catch(() => undefined));
    }
    await time.run(Promise.resolve());
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
    expect(sleeping.size).toBe(0);
  });
});
