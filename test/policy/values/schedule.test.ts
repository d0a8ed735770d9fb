import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatSchedule,
  isOpen,
  isTimeZone,
  parseDays,
  parseHours,
  type Schedule,
} from "../../../src/policy/values/schedule.ts";

/** As a policy writes it: `mon-fri`, `22:00-06:00`. */
function schedule(days: string | undefined, hours: string | undefined, timeZone = "UTC"): Schedule {
  const when = parseHours(hours);
  const which = parseDays(days);
  return { timeZone, ...(which && { days: which }), ...(when && { hours: [when] }) };
}

/** At which of these instants it is open. */
const openAt = (of: Schedule, instants: readonly string[]): readonly boolean[] =>
  instants.map((each) => isOpen(of, new Date(each)));

/** For how many minutes it is open between two instants, looked at every minute. */
function minutesOpen(of: Schedule, from: string, to: string): number {
  let minutes = 0;
  for (let now = Date.parse(from); now < Date.parse(to); now += 60_000)
    if (isOpen(of, new Date(now))) minutes += 1;
  return minutes;
}

// 2026-11-24 is a Tuesday.
describe("isOpen()", () => {
  it("opens at its first minute and is closed at its last", () => {
    const noon = schedule(undefined, "09:00-17:30");
    expect(
      openAt(noon, [
        "2026-11-24T08:59:59.999Z",
        "2026-11-24T09:00:00.000Z",
        "2026-11-24T17:29:59.999Z",
        "2026-11-24T17:30:00.000Z",
      ]),
    ).toEqual([false, true, true, false]);
  });

  it("is open all day on its days, and on all days in its hours, where it has but one of them", () => {
    expect(
      openAt(schedule("tue", undefined), ["2026-11-24T00:00Z", "2026-11-24T23:59:59Z", "2026-11-25T00:00Z"]),
    ).toEqual([true, true, false]);
    expect(
      openAt(schedule(undefined, "09:00-17:00"), [
        "2026-11-22T10:00Z",
        "2026-11-24T10:00Z",
        "2026-11-28T10:00Z",
      ]),
    ).toEqual([true, true, true]);
    expect(isOpen({ timeZone: "UTC" }, new Date("2026-11-24T00:00Z"))).toBe(true);
  });

  it("is open from midnight to 24:00 to the last minute, and not on the next day", () => {
    const day = schedule("tue", "00:00-24:00");
    expect(
      openAt(day, [
        "2026-11-23T23:59Z",
        "2026-11-24T00:00Z",
        "2026-11-24T23:59:59.999Z",
        "2026-11-25T00:00Z",
      ]),
    ).toEqual([false, true, true, false]);
  });

  it("takes 22:00-24:00 and 22:00-00:00 for the same", () => {
    const instants = ["2026-11-24T21:59Z", "2026-11-24T22:00Z", "2026-11-24T23:59Z", "2026-11-25T00:00Z"];
    expect(openAt(schedule("tue", "22:00-24:00"), instants)).toEqual([false, true, true, false]);
    expect(openAt(schedule("tue", "22:00-00:00"), instants)).toEqual([false, true, true, false]);
  });

  it("lets a window over midnight belong to the day on which it opens", () => {
    const night = schedule("fri", "22:00-06:00");
    expect(
      openAt(night, [
        "2026-11-27T05:59Z", // Friday morning: Thursday's night
        "2026-11-27T21:59Z",
        "2026-11-27T22:00Z",
        "2026-11-28T00:00Z",
        "2026-11-28T05:59Z",
        "2026-11-28T06:00Z",
        "2026-11-28T22:00Z",
      ]),
    ).toEqual([false, false, true, true, true, false, false]);
  });

  it("takes the night of Saturday into Sunday, over the end of the week", () => {
    const night = schedule("sat", "22:00-06:00");
    expect(
      openAt(night, ["2026-11-28T23:00Z", "2026-11-29T05:00Z", "2026-11-29T23:00Z", "2026-11-28T05:00Z"]),
    ).toEqual([true, true, false, false]);
  });

  it("is open in any of its hours", () => {
    const hours = ["08:00-09:00", "17:00-18:00", "23:00-01:00"].flatMap((each) => parseHours(each) ?? []);
    const rush: Schedule = { timeZone: "UTC", hours };
    expect(
      openAt(rush, ["2026-11-24T08:30Z", "2026-11-24T12:00Z", "2026-11-24T17:30Z", "2026-11-24T00:30Z"]),
    ).toEqual([true, false, true, true]);
  });

  it("takes a span of days over the weekend", () => {
    const weekend = schedule("fri-mon", undefined);
    const days = ["22", "23", "24", "25", "26", "27", "28"].map((day) => `2026-11-${day}T12:00Z`);
    expect(openAt(weekend, days)).toEqual([true, true, false, false, false, true, true]);
  });

  it("goes by the clock on the wall of its own time zone", () => {
    const at = ["2026-11-24T16:59Z", "2026-11-24T17:00Z", "2026-11-25T01:59Z", "2026-11-25T02:00Z"];
    // Kathmandu is 5:45 ahead of UTC, New York 5:00 behind, Prague 1:00 ahead.
    expect(openAt(schedule("tue", "22:45-07:45", "Asia/Kathmandu"), at)).toEqual([false, true, true, false]);
    expect(openAt(schedule("tue", "12:00-21:00", "America/New_York"), at)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(openAt(schedule("tue", "18:00-03:00", "Europe/Prague"), at)).toEqual([false, true, true, false]);
  });

  it("goes by the day of its own time zone", () => {
    // Midnight in Kathmandu is 18:15 UTC of the day before.
    expect(
      openAt(schedule("wed", undefined, "Asia/Kathmandu"), [
        "2026-11-24T18:14Z",
        "2026-11-24T18:15Z",
        "2026-11-25T18:14Z",
        "2026-11-25T18:15Z",
      ]),
    ).toEqual([false, true, true, false]);
  });

  it.each([
    {
      zone: "Europe/Prague",
      change: "forward",
      from: "2026-03-28T12:00Z",
      to: "2026-03-29T12:00Z",
      night: 7,
      lost: 0,
    },
    {
      zone: "Europe/Prague",
      change: "back",
      from: "2026-10-24T12:00Z",
      to: "2026-10-25T12:00Z",
      night: 9,
      lost: 2,
    },
    {
      zone: "America/New_York",
      change: "forward",
      from: "2026-03-07T18:00Z",
      to: "2026-03-08T18:00Z",
      night: 7,
      lost: 0,
    },
  ])(
    "lasts $night hours from 22:00 to 06:00 in $zone when the clock goes $change, and the hour from 02:00 to 03:00 comes $lost times",
    ({ zone, from, to, night, lost }) => {
      expect(minutesOpen(schedule(undefined, "22:00-06:00", zone), from, to)).toBe(night * 60);
      expect(minutesOpen(schedule(undefined, "02:00-03:00", zone), from, to)).toBe(lost * 60);
    },
  );

  it("lasts nine hours from 22:00 to 06:00 in New York when the clock goes back, and 01:00 to 02:00 twice", () => {
    const [from, to] = ["2026-10-31T18:00Z", "2026-11-01T18:00Z"];
    expect(minutesOpen(schedule(undefined, "22:00-06:00", "America/New_York"), from, to)).toBe(9 * 60);
    expect(minutesOpen(schedule(undefined, "01:00-02:00", "America/New_York"), from, to)).toBe(2 * 60);
  });

  it("closes at the same time on the wall the day after the clock was changed", () => {
    const office = schedule("mon-fri", "09:00-17:00", "Europe/Prague");
    expect(
      openAt(office, ["2026-03-27T15:59Z", "2026-03-27T16:00Z", "2026-03-30T14:59Z", "2026-03-30T15:00Z"]),
    ).toEqual([true, false, true, false]);
  });

  it("is open exactly when the window turned inside out is closed", () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    const zone = fc.constantFrom("UTC", "Europe/Prague", "America/New_York", "Asia/Kathmandu");
    const when = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(minute, minute, zone, when, (from, to, timeZone, now) => {
        fc.pre(from !== to);
        const [window, rest] = [
          { from, to },
          { from: to, to: from },
        ];
        expect(isOpen({ hours: [window], timeZone }, now)).toBe(!isOpen({ hours: [rest], timeZone }, now));
      }),
    );
  });
});

