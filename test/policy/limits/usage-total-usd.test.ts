import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunDetail, RunSettings } from "../../../src/policy/index.ts";
import type { Known } from "../../../src/policy/limits/limit.ts";
import { at, HOUR, life, observation, run, runOfUnknownCost, usd } from "../../support/builders.ts";
import { detailed, known, measure } from "./measuring.ts";

describe("usageTotalUsd", () => {
  it("measures the run's cost in micro-dollars", () => {
    const seen = observation({ run: run({ usageTotalMicroUsd: usd(7) }) });
    expect(measure("usageTotalUsd", seen)).toEqual(known(usd(7)));
  });

  it("knows a cost of 0, which Apify told", () => {
    const seen = observation({ run: run({ usageTotalMicroUsd: 0 }) });
    expect(measure("usageTotalUsd", seen)).toEqual(known(0));
  });

  it("takes a missing cost for unknown, never for 0", () => {
    expect(measure("usageTotalUsd", observation({ run: runOfUnknownCost() }))).toEqual({
      kind: "unknown",
      reason: "Apify reports no usageTotalUsd for this run",
      young: false,
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "takes a cost of %d for unknown",
    (usageTotalMicroUsd) => {
      const seen = observation({ run: run({ usageTotalMicroUsd }) });
      expect(measure("usageTotalUsd", seen)).toMatchObject({ kind: "unknown" });
    },
  );

  it.each([
    [0, true],
    [119, true],
    [120, false],
    [121, false],
  ])("holds a missing cost %d s after the start against nobody: %s", (secs, young) => {
    const startedAt = at(-secs);
    const seen = observation({ run: runOfUnknownCost({ startedAt }) });
    expect(measure("usageTotalUsd", seen)).toMatchObject({ young });
  });

  it("counts the youth of a later life from when it was first seen", () => {
    const risen = observation({ run: runOfUnknownCost(), life: life({ number: 1, since: at(-30) }) });
    expect(measure("usageTotalUsd", risen)).toMatchObject({ kind: "unknown", young: true });
  });
});

describe("usageTotalUsd by estimate", () => {
  const PRICES = { start: 100_000, result: 2_500.5 };
  const estimated = (detail: Partial<RunDetail>, usageTotalMicroUsd?: number) => {
    const of = usageTotalMicroUsd === undefined ? runOfUnknownCost() : run({ usageTotalMicroUsd });
    return measure("usageTotalUsd", { ...detailed(detail, of), ownActor: false }, { basis: "estimate" });
  };
  const events = { start: 1, result: 1_001 };

  it("is what the charged events cost at least, in whole micro-dollars", () => {
    expect(estimated({ events, eventMicroUsd: PRICES }, 0)).toEqual({
      ...known(2_603_000),
      facts: { eventsUsd: 2.603 },
    });
  });

  it("is what Apify says where that is more, and says what the events come to", () => {
    expect(estimated({ events, eventMicroUsd: PRICES }, usd(9))).toEqual({
      ...known(usd(9)),
      facts: { eventsUsd: 2.603 },
    });
  });

  it("stands in for a cost that Apify does not tell", () => {
    expect(estimated({ events, eventMicroUsd: PRICES })).toMatchObject(known(2_603_000));
  });

  it("leaves a step on actual figures to what Apify says", () => {
    const seen = detailed({ events, eventMicroUsd: PRICES }, run({ usageTotalMicroUsd: usd(1) }));
    expect(measure("usageTotalUsd", seen)).toEqual(known(usd(1)));
  });

  it("counts an event without a price for nothing, for it is a lower bound", () => {
    const eventMicroUsd = { start: 100_000 };
    expect(estimated({ events, eventMicroUsd }, 0)).toMatchObject(known(100_000));
  });

  it.each<[string, Partial<RunDetail>]>([
    ["no events", { eventMicroUsd: PRICES }],
    ["no prices", { events }],
    ["events that were charged not once", { events: { result: 0 }, eventMicroUsd: PRICES }],
    ["nothing of either", {}],
    ["more than can be counted exactly", { events: { result: 1e300 }, eventMicroUsd: PRICES }],
    [
      "an event that is called like what every object has",
      { events: { toString: 3 }, eventMicroUsd: PRICES },
    ],
  ])("is what Apify says where the detail tells %s", (_what, detail) => {
    expect(estimated(detail, usd(1))).toEqual(known(usd(1)));
    expect(estimated(detail)).toMatchObject({ kind: "unknown", young: false });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -5])(
    "takes one event that was charged %d times for none, and keeps the others",
    (result) => {
      const spoilt = { events: { start: 1, result }, eventMicroUsd: PRICES };
      expect(estimated(spoilt, 0)).toMatchObject(known(100_000));
    },
  );

  it("takes a price that is no number for none", () => {
    const eventMicroUsd = { start: 100_000, result: Number.NaN };
    expect(estimated({ events, eventMicroUsd }, 0)).toMatchObject(known(100_000));
  });

  it("is unknown without a detail and without a cost, and young only in the first two minutes", () => {
    const blind = (secs: number) =>
      measure("usageTotalUsd", observation({ run: runOfUnknownCost({ startedAt: at(-secs) }) }), {
        basis: "estimate",
      });
    expect([blind(60), blind(HOUR)]).toMatchObject([
      { kind: "unknown", young: true },
      { kind: "unknown", young: false },
    ]);
  });
});

describe("an estimate is at most what can be billed", () => {
  type Told = {
    readonly detail?: Partial<RunDetail>;
    readonly settings?: RunSettings;
    readonly costUsd?: number;
    readonly own?: boolean | undefined;
  };
  /** 6,000 results at 0.002 USD, of somebody else's Actor. */
  const SIX_THOUSAND = { events: { result: 6_000 }, eventMicroUsd: { result: 2_000 } };
  function estimated({ detail, settings = {}, costUsd = 0.39, own }: Told) {
    const of = run({ usageTotalMicroUsd: usd(costUsd), settings });
    const seen = { ...detailed({ ...SIX_THOUSAND, ...detail }, of), ownActor: own };
    return measure("usageTotalUsd", seen, { basis: "estimate" });
  }

  it("is none for an Actor of one's own, whose events are counted and never billed", () => {
    expect(estimated({ own: false })).toMatchObject({ value: usd(12) });
    expect(estimated({ own: true })).toEqual(known(usd(0.39)));
  });

  it("is in doubt while it is not known whose the Actor is, beyond what Apify tells", () => {
    expect(estimated({})).toMatchObject({
      value: usd(12),
      doubt: { sure: usd(0.39), reason: expect.stringContaining("your own") },
    });
    expect(estimated({ costUsd: 12 })).not.toHaveProperty("doubt");
    const untold = { ...detailed(SIX_THOUSAND, runOfUnknownCost()), ownActor: undefined };
    const { doubt } = measure("usageTotalUsd", untold, { basis: "estimate" }) as Known;
    expect(doubt).toEqual({ reason: expect.any(String) });
  });

  it("goes by what Apify has accounted for rather than by what it has counted", () => {
    expect(estimated({ own: false, detail: { accountedEvents: { result: 0 } } })).toEqual(known(usd(0.39)));
    expect(estimated({ own: false, detail: { accountedEvents: { result: 500 } } })).toMatchObject({
      value: usd(1),
    });
    expect(estimated({ own: false, detail: { accountedEvents: {} } })).toEqual(known(usd(0.39)));
  });

  it("goes by what Apify has billed for an event rather than by any count of it", () => {
    const events = { result: 6_000, start: 10 };
    const eventMicroUsd = { result: 2_000, start: 100_000 };
    const detail = { events, eventMicroUsd, eventUsageMicroUsd: { result: usd(0.5) } };
    expect(estimated({ own: false, detail })).toMatchObject({ value: usd(1.5) });
    expect(
      estimated({ own: false, detail: { ...detail, accountedEvents: { result: 9, start: 0 } } }),
    ).toMatchObject({ value: usd(0.5) });
    expect(
      estimated({ own: false, detail: { events: {}, eventUsageMicroUsd: { other: usd(2) } } }),
    ).toMatchObject({ value: usd(2) });
  });

  it.each([true, false, undefined])("never comes to more than the cap, set by its user: %s", (byUser) => {
    const settings = {
      maxTotalChargeMicroUsd: usd(4),
      ...(byUser !== undefined && { capSetByUser: byUser }),
    };
    expect(estimated({ own: false, settings })).toMatchObject({ value: usd(4), facts: { eventsUsd: 4 } });
    expect(estimated({ own: false, settings, costUsd: 4.2 })).toMatchObject({ value: usd(4.2) });
  });

  it("takes a cap that is no number for none", () => {
    expect(estimated({ own: false, settings: { maxTotalChargeMicroUsd: Number.NaN } })).toMatchObject({
      value: usd(12),
    });
  });

  it("is in doubt once charging has stopped at a cap that is not reported", () => {
    const detail = { chargingStoppedAt: at(-60) };
    expect(estimated({ own: false, detail })).toMatchObject({ doubt: { sure: usd(0.39) } });
    expect(
      estimated({ own: false, detail, settings: { maxTotalChargeMicroUsd: usd(4) } }),
    ).not.toHaveProperty("doubt");
  });

  it("never exceeds what Apify tells, or the cap, or what was counted, whichever is least of the last two", () => {
    const amounts = fc.nat({ max: 20_000_000 });
    fc.assert(
      fc.property(
        amounts,
        fc.nat({ max: 9_000 }),
        fc.option(amounts),
        fc.boolean(),
        (cost, count, cap, own) => {
          const settings = cap === null ? {} : { maxTotalChargeMicroUsd: cap };
          const of = run({ usageTotalMicroUsd: cost, settings });
          const seen = { ...detailed({ ...SIX_THOUSAND, events: { result: count } }, of), ownActor: own };
          const { value } = measure("usageTotalUsd", seen, { basis: "estimate" }) as Known;
          const billable = own ? 0 : Math.min(count * 2_000, cap ?? Number.POSITIVE_INFINITY);
          expect(value).toBe(Math.max(cost, billable));
        },
      ),
    );
  });
});
