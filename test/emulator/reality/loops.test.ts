import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type RunScript, type ScheduleSpec } from "../../../emulator/index.ts";
import { ask, emulatorOf, HOUR, type Json, MINUTE, SECOND, serve, worldOf } from "../support.ts";
import { detailOf } from "./support.ts";

// Facts, section 6: `meta` has `scheduleId` and `scheduledAt`; section 18: events fire within about a second of their
// time, and an exclusive schedule does not start a run while its last one is live; section 10: a resurrected run keeps
// its id. Section 11: a retry storm of a night cost 240 USD.

const scheduled = (spec: Partial<ScheduleSpec>, ...runs: readonly Partial<RunScript>[]): Emulator =>
  createEmulator({
    world: {
      ...worldOf(...runs),
      schedules: [
        {
          name: "often",
          id: "schedule-often",
          everyMs: 10 * MINUTE,
          starts: { actor: "acme/shop" },
          ...spec,
        },
      ],
    },
  });
const list = (emulator: Emulator, query = ""): Json[] =>
  ask(emulator, "GET", `/v2/actor-runs?${query}`).data.items;
const abort = (emulator: Emulator, id: string) =>
  ask(emulator, "POST", `/v2/actor-runs/${id}/abort`).data.status;

describe("a schedule", () => {
  test("starts a run each time, which says by whom it was started and when it was due", () => {
    const emulator = scheduled({});
    const start = emulator.clock.now();
    emulator.clock.advance(25 * MINUTE);
    const runs = list(emulator);
    expect(
      runs.map(({ meta }) => [meta.origin, meta.scheduleId, Date.parse(meta.scheduledAt) - start]),
    ).toEqual([0, 10, 20].map((minute) => ["SCHEDULER", "schedule-often", minute * MINUTE]));
    for (const { startedAt, meta } of runs) {
      const lateMs = Date.parse(startedAt) - Date.parse(meta.scheduledAt);
      expect(lateMs).toBeGreaterThan(0);
      expect(lateMs).toBeLessThanOrEqual(SECOND);
    }
  });

  test("starts whatever somebody stops again at its next time", () => {
    const emulator = scheduled({ isExclusive: true });
    emulator.clock.advance(25 * MINUTE);
    expect(list(emulator)).toHaveLength(1);
    abort(emulator, list(emulator)[0].id);
    emulator.clock.advance(10 * MINUTE);
    expect(list(emulator, "status=READY,RUNNING")).toHaveLength(1);
    expect(list(emulator)).toHaveLength(2);
  });

  test("has a history when it began before the world, and starts nothing out of its time", () => {
    const emulator = scheduled({ fromMs: -30 * MINUTE, untilMs: 15 * MINUTE });
    expect(list(emulator)).toHaveLength(3);
    emulator.clock.advance(HOUR);
    expect(list(emulator)).toHaveLength(5);
  });

  test("starts nothing more once it is disabled", () => {
    const emulator = scheduled({});
    emulator.clock.advance(10 * MINUTE + SECOND);
    emulator.editSchedule("often", { isEnabled: false });
    emulator.clock.advance(HOUR);
    expect(list(emulator)).toHaveLength(2);
    expect(() => emulator.editSchedule("never", {})).toThrow('no schedule "never"');
  });

  test("starts several runs at once, numbered by its times, and none of an Actor that is gone", () => {
    const starts = [
      { actor: "acme/shop", label: "shop" },
      { actor: "acme/news", label: "news" },
    ];
    const world = {
      ...worldOf(),
      schedules: [{ name: "both", everyMs: HOUR, starts }],
      changes: [{ kind: "delete-actor", atMs: 90 * MINUTE, actor: "acme/news" }],
    } as const;
    const emulator = createEmulator({ world });
    emulator.clock.advance(2 * HOUR + MINUTE);
    expect(emulator.truth.runs().map(({ label }) => label)).toEqual([
      "shop#1",
      "news#1",
      "shop#2",
      "news#2",
      "shop#3",
    ]);
  });

  test("must start an Actor of the world, and leave a second between two runs", () => {
    expect(() => scheduled({ starts: { actor: "acme/nothing" } })).toThrow('names the Actor "acme/nothing"');
    expect(() => scheduled({ everyMs: 10 })).toThrow("1,000 or more");
  });
});

