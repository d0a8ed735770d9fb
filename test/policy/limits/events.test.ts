import { describe, expect, it } from "vitest";
import type { RunDetail, RunSettings } from "../../../src/policy/index.ts";
import { at, HOUR, observation, run } from "../../support/builders.ts";
import { detailed, known, limitOf, measure } from "./measuring.ts";

const counted = (detail: Partial<RunDetail>, settings?: RunSettings, metric = "events.result") =>
  measure(metric, detailed(detail, run({ ...(settings && { settings }) })));
const UNKNOWN = {
  kind: "unknown",
  reason: "Apify reports no events.result for this run",
  young: false,
};

describe("events.<name>", () => {
  it("measures how often the event was charged", () => {
    expect(counted({ events: { start: 1, result: 12 } })).toEqual(known(12));
    expect(counted({ events: { result: 0 } })).toEqual(known(0));
  });

  it("counts an event that the run's Actor has and has not charged yet as 0", () => {
    expect(counted({ events: { start: 1 }, eventMicroUsd: { result: 5 } })).toEqual(known(0));
  });

  it("takes an event that its Actor may not have for unknown", () => {
    expect(counted({ events: { start: 1 } })).toEqual(UNKNOWN);
    expect(counted({ events: { start: 1 }, eventMicroUsd: { start: 5 } })).toEqual(UNKNOWN);
  });

  it("takes an event for unknown where no count at all is told", () => {
    expect(counted({ eventMicroUsd: { result: 5 } })).toEqual(UNKNOWN);
  });

  it.each(["NONE", "FREE", "FLAT_PRICE_PER_MONTH", "PRICE_PER_DATASET_ITEM", "A_MODEL_OF_TOMORROW"])(
    "counts 0 of a run whose pricing is %s, which charges for no events",
    (pricingModel) => {
      expect(counted({}, { pricingModel })).toEqual(known(0));
    },
  );

  it("takes nothing for granted of pay per event, nor of pricing that is not reported", () => {
    expect(counted({}, { pricingModel: "PAY_PER_EVENT" })).toEqual(UNKNOWN);
    expect(counted({}, { build: "latest" })).toEqual(UNKNOWN);
    expect(counted({})).toEqual(UNKNOWN);
  });

  it("says nothing of a run whose detail was not read, whatever its pricing", () => {
    const listed = observation({ run: run({ settings: { pricingModel: "FREE" } }) });
    expect(measure("events.result", listed)).toMatchObject({ reason: "the run's detail was not read" });
  });

  it("takes a count that is no number for unknown, not for uncharged", () => {
    const spoilt = { events: { result: Number.NaN }, eventMicroUsd: { result: 5 } };
    expect(counted(spoilt)).toEqual(UNKNOWN);
    expect(counted(spoilt, { pricingModel: "FREE" })).toEqual(UNKNOWN);
  });

  it.each(["constructor", "toString"])("does not take %s, which every object has, for an event", (name) => {
    expect(counted({ events: {}, eventMicroUsd: {} }, undefined, `events.${name}`)).toMatchObject({
      kind: "unknown",
    });
  });

  it("holds a missing count against nobody in the queue, nor in the first two minutes", () => {
    const young = (status: string, secs: number) =>
      measure("events.result", observation({ run: run({ status, startedAt: at(-secs) }) }));
    expect([young("READY", HOUR), young("RUNNING", 119), young("RUNNING", 120)]).toMatchObject([
      { young: true },
      { young: true },
      { young: false },
    ]);
  });

  it("is limited to a number of an event with any name that Apify allows", () => {
    expect(limitOf({ "events.apify-actor-start_2": 5 })).toEqual({
      metric: "events.apify-actor-start_2",
      value: 5,
    });
    for (const name of ["", "-x", "a b", "a.b"])
      expect(() => limitOf({ [`events.${name}`]: 5 })).toThrow("wanted a limit");
    expect(() => limitOf({ "events.result": 0 })).toThrow("a number of events above 0");
  });
});
