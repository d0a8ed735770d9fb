import { describe, expect, it } from "vitest";
import { at, life, observation, run } from "../../support/builders.ts";
import { measure } from "./measuring.ts";

describe("queueTime", () => {
  it("measures from the start", () => {
    expect(measure("queueTime", observation({ run: run({ status: "READY", startedAt: at(-90) }) }))).toEqual({
      kind: "known",
      value: 90,
    });
  });

  it("measures a resurrected run from when its life was first seen", () => {
    const risen = observation({ run: run({ status: "READY" }), life: life({ number: 2, since: at(-45) }) });
    expect(measure("queueTime", risen)).toEqual({ kind: "known", value: 45 });
  });
});
