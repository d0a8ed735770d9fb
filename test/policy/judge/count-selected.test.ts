import { describe, expect, it } from "vitest";
import {
  countSelected,
  type KnownAccount,
  parsePolicy,
  takesNothingWarnings,
} from "../../../src/policy/index.ts";
import { observation, run } from "../../support/builders.ts";
import { document, rule, spender } from "../documents.ts";

const SHOP = "shopshopshopshop1";
const MAPS = "mapsmapsmapsmaps1";
const NIGHTLY = "nightnightnight11";
const live = (actorId: string, actorName: string, overrides: object = {}) =>
  observation({ run: run({ actorId, ...overrides }), actorName });

const ACCOUNT: KnownAccount = {
  actors: [
    { id: SHOP, name: "acme/shop" },
    { id: MAPS, name: "acme/maps" },
    { id: NIGHTLY, name: "acme/nightly" },
    { id: "namelessnameless1" },
  ],
  tasks: [
    { id: "t1", name: "acme/shop-eu", actorId: SHOP },
    { id: "t2", name: "acme/shop-us", actorId: SHOP },
    { id: "t3", name: "acme/night", actorId: NIGHTLY },
  ],
  runs: [
    live(SHOP, "acme/shop"),
    live(SHOP, "acme/shop", { origin: "WEB" }),
    live(MAPS, "acme/maps"),
    live(MAPS, "acme/maps", { origin: "STANDBY" }),
    observation({ run: run({ actorId: "namelessnameless1" }) }),
  ],
};

const count = (selector: unknown, account: KnownAccount = ACCOUNT) => {
  const written = selector === undefined ? rule() : rule({ for: selector });
  const [counted] = countSelected(parsePolicy(document({ rules: [written] })), account);
  if (counted === undefined) throw new Error("the policy has a rule");
  return counted;
};

