import { describe, expect, it } from "vitest";
import type { Policy, RuleStep, Schedule, Step } from "../../../../src/policy/index.ts";
import { observation, policy, rule, run, step, usd } from "../../../support/builders.ts";
import { costing, decisionsOf } from "./deciding.ts";

describe("decide() says who is to be told and what comes next", () => {
  const nights: Schedule = { hours: [{ from: 1320, to: 360 }], timeZone: "UTC" };
  const ladder = [step(50, "notify"), step(100, "abort"), step(150, "abort-now")];
  const outlook = (of: Policy, amount: number) =>
    decisionsOf(of, [costing("r", amount)]).map(({ action, owner, next }) => [action, owner, next]);
  const steps = (...list: readonly RuleStep[]): Policy => policy({ rules: [rule({ steps: list })] });

  it("names the rule's owner, the policy's where the rule has none, and nobody where neither has", () => {
    const owned = (own?: string, all?: string) =>
      outlook(
        policy({
          ...(all !== undefined && { owner: all }),
          rules: [rule({ steps: ladder, ...(own !== undefined && { owner: own }) })],
        }),
        3,
      )[0]?.[1];
    expect([owned("shop", "ops"), owned(undefined, "ops"), owned("shop"), owned()]).toEqual([
      "shop",
      "ops",
      "shop",
      undefined,
    ]);
    expect(decisionsOf(steps(...ladder), [costing("r", 3)])[0]).not.toHaveProperty("owner");
  });

  it("names the step above, of a notice as of a stop, and none above the last", () => {
    expect(outlook(steps(...ladder), 3)).toEqual([["notify", undefined, step(100, "abort")]]);
    expect(outlook(steps(...ladder), 6)).toEqual([["abort", undefined, step(150, "abort-now")]]);
    expect(outlook(steps(...ladder), 9)).toEqual([["abort-now", undefined, undefined]]);
  });

  it("names the stop that is reached already and waits for its schedule, at whatever share", () => {
    const atNight = { ...step(100, "abort"), schedule: nights };
    const said = [["notify", undefined, step(100, "abort")]];
    expect(outlook(steps(step(100, "notify"), atNight), 6)).toEqual(said);
    expect(outlook(steps(atNight, step(100, "notify")), 6)).toEqual(said);
    expect(outlook(steps(atNight, step(110, "notify")), 6)).toEqual(said);
    expect(outlook(steps(atNight, step(110, "notify"), step(150, "abort-now")), 6)).toEqual(said);
    const hardAtNight = { ...step(110, "abort-now"), schedule: nights };
    expect(
      outlook(steps(step(100, "abort"), step(110, "notify"), hardAtNight, step(150, "notify")), 6)[0],
    ).toEqual(["abort", undefined, step(110, "abort-now")]);
    expect(outlook(steps(atNight, step(110, "abort"), step(120, "abort-now")), 5.6)).toEqual([
      ["abort", undefined, step(120, "abort-now")],
    ]);
  });

  it("does not name a stop that is taken now as what comes after a notice", () => {
    const decided = outlook(steps(step(100, "abort"), step(110, "notify")), 6);
    expect(decided).toEqual([
      ["abort", undefined, undefined],
      ["notify", undefined, undefined],
    ]);
  });

  it("names no notice that waits at the share of the stop that is taken", () => {
    const noticeAtNight = { ...step(100, "notify"), schedule: nights };
    expect(outlook(steps(step(100, "abort"), noticeAtNight), 6)).toEqual([["abort", undefined, undefined]]);
  });

  it("names no step that is reached and taken, though it is above", () => {
    expect(outlook(steps(step(100, "abort"), step(110, "notify"), step(150, "notify")), 6)[0]).toEqual([
      "abort",
      undefined,
      step(150, "notify"),
    ]);
  });

  it("names the stop on what Apify says after a notice on what the events come to at the same share", () => {
    const seen = observation({
      run: run({
        usageTotalMicroUsd: usd(1),
        detail: { stats: {}, events: { e: 6 }, eventMicroUsd: { e: usd(1) } },
      }),
    });
    const rules = [rule({ steps: [{ ...step(100, "notify"), basis: "estimate" }, step(100, "abort")] })];
    expect(decisionsOf(policy({ rules }), [seen])).toMatchObject([
      { action: "notify", next: step(100, "abort") },
    ]);
  });

  it("tells steps at one share apart by what they rest on", () => {
    const estimate: Step = { ...step(100, "abort"), basis: "estimate" };
    const seen = observation({
      run: run({
        usageTotalMicroUsd: usd(1),
        detail: { stats: {}, events: { e: 6 }, eventMicroUsd: { e: usd(1) } },
      }),
    });
    const rules = [
      rule({ steps: [step(20, "notify"), step(100, "abort"), { ...estimate, schedule: nights }] }),
    ];
    expect(decisionsOf(policy({ rules }), [seen])).toMatchObject([
      { action: "notify", next: step(100, "abort") },
    ]);
    const only = [rule({ steps: [{ ...estimate, schedule: nights }, step(110, "abort")] })];
    expect(decisionsOf(policy({ rules: only }), [costing("r", 6)])).toMatchObject([
      { step: step(110, "abort") },
    ]);
  });
});
