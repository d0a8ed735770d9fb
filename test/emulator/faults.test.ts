import { describe, expect, test } from "vitest";
import type { Fault } from "../../emulator/index.ts";
import { ask, emulatorOf, idOf, MINUTE, SECOND, serve, statusOf } from "./support.ts";

const abortPath = (emulator: ReturnType<typeof emulatorOf>) =>
  `/v2/actor-runs/${idOf(emulator)}/abort?gracefully=1`;

function struck(fault: Fault) {
  const emulator = emulatorOf({ startsAfterMs: -MINUTE });
  emulator.faults.add({ match: { kind: "abort" }, fault });
  return emulator;
}

describe("a fault", () => {
  test("of a status answers an error in Apify's envelope and has no effect", () => {
    const emulator = struck({ kind: "status", status: 503, type: "service-unavailable", message: "Later" });
    const told = ask(emulator, "POST", abortPath(emulator));
    expect([told.status, told.error]).toEqual([503, { type: "service-unavailable", message: "Later" }]);
    expect(statusOf(emulator, idOf(emulator))).toBe("RUNNING");
  });

  test("of a status can come after the effect", () => {
    const emulator = struck({ kind: "status", status: 500, afterEffect: true });
    expect(ask(emulator, "POST", abortPath(emulator)).status).toBe(500);
    expect(statusOf(emulator, idOf(emulator))).toBe("ABORTING");
    expect(emulator.truth.calls[0]).toMatchObject({ status: 500, effect: "aborting" });
  });

  test.each([502, 503, 200])("of HTML answers a page with status %i", (status) => {
    const emulator = struck({ kind: "html", status });
    const told = ask(emulator, "POST", abortPath(emulator));
    expect(told.headers["content-type"]).toContain("text/html");
    expect([told.status, told.body.startsWith("<html>")]).toEqual([status, true]);
    expect(statusOf(emulator, idOf(emulator))).toBe("RUNNING");
  });

  test("of bad JSON cuts the answer after the effect", () => {
    const emulator = struck({ kind: "bad-json" });
    const answer = emulator.handle({ method: "POST", url: `${abortPath(emulator)}&token=x`, headers: {} });
    expect(answer).toMatchObject({ kind: "answer", status: 200 });
    expect(() => JSON.parse(answer.kind === "answer" ? answer.body : "")).toThrow(SyntaxError);
    expect(statusOf(emulator, idOf(emulator))).toBe("ABORTING");
    expect(emulator.truth.calls[0]?.shown).toBeUndefined();
  });

  test("of no data answers an empty object", () => {
    const emulator = struck({ kind: "no-data" });
    expect(ask(emulator, "POST", abortPath(emulator))).toMatchObject({ status: 200, body: "{}" });
  });

  test("of a rate limit answers as documented", () => {
    const emulator = struck({ kind: "rate-limit" });
    const told = ask(emulator, "POST", abortPath(emulator));
    expect([told.status, told.error.type]).toEqual([429, "rate-limit-exceeded"]);
  });

  test("of slowness says how late the true answer comes", () => {
    const emulator = struck({ kind: "slow", delayMs: 40_000 });
    const answer = emulator.handle({ method: "POST", url: `${abortPath(emulator)}&token=x`, headers: {} });
    expect(answer).toMatchObject({ kind: "answer", status: 200, delayMs: 40_000 });
  });

  test.each([
    [false, "none", "RUNNING"],
    [true, "aborting", "ABORTING"],
  ] as const)("of a reset kills the connection (after the effect: %s)", (afterEffect, effect, status) => {
    const emulator = struck({ kind: "reset", afterEffect });
    expect(() => ask(emulator, "POST", abortPath(emulator))).toThrow("connection reset");
    expect(statusOf(emulator, idOf(emulator))).toBe(status);
    expect(emulator.truth.calls[0]).toMatchObject({ status: "reset", effect });
  });

  test("of an empty list strikes lists only", () => {
    const emulator = emulatorOf({});
    emulator.faults.add({ fault: { kind: "empty-list" } });
    expect(statusOf(emulator, idOf(emulator))).toBe("RUNNING");
    expect(ask(emulator, "GET", "/v2/actor-runs").data).toMatchObject({ total: 0, items: [] });
    expect(ask(emulator, "GET", "/v2/actor-runs").data.total).toBe(1);
  });

  test("of a partial list leaves out each so-manieth run, and writes down which", () => {
    const emulator = emulatorOf({});
    const second = emulator.startRun({ actor: "acme/news" });
    const third = emulator.startRun({ actor: "acme/news" });
    emulator.faults.add({ fault: { kind: "partial-list", leavesOut: 2 } });
    expect(statusOf(emulator, idOf(emulator))).toBe("RUNNING");
    const { data } = ask(emulator, "GET", "/v2/actor-runs");
    expect(data).toMatchObject({ total: 3, count: 1, items: [{ id: second }] });
    expect(emulator.truth.calls.at(-1)).toMatchObject({ leftOut: [idOf(emulator), third] });
    expect(Object.keys(emulator.truth.calls.at(-1)?.shown ?? {})).toEqual([second]);
    expect(ask(emulator, "GET", "/v2/actor-runs").data.count).toBe(3);
  });

  test("of lagging shows reads as they were: newest runs missing, statuses and figures old", () => {
    const emulator = emulatorOf({
      cost: 3_600,
      usageLagMs: 0,
      ends: { afterMs: 2 * MINUTE, status: "SUCCEEDED" },
    });
    emulator.clock.advance(MINUTE);
    const then = ask(emulator, "GET", "/v2/actor-runs").data;
    emulator.clock.advance(90 * SECOND);
    emulator.startRun({ actor: "acme/news" });
    emulator.faults.add({ fault: { kind: "lagging", byMs: 90 * SECOND }, times: 2 });
    expect(ask(emulator, "GET", "/v2/actor-runs").data).toEqual(then);
    expect(ask(emulator, "GET", "/v2/actor-runs?status=RUNNING").data).toEqual(then);
    expect(ask(emulator, "GET", "/v2/actor-runs").data.total).toBe(2);
  });

  test("of youth does not find a run that has just started", () => {
    const emulator = emulatorOf({});
    emulator.faults.add({ fault: { kind: "young-404", forMs: 5 * SECOND }, times: Number.POSITIVE_INFINITY });
    expect(ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`).status).toBe(404);
    emulator.clock.advance(5 * SECOND);
    expect(ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator)}`).status).toBe(200);
  });
});

