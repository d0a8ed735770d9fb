import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/index.ts";
import { armedIn, weakerIn } from "../../../src/watchdog/policies/weaker.ts";

const STOPS = [
  { at: "80%", do: "notify" },
  { at: "100%", do: "abort" },
];
const of = (steps: object[], more: object = {}) =>
  parsePolicy({
    version: 1,
    mode: "enforce",
    rules: [{ id: "r", limit: { usageTotalUsd: 5 }, steps }],
    ...more,
  });
const armed = of(STOPS);
const notifying = of(STOPS.slice(0, 1));
const held = of(STOPS, { guards: { maxAborts: { perHour: 0 } } });

describe("weakerIn()", () => {
  it.each([
    ["observes", of(STOPS, { mode: "observe" }), "rule r goes from enforce to observe"],
    ["only notifies", notifying, "rule r has no step left that stops a run"],
    ["lets nothing be stopped", held, "guards.maxAborts.perHour of 0 lets no run be stopped"],
  ])("says so where a policy that stopped %s", (_what, after, says) => {
    expect(weakerIn(armed, after)).toEqual([says]);
    expect(weakerIn(after, after)).toEqual([]);
    expect(weakerIn(after, armed)).toEqual([]);
  });
});

describe("armedIn()", () => {
  it.each([
    ["observed", of(STOPS, { mode: "observe" })],
    ["only notified", notifying],
    ["was held by maxAborts", held],
  ])("names a rule that %s and would stop", (_what, before) => {
    expect(armedIn(before, armed)).toEqual(["r"]);
    expect(armedIn(armed, before)).toEqual([]);
    expect(armedIn(before, before)).toEqual([]);
  });
});