describe("countSelected()", () => {
  it("counts everything for a rule without a selector, but for Standby", () => {
    expect(count(undefined)).toEqual({
      ruleId: "r1",
      takes: { actors: 4, tasks: 3, runs: 4 },
      isForNone: false,
      nothing: [],
    });
  });

  it.each<[unknown, object]>([
    [{ actors: ["acme/shop"] }, { actors: 1, tasks: 2, runs: 2 }],
    [{ actors: ["acme/*"] }, { actors: 3, tasks: 3, runs: 3 }],
    [{ actors: [MAPS] }, { actors: 1, tasks: 0, runs: 1 }],
    [{ tasks: ["acme/shop-*"] }, { actors: 1, tasks: 2, runs: 0 }],
    [
      { actors: ["acme/*"], tasks: ["acme/night"] },
      { actors: 3, tasks: 1, runs: 0 },
    ],
    [{ origins: ["WEB"] }, { actors: 4, tasks: 3, runs: 1 }],
    [{ except: { actors: ["acme/shop"] } }, { actors: 3, tasks: 1, runs: 1 }],
    [
      { actors: ["acme/*"], except: { tasks: ["acme/shop-eu"] } },
      { actors: 3, tasks: 2, runs: 3 },
    ],
  ])("counts what %j takes", (selector, takes) => {
    expect(count(selector).takes).toEqual(takes);
  });

  it("counts what exceptions take by themselves, and runs of which nobody can tell", () => {
    const except = { actors: ["acme/shop"], origins: ["STANDBY"] };
    expect(count({ except })).toMatchObject({
      takes: { runs: 1 },
      undecided: 1,
      excepts: { actors: 1, tasks: 2, runs: 3 },
    });
  });

  it("counts nothing of what was not read", () => {
    expect(count({ actors: ["acme/shop"] }, {})).toEqual({
      ruleId: "r1",
      takes: {},
      isForNone: false,
      nothing: [],
    });
    expect(count({ actors: ["acme/shop"] }, { runs: ACCOUNT.runs ?? [] })).toMatchObject({
      takes: { runs: 2 },
    });
  });

  it("says of a rule that it is for none, where no Actor or task is known that it takes", () => {
    const isForNone = (selector: unknown, account = ACCOUNT) => count(selector, account).isForNone;
    expect(isForNone({ actors: ["acme/gone"] })).toBe(true);
    expect(isForNone({ actors: ["acme/gone", "acme/shop"] })).toBe(false);
    expect(isForNone({ tasks: ["acme/gone"] })).toBe(true);
    expect(isForNone({ actors: ["acme/shop"], except: { actors: ["acme/shop*"] } })).toBe(true);
    expect(isForNone({ except: { actors: ["acme/gone"] } })).toBe(false);
    expect(isForNone({ actors: ["acme/gone"] }, {})).toBe(false);
  });

  it("names what takes nothing, with the name that was meant", () => {
    const selector = {
      actors: ["acme/shopp", "acme/shop", "acme/x-*", "goneGoneGoneGone1"],
      except: { actors: ["acme/nigthly"], tasks: ["acme/maps"] },
    };
    expect(count(selector).nothing).toEqual([
      { path: ["for", "actors", 0], written: "acme/shopp", kind: "actor", guess: "acme/shop" },
      { path: ["for", "actors", 2], written: "acme/x-*", kind: "actor" },
      { path: ["for", "actors", 3], written: "goneGoneGoneGone1", kind: "actor" },
      { path: ["for", "except", "actors", 0], written: "acme/nigthly", kind: "actor", guess: "acme/nightly" },
      { path: ["for", "except", "tasks", 0], written: "acme/maps", kind: "task", other: "actor" },
    ]);
  });

  it("counts schedules where a rule names some, and says which name takes none", () => {
    const account: KnownAccount = {
      ...ACCOUNT,
      schedules: [
        { id: "nightlynightly123", name: "shop-nightly" },
        { id: "hourlyhourlyhour1", name: "shop-hourly" },
      ],
    };
    expect(count({ schedules: ["shop-*"] }, account)).toMatchObject({
      takes: { actors: 4, tasks: 3, schedules: 2 },
      isForNone: false,
      nothing: [],
    });
    expect(count({ except: { schedules: ["hourlyhourlyhour1"] } }, account).takes).not.toHaveProperty(
      "schedules",
    );
    const missed = count({ schedules: ["shop-nigthly", "goneGoneGoneGone1"] }, account);
    expect(missed).toMatchObject({
      takes: { schedules: 0 },
      isForNone: true,
      nothing: [
        { path: ["for", "schedules", 0], kind: "schedule", guess: "shop-nightly" },
        { path: ["for", "schedules", 1], kind: "schedule" },
      ],
    });
    const policy = parsePolicy(document({ rules: [rule({ for: { schedules: ["shop-nigthly"] } })] }));
    expect(takesNothingWarnings(policy, countSelected(policy, account))).toEqual([
      {
        path: ["rules", 0, "for", "schedules", 0],
        warning:
          "no schedule of the account is shop-nigthly, so it selects nothing; did you mean shop-nightly?",
        kind: "never-bites",
      },
    ]);
    expect(count({ schedules: ["shop-nightly"] }).isForNone).toBe(false);
  });

  it("counts for a budget the runs whose money is in it, Standby's too, in the policy's order", () => {
    const rules = [spender({ for: { actors: ["acme/maps"] } }), rule({ for: { actors: ["acme/maps"] } })];
    expect(
      countSelected(parsePolicy(document({ rules })), ACCOUNT).map(({ ruleId, takes }) => [
        ruleId,
        takes.runs,
      ]),
    ).toEqual([
      ["b1", 2],
      ["r1", 1],
    ]);
  });
});

describe("takesNothingWarnings()", () => {
  const told = (selector: unknown) => {
    const policy = parsePolicy(document({ rules: [rule({ id: "r0" }), rule({ for: selector })] }));
    return takesNothingWarnings(policy, countSelected(policy, ACCOUNT));
  };

  it("shouts what selects nothing, at its place", () => {
    expect(told({ actors: ["acme/shopp"], except: { actors: ["goneGoneGoneGone1"] } })).toEqual([
      {
        path: ["rules", 1, "for", "actors", 0],
        warning: "no Actor of the account is acme/shopp, so it selects nothing; did you mean acme/shop?",
        kind: "never-bites",
      },
      {
        path: ["rules", 1, "for", "except", "actors", 0],
        warning: "no Actor of the account is goneGoneGoneGone1, so it excepts nothing",
        kind: "never-bites",
      },
    ]);
  });

  it("tells an Actor among tasks, and a task among Actors", () => {
    expect(told({ tasks: ["acme/maps"] })[0]?.warning).toBe(
      "acme/maps is an Actor, not a task, so it selects nothing; name it in actors",
    );
    expect(told({ actors: ["acme/shop-eu"] })[0]?.warning).toBe(
      "acme/shop-eu is a task, not an Actor, so it selects nothing; name it in tasks",
    );
  });

  it("has nothing to say where all take something", () => {
    expect(told({ actors: ["acme/*"], except: { tasks: ["*"] } })).toEqual([]);
  });
});
