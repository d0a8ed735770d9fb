import { describe, expect, it } from "vitest";
import { standingsOf } from "../../../../src/policy/judge/budgets/budgets.ts";
import { decide } from "../../../../src/policy/judge/decide.ts";
import type { Cell } from "../../../../src/policy/spend/cells.ts";
import { blast, control, HOUR, NOON, observation, run, usd } from "../../../support/builders.ts";
import { budget, by, daily, ledger, standing } from "./spending.ts";

const SINCE = new Date("2026-10-01T00:00:00.000Z");

/** So many starts and failures of an Actor in the hour before noon. */
const counted = (actorId: string, runs: number, failures = 0, more: Partial<Cell> = {}): readonly Cell[] =>
  ["2026-11-24T11", "2026-11-24"].map((slot) => ({
    actorId,
    origin: "API",
    slot,
    microUsd: usd(1),
    ...(runs > 0 && { runs }),
    ...(failures > 0 && { failures }),
    ...more,
  }));

const runs = (limit: number, more: object = {}) => daily({ budget: budget({ of: "runs", limit, ...more }) });
const failures = (limit: number, more: object = {}) =>
  daily({ budget: budget({ of: "failures", limit, ...more }) });
const view = (cells: readonly Cell[], more: object = {}) => ledger(cells, { countedSince: SINCE, ...more });

describe("a budget of counts", () => {
  it("counts starts, or failures, and never the money beside them", () => {
    const cells = counted("actor1", 7, 2);
    expect(standing(by(runs(10)), view(cells))).toMatchObject({ spent: 7, verdict: { kind: "within" } });
    expect(standing(by(failures(10)), view(cells))).toMatchObject({ spent: 2 });
    expect(standing(by(daily()), view(cells))).toMatchObject({ spent: usd(1) });
  });

  it("stops at its limit, with a count as evidence", () => {
    const { verdict, place, runsOfUnknownCost } = standing(by(failures(2)), view(counted("actor1", 7, 2)));
    expect(place.of).toBe("failures");
    expect(runsOfUnknownCost).toBe(0);
    expect(verdict).toMatchObject({
      kind: "breach",
      stop: { evidence: { measured: 2, limit: 2, unit: "count", source: "ledger" } },
    });
  });

  it("gives each group its own, and none to a group that has only spent", () => {
    const cells = [...counted("actor1", 7, 2), ...counted("actor2", 3), ...counted("actor3", 0)];
    const { groups } = standingsOf(by(failures(2, { each: "actor" })), view(cells), NOON);
    expect([...groups.values()].map(({ place, spent }) => [place.group, spent])).toEqual([["actor1", 2]]);
  });

  it("adds what live runs have that is in no cell yet, where it falls into the window", () => {
    const live = {
      actorId: "actor1",
      startedAt: NOON,
      unrecorded: { "2026-11-24T11": usd(3) },
      uncounted: { runs: { "2026-11-24T11": 1 } },
    };
    const before = { ...live, uncounted: { runs: { "2026-11-23T23": 1 } } };
    expect(standing(by(runs(10)), view(counted("actor1", 7), { live: [live, before] })).spent).toBe(8);
  });

  it("stops nothing while it is not known what was counted since its window began, whatever is known of money", () => {
    const cells = counted("actor1", 20);
    const since = new Date(NOON.getTime() - HOUR);
    for (const more of [{ countedSince: undefined }, { countedSince: since }])
      expect(standing(by(runs(10)), view(cells, more)).guard).toBe("unfilledWindow");
    expect(standing(by(runs(10)), view(cells)).guard).toBeUndefined();
  });

  it("is projected by the average of the window alone", () => {
    const rule = { ...runs(100), steps: [{ at: 100, do: "notify" as const, basis: "projected" as const }] };
    const live = {
      actorId: "actor1",
      startedAt: NOON,
      unrecorded: {},
      measuredBurnMicroUsdPerHour: usd(50),
    };
    const { figures } = standing(by(rule), view(counted("actor1", 60), { live: [live] }));
    expect(figures.get("projected")).toMatchObject({ value: 120, facts: { counted: 60, perHour: 5 } });
  });

  it("stops the live runs of its group, through the guards of every stop", () => {
    const of = (cells: readonly Cell[], view_ = control()) =>
      decide({
        policy: by(runs(7, { each: "actor" })),
        observations: ["actor1", "actor2"].map((actorId) =>
          observation({ run: run({ id: actorId, actorId }) }),
        ),
        ledger: view(cells),
        control: view_,
        blast: blast(["actor1", "actor2"]),
        now: NOON,
      }).decisions.map(({ subject, action, guard }) => [subject.runId, action, guard]);
    expect(of(counted("actor1", 7))).toEqual([["actor1", "abort", undefined]]);
    expect(of(counted("actor1", 6))).toEqual([]);
    const pause = { since: NOON, by: "ada", reason: "night" };
    expect(of(counted("actor1", 7), control({ pause }))).toEqual([["actor1", "hold", "pause"]]);
  });
});
