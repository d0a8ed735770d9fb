import { describe, expect, it } from "vitest";
import { observation, run } from "../../support/builders.ts";
import { known, limitOf, measure } from "./measuring.ts";

const started = (timeoutSecs: number) => observation({ run: run({ settings: { timeoutSecs } }) });

describe("timeout", () => {
  it("measures the timeout that the run was started with, for ever the same", () => {
    expect(measure("timeout", started(604_800))).toEqual(known(604_800));
    expect(limitOf({ timeout: "1d" })).toEqual({ metric: "timeout", value: 86_400 });
  });

  it("is 0 of a run without one, which is for noTimeout to judge", () => {
    expect(measure("timeout", started(0))).toEqual(known(0));
  });

  it.each([observation(), observation({ run: run({ settings: {} }) }), started(Number.NaN)])(
    "is unknown, and never 0, where Apify does not tell it",
    (seen) => {
      expect(measure("timeout", seen)).toEqual({
        kind: "unknown",
        reason: "Apify reports no timeoutSecs for this run",
        young: false,
      });
    },
  );
});