describe("isTimeZone()", () => {
  it.each(["UTC", "Europe/Prague", "America/New_York", "Asia/Kathmandu"])("knows %s", (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(["", "Prague", "Europe/Praha", "CEST+99", " UTC"])("does not know %j", (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});

describe("parseDays()", () => {
  it.each<[string, readonly number[]]>([
    ["sun", [0]],
    ["mon-fri", [1, 2, 3, 4, 5]],
    ["sat-sun", [6, 0]],
    ["fri-mon", [5, 6, 0, 1]],
    ["wed-wed", [3]],
    ["sun-sat", [0, 1, 2, 3, 4, 5, 6]],
    [" Mon-FRI ", [1, 2, 3, 4, 5]],
  ])("reads %j as %j", (text, days) => {
    expect(parseDays(text)).toEqual(days);
  });

  it.each([
    "",
    "monday",
    "mon-",
    "-mon",
    "mon-fri-sun",
    "mon - fri",
    "mon,tue",
    "xxx-mon",
    "mon-xxx",
    1,
    null,
    undefined,
    [],
  ])("refuses %j", (raw) => {
    expect(parseDays(raw)).toBeUndefined();
  });
});

describe("parseHours()", () => {
  it.each([
    ["00:00-24:00", 0, 1440],
    ["22:00-06:00", 1320, 360],
    ["22:00-00:00", 1320, 0],
    [" 09:05 - 17:59 ", 545, 1079],
    ["23:59-24:00", 1439, 1440],
  ])("reads %j as %d to %d", (text, from, to) => {
    expect(parseHours(text)).toEqual({ from, to });
  });

  it.each([
    "",
    "09:00",
    "9:00-17:00",
    "09:00-17:60",
    "09:00-24:01",
    "09:00-25:00",
    "24:00-06:00",
    "24:00-00:00",
    "09:00-09:00",
    "09:00-12:00-15:00",
    "0900-1700",
    "a09:00-17:00",
    "09:00-17:00z",
    "09:0x-17:00",
    "0x:00-17:00",
    "x9:00-17:00",
    "09:x0-17:00",
    "09:00 to 17:00",
    "-",
    900,
    null,
    undefined,
    ["09:00-17:00"],
  ])("refuses %j", (raw) => {
    expect(parseHours(raw)).toBeUndefined();
  });
});

describe("formatSchedule()", () => {
  it("says when, as people would write it", () => {
    expect(formatSchedule(schedule("mon-wed", "22:00-06:05", "Europe/Prague"))).toBe(
      "mon-wed 22:00-06:05 Europe/Prague",
    );
    expect(formatSchedule(schedule("sun", undefined))).toBe("sun UTC");
    const hours = [
      { from: 0, to: 61 },
      { from: 720, to: 1440 },
    ];
    expect(formatSchedule({ hours, timeZone: "UTC" })).toBe("00:00-01:01, 12:00-24:00 UTC");
  });
});