describe("whoever resurrects a run", () => {
  test("does so after each end, so many times, and never more", () => {
    const emulator = emulatorOf({ label: "lazarus", resurrected: { afterMs: 30 * SECOND, times: 3 } });
    const id = emulator.truth.idOf("lazarus");
    const seen = Array.from({ length: 5 }, () => {
      const status = abort(emulator, id);
      emulator.clock.advance(30 * SECOND);
      return [status, detailOf(emulator, "lazarus").stats.resurrectCount];
    });
    expect(seen).toEqual([
      ["ABORTED", 1],
      ["ABORTED", 2],
      ["ABORTED", 3],
      ["ABORTED", 3],
      ["ABORTED", 3],
    ]);
    expect(list(emulator, "status=RUNNING")).toEqual([]);
    expect(emulator.truth.runs()[0]?.lives).toHaveLength(4);
  });

  test("does so after ends of all kinds, which need not be seen by anybody", () => {
    const ends = { afterMs: MINUTE, status: "SUCCEEDED" } as const;
    const emulator = emulatorOf({ label: "lazarus", ends, resurrected: { afterMs: MINUTE } });
    emulator.clock.advance(10 * MINUTE);
    expect(detailOf(emulator, "lazarus").stats).toMatchObject({ resurrectCount: 5, runTimeSecs: 300 });
  });
});

describe("whoever retries", () => {
  test("starts another run like it after each that ended badly, so many times", () => {
    const emulator = emulatorOf({ label: "storm", cost: 60, retried: { afterMs: 10 * SECOND, times: 2 } });
    for (const label of ["storm", "storm#2", "storm#3"]) {
      expect(list(emulator, "status=READY,RUNNING").map(({ id }) => id)).toEqual([
        emulator.truth.idOf(label),
      ]);
      abort(emulator, emulator.truth.idOf(label));
      emulator.clock.advance(10 * SECOND);
    }
    expect(list(emulator, "status=READY,RUNNING")).toEqual([]);
    expect(emulator.truth.runs().map(({ origin }) => origin)).toEqual(["API", "API", "API"]);
  });

  test("goes on while runs fail by themselves, and leaves well alone", () => {
    const failing = { afterMs: MINUTE, status: "FAILED" } as const;
    const emulator = emulatorOf(
      { actor: "acme/news", ends: failing, retried: { afterMs: MINUTE } },
      { ends: { ...failing, status: "SUCCEEDED" }, retried: { afterMs: MINUTE } },
    );
    emulator.clock.advance(10 * MINUTE);
    const byActor = (name: string) => emulator.truth.runs().filter(({ actorName }) => actorName === name);
    expect([byActor("acme/news").length, byActor("acme/shop").length]).toEqual([6, 1]);
  });
});

test("what happens does not depend on who looks when", () => {
  const world = {
    ...worldOf(
      { ends: { afterMs: 3 * MINUTE, status: "FAILED" }, retried: { afterMs: 20 * SECOND, times: 9 } },
      { ends: { afterMs: 7 * MINUTE, status: "SUCCEEDED" }, resurrected: { afterMs: 45 * SECOND } },
    ),
    schedules: [{ name: "often", everyMs: 4 * MINUTE, starts: { actor: "acme/news" } }],
  } as const;
  const after = (steps: readonly number[]) => {
    const emulator = createEmulator({ world });
    const startMs = emulator.clock.now();
    for (const step of steps) {
      emulator.clock.advance(step);
      ask(emulator, "GET", "/v2/actor-runs");
    }
    emulator.clock.advance(startMs + 2 * HOUR - emulator.clock.now());
    return { runs: emulator.truth.runs(), spend: emulator.truth.spendByRun(0, emulator.clock.now()) };
  };
  const once = after([]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 * MINUTE }), { maxLength: 6 }), (steps) => {
      expect(after(steps)).toEqual(once);
    }),
    { numRuns: 30 },
  );
});

test("the official client sees the runs of a schedule as any other", async () => {
  const emulator = scheduled({});
  emulator.clock.advance(25 * MINUTE);
  const { client } = await serve(emulator);
  const { items } = await client.runs().list({ desc: true });
  expect(items).toHaveLength(3);
});

test("the world loops has no end, whoever stops what", () => {
  const emulator = createEmulator({ world: "loops" });
  for (let minute = 0; minute < 60; minute++) {
    for (const { id, usageTotalUsd } of list(emulator, "status=READY,RUNNING"))
      if (usageTotalUsd >= 5) abort(emulator, id);
    emulator.clock.advance(MINUTE);
  }
  const runs = emulator.truth.runs();
  const of = (label: string) => runs.filter((run) => run.label?.split("#")[0] === label);
  expect(of("scheduled").length).toBeGreaterThanOrEqual(6);
  expect(of("storm").length).toBeGreaterThan(8);
  expect(of("lazarus")[0]?.lives.length).toBeGreaterThan(8);
  expect(of("hourly").length).toBe(25);
  expect(list(emulator, "status=READY,RUNNING").length).toBeGreaterThanOrEqual(3);
});