describe("a planned fault", () => {
  const statuses = (emulator: ReturnType<typeof emulatorOf>, count: number) =>
    Array.from({ length: count }, () => ask(emulator, "GET", "/v2/actor-runs").status);
  const fault: Fault = { kind: "status", status: 500 };

  test("strikes once, or so many times, or from the nth on", () => {
    const emulator = emulatorOf();
    emulator.faults.add({ fault });
    expect(statuses(emulator, 2)).toEqual([500, 200]);
    emulator.faults.add({ fault, times: 2 });
    expect(statuses(emulator, 3)).toEqual([500, 500, 200]);
    emulator.faults.add({ match: { kind: "list", nth: 3 }, fault });
    expect(statuses(emulator, 4)).toEqual([200, 200, 500, 200]);
  });

  test("strikes only requests of its kind and run", () => {
    const emulator = emulatorOf({}, {});
    emulator.faults.add({ match: { kind: "get", runId: idOf(emulator, 1) }, fault });
    expect(statuses(emulator, 1)).toEqual([200]);
    expect(ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator, 0)}`).status).toBe(200);
    expect(ask(emulator, "GET", `/v2/actor-runs/${idOf(emulator, 1)}`).status).toBe(500);
  });

  test("strikes only in its time, and not after clear()", () => {
    const emulator = emulatorOf();
    const now = emulator.clock.now();
    const window = { fromMs: now + MINUTE, untilMs: now + 2 * MINUTE };
    emulator.faults.add({ fault, times: Number.POSITIVE_INFINITY, ...window });
    expect(statuses(emulator, 1)).toEqual([200]);
    emulator.clock.advance(MINUTE);
    expect(statuses(emulator, 2)).toEqual([500, 500]);
    emulator.clock.advance(MINUTE);
    expect(statuses(emulator, 1)).toEqual([200]);
    emulator.faults.add({ fault });
    emulator.faults.clear();
    expect(statuses(emulator, 1)).toEqual([200]);
  });
});

describe("over HTTP", () => {
  test("a reset is a dead connection", async () => {
    const emulator = emulatorOf();
    const { url } = await serve(emulator);
    emulator.faults.add({ fault: { kind: "reset", afterEffect: false } });
    await expect(fetch(`${url}/v2/actor-runs?token=x`)).rejects.toThrow(TypeError);
    expect((await fetch(`${url}/v2/actor-runs?token=x`)).status).toBe(200);
  });

  test("a slow answer outlasts a client that gives up, yet has its effect", async () => {
    const emulator = emulatorOf({});
    const { url } = await serve(emulator);
    emulator.faults.add({ fault: { kind: "slow", delayMs: 60_000 } });
    const signal = AbortSignal.timeout(100);
    const abort = fetch(`${url}${abortPath(emulator)}&token=x`, { method: "POST", signal });
    await expect(abort).rejects.toMatchObject({ name: "TimeoutError" });
    expect(statusOf(emulator, idOf(emulator))).toBe("ABORTING");
  });
});
