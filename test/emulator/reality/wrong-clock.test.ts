import { describe, expect, test } from "vitest";
import { createEmulator, type DateSetting, runningClock, steppedClock } from "../../../emulator/index.ts";
import { ask, emulatorOf, HOUR, idOf, MINUTE, serve, worldOf } from "../support.ts";

// Every HTTP answer of a server that has a clock carries `Date` (RFC 9110, section 6.6.1), and one from a cache `Age`
// (RFC 9111, section 5.1); Apify's are no exception. Facts, section 1: timestamps are Apify's own, in UTC.

const START = new Date("2026-09-01T08:00:00.250Z");
const opened = (date: DateSetting | readonly DateSetting[]) =>
  createEmulator({ world: { ...worldOf({}), date }, clock: steppedClock(START) });
const dateOf = (emulator: ReturnType<typeof opened>, path = "/v2/actor-runs") =>
  ask(emulator, "GET", path).headers;

describe("the date of an answer", () => {
  test("is the pretend Apify's own time, whatever the answer, in whole seconds", () => {
    const emulator = opened([]);
    emulator.clock.advance(1_500);
    expect(dateOf(emulator).date).toBe("Tue, 01 Sep 2026 08:00:01 GMT");
    emulator.clock.advance(HOUR);
    for (const path of ["/v2/users/me", "/v2/nothing", `/v2/actor-runs/${idOf(emulator)}`])
      expect(dateOf(emulator, path).date).toBe("Tue, 01 Sep 2026 09:00:01 GMT");
    emulator.faults.add({ fault: { kind: "html", status: 502 } });
    expect(dateOf(emulator).date).toBe("Tue, 01 Sep 2026 09:00:01 GMT");
  });

  test.each<[DateSetting, Record<string, string | undefined>]>([
    [{ skewMs: -6 * HOUR }, { date: "Tue, 01 Sep 2026 02:00:00 GMT", age: undefined }],
    [{ skewMs: 2 * MINUTE }, { date: "Tue, 01 Sep 2026 08:02:00 GMT", age: undefined }],
    [{ as: "missing" }, { date: undefined, age: undefined }],
    [{ ageSecs: 40 }, { date: "Tue, 01 Sep 2026 07:59:20 GMT", age: "40" }],
  ])("with %j is %j", (setting, wanted) => {
    const { date, age } = dateOf(opened(setting));
    expect({ date, age }).toEqual(wanted);
  });

  test("can be one that nobody can read", () => {
    expect(Number.isNaN(Date.parse(dateOf(opened({ as: "unreadable" })).date ?? ""))).toBe(true);
  });

  test("is wrong in its time alone, and for the requests alone that are meant", () => {
    const emulator = opened([
      { match: { kind: "user" }, as: "missing" },
      { skewMs: HOUR, fromMs: MINUTE, untilMs: 2 * MINUTE },
    ]);
    const seen = [0, 1, 2].map((minute) => {
      if (minute > 0) emulator.clock.advance(MINUTE);
      return [dateOf(emulator).date?.slice(17, 22), dateOf(emulator, "/v2/users/me").date];
    });
    expect(seen).toEqual([
      ["08:00", undefined],
      ["09:01", undefined],
      ["08:02", undefined],
    ]);
  });

  test("does not touch what runs are dated by", () => {
    const emulator = opened({ skewMs: -6 * HOUR });
    const [item] = ask(emulator, "GET", "/v2/actor-runs").data.items;
    expect(item.startedAt).toBe(START.toISOString());
  });
});

describe("over HTTP", () => {
  test("the date is the virtual clock's, not the machine's", async () => {
    const { url } = await serve(opened({ skewMs: -HOUR }));
    const { headers } = await fetch(`${url}/v2/actor-runs?token=x`);
    expect(headers.get("date")).toBe("Tue, 01 Sep 2026 07:00:00 GMT");
  });

  test("no date is added where there is to be none", async () => {
    const { url } = await serve(opened({ as: "missing" }));
    expect((await fetch(`${url}/v2/actor-runs?token=x`)).headers.get("date")).toBeNull();
  });

  test("a world that lives as fast as real time is dated as the machine is", async () => {
    const emulator = createEmulator({ world: worldOf(), clock: runningClock() });
    const { url } = await serve(emulator);
    const before = Date.now();
    const date = Date.parse((await fetch(`${url}/v2/actor-runs?token=x`)).headers.get("date") ?? "");
    expect(date).toBeGreaterThanOrEqual(before - 2_000);
    expect(date).toBeLessThanOrEqual(Date.now() + 2_000);
  });
});

test("the world wrong-clock goes through every kind of wrong date, and is right in between", () => {
  const emulator = createEmulator({ world: "wrong-clock" });
  const aheadMs = () => {
    const { date, age } = ask(emulator, "GET", "/v2/actor-runs").headers;
    if (date === undefined) return "missing";
    if (Number.isNaN(Date.parse(date))) return "unreadable";
    return age === undefined ? Date.parse(date) - emulator.clock.now() : "cached";
  };
  const seen = Array.from({ length: 8 }, (_, index) => {
    if (index > 0) emulator.clock.advance(10 * MINUTE);
    return aheadMs();
  });
  const behind = -6 * HOUR;
  expect(seen).toEqual([behind, behind, 0, "missing", "unreadable", "cached", 2 * MINUTE, 0]);
});

test("an emulator without settings dates its answers rightly", () => {
  const emulator = emulatorOf();
  expect(Date.parse(dateOf(emulator).date ?? "")).toBe(emulator.clock.now());
});
