import { describe, expect, it } from "vitest";
import { observation, run } from "../../support/builders.ts";
import { known, limitOf, measure } from "./measuring.ts";

describe("noTimeout", () => {
  const set = (timeoutSecs: number) =>
    measure("noTimeout", observation({ run: run({ settings: { timeoutSecs } }) }));

  it("is at 1 for a run whose timeout is 0, which is Apify's word for none, and says what it is set to", () => {
    expect(set(0)).toEqual({ ...known(1), facts: { timeoutSecs: 0 } });
    expect(set(3600)).toEqual({ ...known(0), facts: { timeoutSecs: 3600 } });
  });

  it("takes a timeout that is not reported, or that is no number, for unknown, never for none", () => {
    const unknown = {
      kind: "unknown",
      reason: "Apify reports no timeoutSecs for this run",
      young: false,
    };
    expect([
      measure("noTimeout", observation()),
      measure("noTimeout", observation({ run: run({ settings: {} }) })),
      set(Number.NaN),
      set(Number.POSITIVE_INFINITY),
    ]).toEqual([unknown, unknown, unknown, unknown]);
  });

  it("is written as true alone", () => {
    expect(limitOf({ noTimeout: true })).toEqual({ metric: "noTimeout", value: 1 });
    for (const raw of [false, 1, "true"]) expect(() => limitOf({ noTimeout: raw })).toThrow("wanted true");
  });
});
