import { describe, expect, it } from "vitest";
import type { RunDetail } from "../../../src/policy/index.ts";
import { at, HOUR, observation, run } from "../../support/builders.ts";
import { detailed, known, limitOf, measure } from "./measuring.ts";

/** Quantities and costs are told alike, and measured alike. */
describe.each<[string, (figures: Record<string, number>) => Partial<RunDetail>]>([
  ["usage", (usage) => ({ usage })],
  ["usageUsd", (usageMicroUsd) => ({ usageMicroUsd })],
])("%s.<SERVICE>", (prefix, told) => {
  const metric = `${prefix}.DATASET_WRITES`;

  it("measures the service by its name", () => {
    expect(measure(metric, detailed(told({ DATASET_WRITES: 7, DATASET_READS: 9 })))).toEqual(known(7));
  });

  it("knows a 0 that Apify told", () => {
    expect(measure(metric, detailed(told({ DATASET_WRITES: 0 })))).toEqual(known(0));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("takes %d for no figure", (DATASET_WRITES) => {
    expect(measure(metric, detailed(told({ DATASET_WRITES })))).toMatchObject({ kind: "unknown" });
  });

  it("takes a service that Apify does not tell for unknown, never for 0", () => {
    const unknown = { kind: "unknown", reason: `Apify reports no ${metric} for this run`, young: false };
    expect([measure(metric, detailed(told({}))), measure(metric, detailed({}))]).toEqual([unknown, unknown]);
  });

  it("is unknown where no detail was read", () => {
    expect(measure(metric, observation())).toMatchObject({ reason: "the run's detail was not read" });
  });

  it("holds a missing figure against nobody in the queue, nor in the first two minutes", () => {
    const young = (status: string, secs: number) =>
      measure(metric, observation({ run: run({ status, startedAt: at(-secs) }) }));
    expect([young("READY", HOUR), young("RUNNING", 119), young("RUNNING", 120)]).toMatchObject([
      { young: true },
      { young: true },
      { young: false },
    ]);
  });

  it("measures a service that Apify adds one day, once Apify tells it", () => {
    const added = `${prefix}.A_SERVICE_OF_TOMORROW`;
    expect(limitOf({ [added]: 5 })).toMatchObject({ metric: added });
    expect(measure(added, detailed({}))).toMatchObject({ kind: "unknown" });
    const told = { A_SERVICE_OF_TOMORROW: 3 };
    expect(measure(added, detailed({ usage: told, usageMicroUsd: told }))).toEqual(known(3));
  });

  it("refuses what no service is called, and names the one meant", () => {
    expect(() => limitOf({ [`${prefix}.dataset_writes`]: 5 })).toThrow(`did you mean "${metric}"?`);
    expect(() => limitOf({ [`${prefix}.`]: 5 })).toThrow("wanted a limit");
    expect(() => limitOf({ [`x${prefix}.DATASET_WRITES`]: 5 })).toThrow("wanted a limit");
  });
});

describe("usage and usageUsd", () => {
  it("are kept apart", () => {
    const seen = detailed({ usage: { PROXY_SERPS: 3 }, usageMicroUsd: { PROXY_SERPS: 9_000 } });
    expect([measure("usage.PROXY_SERPS", seen), measure("usageUsd.PROXY_SERPS", seen)]).toEqual([
      known(3),
      known(9_000),
    ]);
  });

  it("are limited to a quantity and to an amount of money", () => {
    expect([
      limitOf({ "usage.ACTOR_COMPUTE_UNITS": 0.5 }),
      limitOf({ "usageUsd.ACTOR_COMPUTE_UNITS": "$0.50" }),
    ]).toEqual([
      { metric: "usage.ACTOR_COMPUTE_UNITS", value: 0.5 },
      { metric: "usageUsd.ACTOR_COMPUTE_UNITS", value: 500_000 },
    ]);
    expect(() => limitOf({ "usage.PROXY_SERPS": "5" })).toThrow("in Apify's unit of the service");
  });
});
