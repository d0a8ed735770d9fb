import { describe, expect, it } from "vitest";
import type { Observation, Selector } from "../../../src/policy/index.ts";
import { namesNeeded } from "../../../src/policy/judge/selector.ts";
import { isName } from "../../../src/policy/values/patterns.ts";
import { observation, run } from "../../support/builders.ts";
import { from, matchOf, unnamed } from "./selecting.ts";

const NIGHTLY_ID = "nightlynightly123";

const named = (actorName: string, taskName?: string): Observation =>
  observation({
    run: run({ actorId: "aB3", actorTaskId: "tK9" }),
    actorName,
    ...(taskName && { taskName }),
  });

describe("matchSelector()", () => {
  it("selects every run when there is no selector", () => {
    expect(matchOf(undefined, observation())).toBe("match");
    expect(matchOf({}, observation())).toBe("match");
  });

  it.each<[readonly string[], string, "match" | "no"]>([
    [["acme/shop"], "acme/shop", "match"],
    [["acme~shop"], "acme/shop", "match"],
    [["acme/shop"], "acme~shop", "match"],
    [["ACME/Shop"], "acme/shop", "match"],
    [["acme/shop"], "Acme/SHOP", "match"],
    [["acme/shop"], "acme/shop-eu", "no"],
    [["acme/shop"], "xacme/shop", "no"],
    [["acme/shop-*"], "acme/shop-eu", "match"],
    [["acme/shop-*"], "acme/shop-", "match"],
    [["acme/shop-*"], "acme/shop", "no"],
    [["acme/*"], "acme/anything", "match"],
    [["acme/*"], "other/anything", "no"],
    [["*/shop"], "acme/shop", "match"],
    [["a*e/s*p"], "acme/shop", "match"],
    [["*"], "acme/shop", "match"],
    [["acme/one", "acme/shop"], "acme/shop", "match"],
    [["acme/one", "acme/two"], "acme/shop", "no"],
    [["aB3"], "acme/shop", "match"],
    [["ab3"], "acme/shop", "no"],
    [["acme/s.op"], "acme/shop", "no"],
    [["acme/s.op"], "acme/s.op", "match"],
    [["a+b/c"], "a+b/c", "match"],
    [["a+b/c"], "aab/c", "no"],
    [["(a|acme)/shop"], "acme/shop", "no"],
    [["acme/[a-z]hop"], "acme/shop", "no"],
    [["^acme/shop$"], "acme/shop", "no"],
    [["acme/sho?"], "acme/shop", "no"],
    [["acme/shop{1}"], "acme/shop", "no"],
    [["acme/sh\\op"], "acme/shop", "no"],
    [["acme/.*"], "acme/shop", "no"],
  ])("Actors %j against %j: %s", (actors, name, result) => {
    expect(matchOf({ actors }, named(name))).toBe(result);
  });

  it("knows an id without a name", () => {
    expect(matchOf({ actors: ["aB3"] }, unnamed)).toBe("match");
    expect(matchOf({ actors: ["other"] }, unnamed)).toBe("no");
    expect(matchOf({ tasks: ["tK9"] }, unnamed)).toBe("match");
  });

  it("needs no name for a bare asterisk", () => {
    expect(matchOf({ actors: ["*"], tasks: ["*"] }, unnamed)).toBe("match");
  });

  it("selects by task, and never a run without one", () => {
    expect(matchOf({ tasks: ["acme/eu-*"] }, named("acme/shop", "acme/eu-daily"))).toBe("match");
    expect(matchOf({ tasks: ["acme/eu-*"] }, observation())).toBe("no");
    expect(matchOf({ tasks: ["*"] }, observation())).toBe("no");
  });

  it("does not take an Actor's name for its task's", () => {
    expect(matchOf({ tasks: ["acme/shop"] }, named("acme/shop", "acme/eu"))).toBe("no");
  });

  it("joins keys by AND and values by OR", () => {
    const selector: Selector = { actors: ["acme/shop", "acme/mail"], origins: ["API", "SCHEDULER"] };
    const seen = (actorName: string, origin: string) =>
      matchOf(selector, observation({ run: run({ origin }), actorName }));
    expect([seen("acme/mail", "SCHEDULER"), seen("acme/mail", "WEB"), seen("acme/x", "API")]).toEqual([
      "match",
      "no",
      "no",
    ]);
  });

  it("compares origins as Apify spells them", () => {
    expect(matchOf({ origins: ["API"] }, from("API"))).toBe("match");
    expect(matchOf({ origins: ["API"] }, from("api"))).toBe("no");
    expect(matchOf({ origins: ["API"] }, from("UNKNOWN"))).toBe("no");
  });

  it("selects a STANDBY run only when that origin is named", () => {
    const standby = observation({ run: run({ origin: "STANDBY", actorId: "aB3" }), actorName: "acme/shop" });
    const tried: readonly (Selector | undefined)[] = [
      undefined,
      {},
      { actors: ["aB3"] },
      { actors: ["*"] },
      { except: { origins: ["STANDBY"] } },
      { origins: ["API"] },
      { origins: ["STANDBY"] },
      { actors: ["acme/shop"], origins: ["API", "STANDBY"] },
      { origins: ["STANDBY"], except: { origins: ["STANDBY"] } },
    ];
    expect(tried.map((selector) => matchOf(selector, standby))).toEqual([
      ...Array(6).fill("no"),
      "match",
      "match",
      "no",
    ]);
  });

  it("excepts a run when any key of except matches", () => {
    const except = { actors: ["acme/nightly-*"], origins: ["WEB"] };
    const seen = (actorName: string, origin: string) =>
      matchOf({ except }, observation({ run: run({ origin }), actorName }));
    expect([
      seen("acme/nightly-1", "API"),
      seen("acme/shop", "WEB"),
      seen("acme/nightly-1", "WEB"),
      seen("acme/shop", "API"),
    ]).toEqual(["no", "no", "no", "match"]);
  });

  it("lets except win over for", () => {
    expect(matchOf({ actors: ["aB3"], except: { actors: ["acme/*"] } }, named("acme/shop"))).toBe("no");
  });

  it("does not match an unknown name in for", () => {
    expect(matchOf({ actors: ["acme/shop"] }, unnamed)).toBe("unresolved");
    expect(matchOf({ tasks: ["acme/shop"] }, unnamed)).toBe("unresolved");
  });

  it("excepts by an unknown name in except", () => {
    expect(matchOf({ except: { actors: ["acme/nightly-*"] } }, unnamed)).toBe("unresolved");
    expect(matchOf({ actors: ["aB3"], except: { tasks: ["acme/x"] } }, unnamed)).toBe("unresolved");
  });

  it("does not count as unresolved what another key has settled", () => {
    expect(matchOf({ actors: ["acme/shop"], origins: ["WEB"] }, unnamed)).toBe("no");
    expect(matchOf({ actors: ["acme/shop"], except: { origins: ["API"] } }, unnamed)).toBe("no");
    expect(matchOf({ actors: ["acme/shop", "aB3"] }, unnamed)).toBe("match");
  });
});

