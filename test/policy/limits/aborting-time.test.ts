import { describe, expect, it } from "vitest";
import { at, life, observation, run } from "../../support/builders.ts";
import { measure } from "./measuring.ts";

describe("abortingTime", () => {
  it("measures from when the run was first seen on its way out", () => {
    const stopping = observation({
      run: run({ status: "ABORTING" }),
      life: life({ stoppingSince: at(-75) }),
    });
    expect(measure("abortingTime", stopping)).toEqual({ kind: "known", value: 75 });
  });

  it("is 0 before that was ever seen", () => {
    expect(measure("abortingTime", observation({ run: run({ status: "ABORTING" }) }))).toEqual({
      kind: "known",
      value: 0,
    });
  });
});
