import { describe, expect, it } from "vitest";
import { parsePolicy, parseStoredPolicy } from "../../../src/policy/language/parse.ts";
import { document, refusal, rule, withBudget, withRule } from "../documents.ts";

const NAME = 'an id of 17 letters and digits, or a name with its owner, for example "acme/shop-*"';

describe("what is mostly not meant is refused, with what was", () => {
  it.each<[string, unknown, string]>([
    [
      "an excepted Actor by a word alone",
      withRule({ for: { except: { actors: ["nightly"] } } }),
      `rules[0].for.except.actors[0]: got "nightly", wanted ${NAME}; did you mean acme/nightly, with its owner in the place of acme?`,
    ],
    [
      "a selected one",
      withRule({ for: { actors: ["moJRLRc85AitArpNN", "shop2"] } }),
      `rules[0].for.actors[1]: got "shop2", wanted ${NAME}; did you mean acme/shop2, with its owner in the place of acme?`,
    ],
    [
      "a task of a budget, by the owner of all that is named",
      withBudget({ for: { tasks: ["nightly-eu"], actors: ["janedoe/shop-*", "janedoe~x"] } }),
      `rules[0].for.tasks[0]: got "nightly-eu", wanted ${NAME}; did you mean janedoe/nightly-eu?`,
    ],
    [
      "one of several owners'",
      withRule({ for: { actors: ["a/x", "b/y", "z"] } }),
      `rules[0].for.actors[2]: got "z", wanted ${NAME}; did you mean acme/z, with its owner in the place of acme?`,
    ],
    [
      "an id of 16 letters",
      withRule({ for: { actors: ["moJRLRc85AitArpN"] } }),
      `rules[0].for.actors[0]: got "moJRLRc85AitArpN", wanted ${NAME}; did you mean acme/moJRLRc85AitArpN, with its owner in the place of acme?`,
    ],
    [
      "half of the live runs as a fraction",
      document({ guards: { maxAborts: { percentOfLive: 0.5 } } }),
      "guards.maxAborts.percentOfLive: got 0.5, wanted a percentage from 0 to 100; a share is written 50 or 50%",
    ],
    [
      "a step's share as a fraction",
      withRule({ steps: [{ at: 0.8, do: "abort" }] }),
      "rules[0].steps[0].at: got 0.8, wanted a percentage above 0% and up to 1000%, for example 80%; a share is written 80%",
    ],
    [
      "a selector without a key",
      withRule({ for: {} }),
      "rules[0].for: got {}, wanted a key that selects, for example actors; leave for out to select every run",
    ],
    [
      "an exception without a key",
      withRule({ for: { actors: ["acme/x"], except: {} } }),
      "rules[0].for.except: got {}, wanted a key that excepts, for example actors; leave except out to except none",
    ],
    [
      "a mode in a step",
      withRule({ steps: [{ at: "100%", do: "abort", mode: "enforce" }] }),
      'rules[0].steps[0].mode: got an unknown key, "mode", wanted only the keys at, do, basis, schedule; mode stands at the top of the policy, or in a rule',
    ],
    [
      "a limit's figure in the rule",
      document({ rules: [rule({ runTime: "6h" })] }),
      'rules[0].runTime: got an unknown key, "runTime", wanted only the keys id, mode, owner, for, schedule, limit, budget, steps; runTime stands in the limit of a rule',
    ],
    [
      "an amount with a comma",
      withRule({ limit: { usageTotalUsd: "5,00" } }),
      'rules[0].limit.usageTotalUsd: got "5,00", wanted an amount in USD above 0, for example 5 or 0.25; did you mean 5.00?',
    ],
    [
      "an Actor by its address",
      withRule({ for: { actors: ["https://apify.com/acme/shop"] } }),
      `rules[0].for.actors[0]: got "https://apify.com/acme/shop", wanted ${NAME}; did you mean acme/shop?`,
    ],
    [
      "a budget a day by another word",
      withBudget({ budget: { usd: 5, per: "daily" } }),
      'rules[0].budget.per: got "daily", wanted one of hour, day, week, month, cycle (did you mean day?)',
    ],
  ])("%s", (_what, written, message) => {
    expect(refusal(written).message).toBe(message);
  });

  it("tells of slips beside all that is wrong otherwise, each place once", () => {
    const wrong = document({
      mode: "enforced",
      guards: { maxAborts: { percentOfLive: 0.5, perTick: 5000 } },
      rules: [rule({ for: { actors: ["nightly", "shop-*", ""] } })],
    });
    expect(refusal(wrong).problems.map(({ path }) => path.join("."))).toEqual([
      "mode",
      "rules.0.for.actors.2",
      "guards.maxAborts.perTick",
      "guards.maxAborts.percentOfLive",
      "rules.0.for.actors.0",
      "rules.0.for.actors.1",
    ]);
  });

  it("takes what is meant: an id, a name, all, a percentage, and its sign below one", () => {
    const actors = ["moJRLRc85AitArpNN", "acme/shop-*", "acme~shop", "*", "*/shop"];
    expect(parsePolicy(withRule({ for: { actors } })).rules[0]?.for).toEqual({ actors });
    const percentOf = (percentOfLive: unknown) =>
      parsePolicy(document({ guards: { maxAborts: { percentOfLive } } })).guards.maxAborts.percentOfLive;
    expect([percentOf("0.5%"), percentOf(1), percentOf(0), percentOf(1.5)]).toEqual([0.5, 1, 0, 1.5]);
  });

  it("reads what was pushed before it was refused", () => {
    const written = document({
      guards: { maxAborts: { percentOfLive: 0.5, perHour: 50_000 } },
      rules: [rule({ for: { except: { actors: ["nightly"] } } }), rule({ id: "r2", for: {} })],
    });
    expect(parseStoredPolicy(written)).toMatchObject({
      guards: { maxAborts: { percentOfLive: 0.5, perHour: 50_000 } },
      rules: [{ for: { except: { actors: ["nightly"] } } }, { for: {} }],
    });
    expect(() => parsePolicy(written)).toThrow("did you mean");
  });

  it.each([null, [], "x", 5, { rules: {} }, { rules: [null, { for: [] }, { for: { actors: "x" } }] }])(
    "throws nothing else at %j",
    (written) => {
      expect(refusal(written).problems.length).toBeGreaterThan(0);
    },
  );
});