describe("matchSelector() by schedule", () => {
  const of = (scheduleId: string | undefined, scheduleName?: string, more: object = {}): Observation =>
    observation({
      run: run({ origin: "SCHEDULER", ...(scheduleId !== undefined && { scheduleId }) }),
      ...(scheduleName !== undefined && { scheduleName }),
      ...more,
    });

  it.each<[readonly string[], Observation, string]>([
    [["nightly"], of(NIGHTLY_ID, "nightly"), "match"],
    [["Nightly"], of(NIGHTLY_ID, "nightly"), "match"],
    [["night-*", "nightly"], of(NIGHTLY_ID, "night-eu"), "match"],
    [["nightly"], of(NIGHTLY_ID, "nightly-eu"), "no"],
    [["*"], of(NIGHTLY_ID), "match"],
    [[NIGHTLY_ID], of(NIGHTLY_ID), "match"],
    [[NIGHTLY_ID], of("otherotherother12"), "no"],
    // Without its name none can be told; with a name that is like an id, neither.
    [["nightly"], of(NIGHTLY_ID), "unresolved"],
    // A schedule started it, and Apify does not say which.
    [["nightly"], of(undefined), "unresolved"],
    [["nightly", "*"], of(undefined), "match"],
    [["*"], observation({ run: run({ origin: "API" }) }), "no"],
  ])("%j against %j: %s", (schedules, seen, result) => {
    expect(matchOf({ schedules }, seen)).toBe(result);
  });

  it("excepts what it matches, what can't be told, and what was called so before", () => {
    const spared = (seen: Observation) => matchOf({ except: { schedules: ["nightly"] } }, seen);
    expect(spared(of(NIGHTLY_ID, "nightly"))).toBe("no");
    expect(spared(of(NIGHTLY_ID, "renamed", { formerScheduleNames: ["nightly"] }))).toBe("no");
    expect(spared(of(NIGHTLY_ID))).toBe("unresolved");
    expect(spared(of(undefined))).toBe("unresolved");
    expect(spared(of(NIGHTLY_ID, "hourly"))).toBe("match");
    expect(spared(observation({ run: run({ origin: "API" }) }))).toBe("match");
  });

  it("selects by its name of now alone", () => {
    const renamed = of(NIGHTLY_ID, "renamed", { formerScheduleNames: ["nightly"] });
    expect(matchOf({ schedules: ["nightly"] }, renamed)).toBe("no");
  });
});

describe("isName()", () => {
  it("tells names from ids", () => {
    expect(["acme/shop", "acme~shop", "*", "acme/*", "aB3x"].map(isName)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe("namesNeeded()", () => {
  it.each<[readonly (Selector | undefined)[], boolean, boolean]>([
    [[undefined], false, false],
    [[{ actors: ["aB3", "*"], tasks: ["*"], origins: ["API"] }], false, false],
    [[{ actors: ["acme/shop"] }], true, false],
    [[{ actors: ["aB3", "acme/shop"], tasks: ["acme/eu", "*"] }], true, true],
    [[{ except: { tasks: ["acme~eu"] } }], false, true],
    [[undefined, { actors: ["aB3"] }, { tasks: ["acme/*"] }], false, true],
    [[{ actors: ["x/y"] }, { except: { tasks: ["x/y"] } }], true, true],
  ])("%j needs the names of Actors: %s, of tasks: %s", (selectors, actors, tasks) => {
    expect(namesNeeded(selectors)).toEqual({ actors, tasks, schedules: false });
  });

  it("needs those of schedules where they are no ids", () => {
    const isNeeded = (...schedules: readonly string[]) => namesNeeded([{ except: { schedules } }]).schedules;
    expect([isNeeded("nightly"), isNeeded("night-*"), isNeeded("*", NIGHTLY_ID)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
