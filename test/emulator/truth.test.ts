import { describe, expect, test } from "vitest";
import { createEmulator, steppedClock, type WorldName, worldNames } from "../../emulator/index.ts";
import { ask, emulatorOf, HOUR, idOf, MINUTE, SECOND } from "./support.ts";

describe("truth", () => {
  test("tells the lives of a run as far as they have gone", () => {
    const emulator = emulatorOf({ readyForMs: 2 * SECOND, onAbort: { kind: "drains", forMs: 5 * SECOND } });
    const start = emulator.clock.now();
    const id = idOf(emulator);
    expect(emulator.truth.runs()[0]?.lives).toEqual([{ startedAtMs: start }]);
    emulator.clock.advance(MINUTE);
    ask(emulator, "POST", `/v2/actor-runs/${id}/abort?gracefully=1`);
    const aborting = { startedAtMs: start, readyUntilMs: start + 2 * SECOND, abortingAtMs: start + MINUTE };
    expect(emulator.truth.runs()[0]?.lives).toEqual([aborting]);
    emulator.clock.advance(MINUTE);
    ask(emulator, "POST", `/v2/actor-runs/${id}/resurrect`);
    expect(emulator.truth.runs()[0]).toMatchObject({
      id,
      actorName: "acme/shop",
      origin: "API",
      lives: [
        { ...aborting, endedAtMs: start + 65 * SECOND, endStatus: "ABORTED" },
        { startedAtMs: start + 2 * MINUTE },
      ],
    });
  });

  test("tells what the run cost and what the API showed, at any instant", () => {
    const emulator = emulatorOf({ cost: 3_600, usageLagMs: 10 * SECOND });
    const [id, start] = [idOf(emulator), emulator.clock.now()];
    emulator.clock.advance(HOUR);
    expect(emulator.truth.costUsdAt(id, start + MINUTE)).toBeCloseTo(60, 9);
    expect(emulator.truth.reportedUsdAt(id, start + MINUTE)).toBe(50);
    expect(ask(emulator, "GET", `/v2/actor-runs/${id}`).data.usageTotalUsd).toBe(
      emulator.truth.reportedUsdAt(id, emulator.clock.now()),
    );
    expect(() => emulator.truth.costUsdAt("nosuchrun", start)).toThrow("nosuchrun");
  });

  test("tells each request in order: what it did, and what it told the caller", () => {
    const emulator = emulatorOf({ cost: 0 });
    const id = idOf(emulator);
    ask(emulator, "GET", "/v2/actor-runs");
    ask(emulator, "GET", `/v2/actor-runs/${id}`, { token: null });
    emulator.clock.advance(SECOND);
    ask(emulator, "POST", `/v2/acts/acme~shop/runs/${id}/abort?gracefully=true`);
    ask(emulator, "GET", "/v2/nothing");
    const [atMs, later] = [emulator.clock.now() - SECOND, emulator.clock.now()];
    const user = { authorised: true, userId: ask(emulator, "GET", "/v2/users/me").data.id };
    const none = { effect: "none", status: 200 } as const;
    expect(emulator.truth.calls.slice(0, 4)).toEqual([
      { atMs, kind: "list", ...none, ...user, shown: { [id]: { status: "RUNNING", usageTotalUsd: 0 } } },
      {
        atMs,
        kind: "get",
        runId: id,
        ...none,
        statusBefore: "RUNNING",
        authorised: false,
        shown: { [id]: { status: "RUNNING" } },
      },
      {
        atMs: later,
        kind: "abort",
        runId: id,
        gracefully: true,
        status: 200,
        effect: "aborting",
        statusBefore: "RUNNING",
        ...user,
        shown: { [id]: { status: "ABORTING", usageTotalUsd: 0 } },
      },
      { atMs: later, kind: "unknown", ...none, status: 404, ...user },
    ]);
  });
});

describe("determinism", () => {
  const transcript = (world: WorldName, seed: number): string => {
    const emulator = createEmulator({ world, seed, clock: steppedClock(new Date("2026-03-01T12:00:00Z")) });
    const answers: unknown[] = [];
    for (let minute = 0; minute < 90; minute += 7) {
      const list = emulator.handle({ method: "GET", url: "/v2/actor-runs?token=x&limit=50", headers: {} });
      answers.push(list);
      const id = emulator.truth.runs().at(minute % 5)?.id ?? "none";
      const abort = { method: "POST", url: `/v2/actor-runs/${id}/abort?token=x&gracefully=1`, headers: {} };
      answers.push(emulator.handle(abort));
      answers.push(
        emulator.handle({ method: "POST", url: "/v2/acts/acme~news-monitor/runs?token=x", headers: {} }),
      );
      emulator.clock.advance(7 * MINUTE);
    }
    return JSON.stringify([answers, emulator.truth.calls, emulator.truth.runs()]);
  };

  // The past of 3,000 runs makes no other choices than a world of hundreds, and takes ten times as long.
  const told = worldNames.filter((name) => !name.startsWith("past-") && name !== "busy-day");
  test.each(told)("the same seed tells the same story of %s, another seed another", (world) => {
    expect(transcript(world, 7)).toBe(transcript(world, 7));
    expect(transcript(world, 7)).not.toBe(transcript(world, 8));
  });
});
