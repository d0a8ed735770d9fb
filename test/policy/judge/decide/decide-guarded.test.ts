import { describe, expect, it } from "vitest";
import {
  exemption,
  maxAborts,
  NOON,
  observation,
  policy,
  recentIntent,
  rule,
  run,
  usd,
} from "../../../support/builders.ts";
import { briefs, costing, pause } from "./deciding.ts";

describe("decide()", () => {
  it("holds what an exemption or a pause protects, and names the exemption first", () => {
    const seen = [costing("r", 7)];
    const exemptions = [exemption({ subject: { kind: "actor", id: "actor1" } })];
    expect(briefs(policy(), seen, { exemptions })).toEqual(["r no-run-over-5-usd hold exemption"]);
    expect(briefs(policy(), seen, { pause })).toEqual(["r no-run-over-5-usd hold pause"]);
    expect(briefs(policy(), seen, { pause, exemptions })).toEqual(["r no-run-over-5-usd hold exemption"]);
  });

  it("acts again once the pause or the exemption is over", () => {
    const exemptions = [{ ...exemption({ subject: { kind: "run", id: "r" } }), until: NOON }];
    expect(briefs(policy(), [costing("r", 7)], { exemptions, pause: { ...pause, until: NOON } })).toEqual([
      "r no-run-over-5-usd abort -",
    ]);
  });

  it("decides in observe mode what it would do, and says that it is observed", () => {
    expect(briefs(policy({ mode: "observe" }), [costing("r", 7)])).toEqual([
      "r no-run-over-5-usd abort observe",
    ]);
  });

  it("honours exemptions and pauses in observe mode as in enforce", () => {
    const observe = policy({ mode: "observe" });
    expect(briefs(observe, [costing("r", 7)], { pause })).toEqual(["r no-run-over-5-usd hold pause"]);
    expect(
      briefs(observe, [costing("r", 7)], {
        exemptions: [exemption({ subject: { kind: "rule", id: "no-run-over-5-usd" } })],
      }),
    ).toEqual(["r no-run-over-5-usd hold exemption"]);
  });

  it("holds what is over the blast radius, and lets the dearest go", () => {
    const seen = [costing("a", 6, 1), costing("b", 6, 3), costing("c", 6, 2)];
    expect(briefs(policy(maxAborts({ perTick: 2 })), seen)).toEqual([
      "b no-run-over-5-usd abort -",
      "c no-run-over-5-usd abort -",
      "a no-run-over-5-usd hold perTick",
    ]);
  });

  it("holds everything where a guard is 0", () => {
    expect(briefs(policy(maxAborts({ perHour: 0 })), [costing("a", 6), costing("b", 6)])).toEqual([
      "a no-run-over-5-usd hold perHour",
      "b no-run-over-5-usd hold perHour",
    ]);
  });

  it("lets what is held by an exemption take no room", () => {
    const view = { exemptions: [exemption({ subject: { kind: "run", id: "a" } })] };
    expect(briefs(policy(maxAborts({ perTick: 1 })), [costing("a", 6, 9), costing("b", 6, 1)], view)).toEqual(
      ["a no-run-over-5-usd hold exemption", "b no-run-over-5-usd abort -"],
    );
  });

  it("lets what is only observed take none of the room of what is enforced", () => {
    const rules = [
      rule({ id: "watched", mode: "observe", for: { origins: ["WEB"] } }),
      rule({ id: "kept", for: { origins: ["API"] } }),
    ];
    const web = observation({
      run: run({ id: "web", origin: "WEB", usageTotalMicroUsd: usd(9) }),
      burnMicroUsdPerHour: usd(9),
    });
    expect(briefs(policy({ rules, ...maxAborts({ perTick: 1 }) }), [web, costing("api", 6, 1)])).toEqual([
      "web watched abort observe",
      "api kept abort -",
    ]);
  });

  it("counts only what runs, among them those of an open intent, as live", () => {
    const recentIntents = [
      recentIntent({ runId: "a" }),
      recentIntent({ runId: "b" }),
      recentIntent({ runId: "c" }),
    ];
    const seen = [costing("a", 6), costing("b", 6), costing("c", 6), costing("d", 6)];
    const view = { recentIntents, openRunIds: new Set(["a", "b", "c"]) };
    expect(briefs(policy(maxAborts({ percentOfLive: 50 })), seen, view)).toEqual([
      "d no-run-over-5-usd hold percentOfLive",
    ]);
  });
});
