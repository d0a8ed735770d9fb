import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addSpend,
  ceilTo,
  DAY_MS,
  dayOf,
  daySlot,
  endOfSlot,
  floorTo,
  HOUR_MS,
  hourSlot,
  hoursOf,
  isHourSlot,
  type SpendBySlot,
  spread,
  startOfSlot,
  totalOf,
} from "../../../src/policy/values/slots.ts";

const MINUTE_MS = 60_000;
const on = (iso: string): Date => new Date(iso);
const instants = fc.date({ min: on("2020-01-01"), max: on("2030-01-01"), noInvalidDate: true });
const amounts = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const lengthsMs = fc.oneof(fc.nat({ max: 5 * HOUR_MS }), fc.nat({ max: 60 * DAY_MS }));
const spans = fc
  .record({ from: instants, ms: lengthsMs })
  .map(({ from, ms }) => ({ from, to: new Date(from.getTime() + ms) }));

describe("a slot", () => {
  it("holds the instant that it was made for, and no other slot of its length does", () => {
    fc.assert(
      fc.property(instants, (at) => {
        for (const [slot, lengthMs] of [[hourSlot(at), HOUR_MS] as const, [daySlot(at), DAY_MS] as const]) {
          const [from, to] = [startOfSlot(slot).getTime(), endOfSlot(slot).getTime()];
          expect(from).toBeLessThanOrEqual(at.getTime());
          expect(to).toBeGreaterThan(at.getTime());
          expect(to - from).toBe(lengthMs);
        }
      }),
    );
  });

  it("sorts by time, and an hour belongs to its day", () => {
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        if (hourSlot(a) < hourSlot(b)) expect(a.getTime()).toBeLessThan(b.getTime());
        expect(dayOf(hourSlot(a))).toBe(daySlot(a));
        expect(dayOf(daySlot(a))).toBe(daySlot(a));
        expect(hoursOf(daySlot(a))).toContain(hourSlot(a));
      }),
    );
  });

  it("of a day has 24 hours, which follow each other from midnight to midnight", () => {
    const hours = hoursOf("2026-11-25");
    expect(hours).toHaveLength(24);
    expect([hours[0], hours[23]]).toEqual(["2026-11-25T00", "2026-11-25T23"]);
    for (const [i, hour] of hours.slice(1).entries())
      expect(startOfSlot(hour)).toEqual(endOfSlot(hours[i] ?? ""));
  });

  it("is an hour or a day by its looks", () => {
    expect([isHourSlot("2026-11-25T06"), isHourSlot("2026-11-25")]).toEqual([true, false]);
  });
});

describe("spread()", () => {
  it("gives each hour its share of the time", () => {
    expect(spread(90, on("2026-11-25T09:40:00Z"), on("2026-11-25T11:10:00Z"))).toEqual({
      "2026-11-25T09": 20,
      "2026-11-25T10": 60,
      "2026-11-25T11": 10,
    });
  });

  it("gives what a span without length has to the moment before its end", () => {
    const midnight = on("2026-11-25T00:00:00Z");
    expect(spread(7, midnight, midnight)).toEqual({ "2026-11-24T23": 7 });
    expect(spread(7, on("2026-11-25T00:30:00Z"), midnight)).toEqual({ "2026-11-24T23": 7 });
  });

  it("keeps what is more than two days back by the day, and never a day and its hours both", () => {
    const pieces = spread(24 * 4, on("2026-11-21T00:00:00Z"), on("2026-11-25T00:00:00Z"));
    expect(pieces).toMatchObject({
      "2026-11-21": 24,
      "2026-11-22": 24,
      "2026-11-23T00": 1,
      "2026-11-24T23": 1,
    });
    fc.assert(
      fc.property(amounts, spans, (microUsd, { from, to }) => {
        const slots = Object.keys(spread(microUsd, from, to));
        const days = new Set(slots.filter((slot) => !isHourSlot(slot)));
        for (const slot of slots.filter(isHourSlot)) {
          expect(days.has(dayOf(slot))).toBe(false);
          expect(startOfSlot(slot).getTime()).toBeGreaterThanOrEqual(to.getTime() - 3 * DAY_MS);
        }
        for (const day of days) expect(endOfSlot(day).getTime()).toBeLessThan(to.getTime() - DAY_MS);
      }),
    );
  });

  it("touches no slot outside of the span", () => {
    fc.assert(
      fc.property(amounts, spans, (microUsd, { from, to }) => {
        fc.pre(from < to);
        for (const slot of Object.keys(spread(microUsd, from, to))) {
          expect(endOfSlot(slot).getTime()).toBeGreaterThan(from.getTime());
          expect(startOfSlot(slot).getTime()).toBeLessThan(to.getTime());
        }
      }),
    );
  });

  it("is even: no slot is more than a micro-dollar off its share, and none is against the sign", () => {
    fc.assert(
      fc.property(amounts, spans, (microUsd, { from, to }) => {
        fc.pre(from < to);
        for (const [slot, piece] of Object.entries(spread(microUsd, from, to))) {
          const fromMs = Math.max(from.getTime(), startOfSlot(slot).getTime());
          const untilMs = Math.min(to.getTime(), endOfSlot(slot).getTime());
          const share = (microUsd * (untilMs - fromMs)) / (to.getTime() - from.getTime());
          expect(Math.abs(piece - share)).toBeLessThanOrEqual(1);
          expect(Math.sign(piece)).toBe(Math.sign(microUsd));
        }
      }),
    );
  });

  it("of nothing is nothing", () => {
    expect(spread(0, on("2026-11-25T09:40:00Z"), on("2026-11-25T11:10:00Z"))).toEqual({});
    expect(spread(0, on("2026-11-25T09:40:00Z"), on("2026-11-25T09:40:00Z"))).toEqual({});
  });
});

describe("addSpend()", () => {
  const spends: fc.Arbitrary<SpendBySlot> = fc.dictionary(
    fc.constantFrom("2026-11-25T06", "2026-11-25T07", "2026-11-24"),
    fc.integer({ min: -9, max: 9 }).filter((microUsd) => microUsd !== 0),
  );

  it("adds slot by slot, in whichever order, and loses nothing", () => {
    fc.assert(
      fc.property(spends, spends, spends, (a, b, c) => {
        expect(addSpend(a, b)).toEqual(addSpend(b, a));
        expect(addSpend(addSpend(a, b), c)).toEqual(addSpend(a, addSpend(b, c)));
        expect(totalOf(addSpend(a, b))).toBe(totalOf(a) + totalOf(b));
      }),
    );
  });

  it("leaves out what comes to nothing, and changes neither", () => {
    const a = { "2026-11-25T06": 5, "2026-11-25T07": 1 };
    expect(addSpend(a, { "2026-11-25T06": -5 })).toEqual({ "2026-11-25T07": 1 });
    expect(a).toEqual({ "2026-11-25T06": 5, "2026-11-25T07": 1 });
  });
});

describe("floorTo() and ceilTo()", () => {
  it("go down and up to a whole unit, and leave a whole one alone", () => {
    expect([floorTo(61_000, MINUTE_MS), ceilTo(61_000, MINUTE_MS)]).toEqual([60_000, 120_000]);
    expect([floorTo(120_000, MINUTE_MS), ceilTo(120_000, MINUTE_MS)]).toEqual([120_000, 120_000]);
    expect([floorTo(-1, MINUTE_MS), ceilTo(-1, MINUTE_MS) + 0]).toEqual([-60_000, 0]);
  });
});
