import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Budget, Period } from "../../../src/policy/policy.ts";
import { elapsedIn, windowAt } from "../../../src/policy/spend/windows.ts";
import { DAY_MS, HOUR_MS } from "../../../src/policy/values/slots.ts";

const per = (period: Period, timeZone = "UTC"): Budget => ({
  of: "usd",
  limit: 1,
  per: period,
  each: "account",
  timeZone,
});
const window = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) });
const windowOf = (budget: Budget, at: string) => windowAt(budget, new Date(at), undefined);

const zones = fc.constantFrom(
  "UTC",
  "Europe/Prague",
  "America/New_York",
  "America/Havana",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
);
const periods = fc.constantFrom("hour", "day", "week", "month" as const);
const anyInstant = fc.date({
  min: new Date("2005-01-01"),
  max: new Date("2040-01-01"),
  noInvalidDate: true,
});
/** The days on which clocks were put on and back, and one that Samoa left out. */
const oddInstant = fc
  .record({
    day: fc.constantFrom("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2011-12-30", "2017-10-15"),
    offMs: fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }),
  })
  .map(({ day, offMs }) => new Date(Date.parse(day) + offMs));
const instants = fc.oneof(anyInstant, oddInstant);

describe("windowAt()", () => {
  it("parts time without a gap and without an overlap, in every zone", () => {
    fc.assert(
      fc.property(periods, zones, instants, (period, timeZone, at) => {
        const budget = per(period, timeZone);
        const now = windowAt(budget, at, undefined);
        if (now === undefined) throw new Error("no window");
        expect(now.from.getTime()).toBeLessThanOrEqual(at.getTime());
        expect(now.to.getTime()).toBeGreaterThan(at.getTime());
        expect(windowAt(budget, now.to, undefined)?.from).toEqual(now.to);
        expect(windowAt(budget, new Date(now.from.getTime() - 1), undefined)?.to).toEqual(now.from);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the same for every instant within it", () => {
    fc.assert(
      fc.property(
        periods,
        zones,
        instants,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (p, zone, at, share) => {
          const now = windowAt(per(p, zone), at, undefined);
          if (now === undefined) throw new Error("no window");
          const lastMs = now.to.getTime() - 1;
          const other = new Date(now.from.getTime() + Math.floor(share * (lastMs - now.from.getTime())));
          for (const instant of [now.from, other, new Date(lastMs)])
            expect(windowAt(per(p, zone), instant, undefined)).toEqual(now);
        },
      ),
    );
  });

  it("begins and ends with a UTC hour, whatever the zone", () => {
    fc.assert(
      fc.property(periods, zones, instants, (period, timeZone, at) => {
        const now = windowAt(per(period, timeZone), at, undefined);
        expect([now?.from, now?.to].map((edge) => (edge?.getTime() ?? 1) % HOUR_MS)).toEqual([0, 0]);
      }),
    );
  });

  it("makes whole weeks of whole days, and whole months of whole days", () => {
    fc.assert(
      fc.property(fc.constantFrom("week", "month" as const), zones, instants, (period, timeZone, at) => {
        const whole = windowAt(per(period, timeZone), at, undefined);
        const day = windowAt(per("day", timeZone), at, undefined);
        if (whole === undefined || day === undefined) throw new Error("no window");
        expect(day.from.getTime()).toBeGreaterThanOrEqual(whole.from.getTime());
        expect(day.to.getTime()).toBeLessThanOrEqual(whole.to.getTime());
        expect(windowAt(per("day", timeZone), whole.from, undefined)?.from).toEqual(whole.from);
      }),
    );
  });

  it.each([
    ["a common day", "2026-11-25T12:00:00Z", "2026-11-24T23:00:00Z", "2026-11-25T23:00:00Z", 24],
    [
      "the day on which clocks go on",
      "2026-03-29T12:00:00Z",
      "2026-03-28T23:00:00Z",
      "2026-03-29T22:00:00Z",
      23,
    ],
    [
      "the day on which they go back",
      "2026-10-25T12:00:00Z",
      "2026-10-24T22:00:00Z",
      "2026-10-25T23:00:00Z",
      25,
    ],
  ])("knows %s in Prague", (_name, at, from, to, hours) => {
    const day = windowOf(per("day", "Europe/Prague"), at);
    expect(day).toEqual(window(from, to));
    expect((Date.parse(to) - Date.parse(from)) / HOUR_MS).toBe(hours);
  });

  it("begins a day that begins within a UTC hour with the next", () => {
    expect(windowOf(per("day", "Asia/Kolkata"), "2026-11-25T12:00:00Z")).toEqual(
      window("2026-11-24T19:00:00Z", "2026-11-25T19:00:00Z"),
    );
    // Midnight there is at 18:30Z: the half hour after it still belongs to the day before.
    expect(windowOf(per("day", "Asia/Kolkata"), "2026-11-25T18:45:00Z")?.to).toEqual(
      new Date("2026-11-25T19:00:00Z"),
    );
  });

  it("begins weeks on Monday, and months on the first, over the turn of a year", () => {
    expect(windowOf(per("week"), "2026-11-29T23:59:59.999Z")).toEqual(
      window("2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z"),
    );
    expect(windowOf(per("week"), "2027-01-01T00:00:00Z")).toEqual(
      window("2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z"),
    );
    expect(windowOf(per("month"), "2026-12-31T23:59:59.999Z")).toEqual(
      window("2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    );
    expect(windowOf(per("month"), "2028-02-29T12:00:00Z")).toEqual(
      window("2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
    );
  });

  it("has no day where the calendar has none: Samoa went from the 29th to the 31st", () => {
    const before = windowOf(per("day", "Pacific/Apia"), "2011-12-30T05:00:00Z");
    const after = windowOf(per("day", "Pacific/Apia"), "2011-12-30T12:00:00Z");
    expect(before?.to).toEqual(new Date("2011-12-30T10:00:00Z"));
    expect(after).toEqual(window("2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"));
  });

  it("takes Apify's cycle as Apify tells it, which ends a millisecond before the next", () => {
    const told = window("2026-11-17T14:00:00.000Z", "2026-12-17T13:59:59.999Z");
    const cycle = windowAt(per("cycle"), new Date("2026-12-17T13:59:59.999Z"), told);
    expect(cycle).toEqual(window("2026-11-17T14:00:00Z", "2026-12-17T14:00:00Z"));
    expect(windowAt(per("cycle"), new Date("2026-11-17T14:00:00Z"), told)).toEqual(cycle);
  });

  it("leaves the hour within which a cycle begins to the one before, at both of its ends", () => {
    const told = window("2026-11-17T14:30:00.000Z", "2026-12-17T14:29:59.999Z");
    const cycle = window("2026-11-17T15:00:00Z", "2026-12-17T15:00:00Z");
    expect(windowAt(per("cycle"), new Date("2026-11-17T15:00:00Z"), told)).toEqual(cycle);
    expect(windowAt(per("cycle"), new Date("2026-12-17T14:59:59.999Z"), told)).toEqual(cycle);
    expect(windowAt(per("cycle"), new Date("2026-11-17T14:59:59.999Z"), told)).toBeUndefined();
  });

  it("knows no cycle where none is told, or where the one that was told is over or yet to come", () => {
    const told = window("2026-11-17T14:00:00.000Z", "2026-12-17T13:59:59.999Z");
    expect(windowAt(per("cycle"), new Date("2026-12-01"), undefined)).toBeUndefined();
    expect(windowAt(per("cycle"), new Date("2026-12-17T14:00:00Z"), told)).toBeUndefined();
    expect(windowAt(per("cycle"), new Date("2026-11-17T13:59:59.999Z"), told)).toBeUndefined();
  });
});

describe("elapsedIn()", () => {
  it("counts what has passed of a window, from nothing to all of it", () => {
    const day = window("2026-11-25", "2026-11-26");
    expect(elapsedIn(day, new Date("2026-11-25T01:00:00Z"))).toBe(HOUR_MS);
    expect(elapsedIn(day, new Date("2026-11-24"))).toBe(0);
    expect(elapsedIn(day, new Date("2026-11-27"))).toBe(DAY_MS);
  });
});
