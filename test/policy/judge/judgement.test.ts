import { describe, expect, it } from "vitest";
import {
  judgeRun,
  type LimitRule,
  needsDetail,
  needsOwners,
  type Policy,
  type Run,
} from "../../../src/policy/index.ts";
import { at, HOUR, life, MINUTE, NOON, observation, policy, rule, run, usd } from "../../support/builders.ts";

const cost = rule({ id: "cost" });
const queue = rule({ id: "queue", limit: { metric: "queueTime", value: 600 } });
const stopping = rule({ id: "stopping", limit: { metric: "abortingTime", value: 60 } });
const stat = rule({ id: "stat", limit: { metric: "stats.netRxBytes", value: 10 } });
const all = policy({ rules: [cost, queue, stopping, stat] });

const judgedIn = (status: string, underIntent = false): readonly string[] =>
  judgeRun(all, observation({ run: run({ status }) }), NOON, { underIntent })
    .filter(({ applies }) => applies === "yes")
    .map(({ rule: { id } }) => id);

describe("judgeRun()", () => {
  it.each([
    ["READY", ["cost", "queue", "stat"]],
    ["RUNNING", ["cost", "stat"]],
    ["ABORTING", ["stopping"]],
    ["TIMING-OUT", ["stopping"]],
    ["SUCCEEDED", []],
    ["FAILED", []],
    ["TIMED-OUT", []],
    ["ABORTED", []],
    ["A-STATUS-OF-TOMORROW", []],
    ["", []],
    ["running", []],
  ])("judges a run that is %j by %j", (status, rules) => {
    expect(judgedIn(status)).toEqual(rules);
  });

  it.each([
    ["RUNNING", ["cost", "stat"]],
    ["ABORTING", ["cost", "stopping", "stat"]],
    ["TIMING-OUT", ["cost", "stopping", "stat"]],
    ["SUCCEEDED", []],
    ["ABORTED", []],
    ["A-STATUS-OF-TOMORROW", []],
  ])("judges a run that is %s under an intent by %j", (status, rules) => {
    expect(judgedIn(status, true)).toEqual(rules);
  });

  it("asks for the status before anything else, so that an ended run is never found too dear", () => {
    const dear = observation({ run: run({ status: "SUCCEEDED", usageTotalMicroUsd: usd(99) }) });
    expect(judgeRun(policy(), dear, NOON)).toEqual([
      { rule: rule(), applies: "not-in-this-status", because: "status SUCCEEDED" },
    ]);
  });

  it("says of each rule, in order, why it does not apply", () => {
    const rules = [
      rule({ id: "a", for: { origins: ["WEB"] } }),
      rule({ id: "b", for: { actors: ["acme/shop"] } }),
      queue,
      rule({ id: "c" }),
    ];
    const applied = judgeRun(policy({ rules }), observation(), NOON).map(({ applies }) => applies);
    expect(applied).toEqual(["no", "unresolved", "not-in-this-status", "yes"]);
  });
});

describe("judgeRun() says why a rule does not apply", () => {
  const nights = { hours: [{ from: 1320, to: 360 }], timeZone: "UTC" };
  const why = (change: Partial<LimitRule>, seen = observation(), now = NOON) => {
    const [judgement] = judgeRun(policy({ rules: [rule(change)] }), seen, now);
    return judgement?.applies === "yes"
      ? judgement.verdict.kind
      : `${judgement?.applies}: ${judgement?.because}`;
  };

  it.each<[Partial<LimitRule>, string]>([
    [{ for: { origins: ["WEB"] } }, "no: for.origins"],
    [{ for: { actors: ["acme/x"] } }, "unresolved: actors"],
    [{ for: { builds: ["latest"] } }, "untold: builds"],
    [{ limit: { metric: "queueTime", value: 1 } }, "not-in-this-status: status RUNNING"],
    [{ schedule: nights }, "not-scheduled: its schedule"],
    [{ schedule: nights, for: { origins: ["WEB"] } }, "no: for.origins"],
    [{}, "within"],
  ])("%j: %s", (change, said) => {
    expect(why(change)).toBe(said);
  });

  it("applies a rule within its schedule", () => {
    expect(why({ schedule: nights }, observation(), at(10 * HOUR))).toBe("within");
  });

  it("lets an escalation go on by the rule's schedule, too", () => {
    const stopping = observation({ run: run({ status: "ABORTING", usageTotalMicroUsd: usd(9) }) });
    const of = policy({ rules: [rule({ schedule: nights })] });
    const applied = (now: Date) => judgeRun(of, stopping, now, { underIntent: true })[0]?.applies;
    expect([applied(NOON), applied(at(10 * HOUR))]).toEqual(["not-scheduled", "yes"]);
  });
});

describe("needsOwners()", () => {
  it("is what a step on an estimate asks for, whatever it does", () => {
    const notice = { at: 100, do: "notify", basis: "estimate" } as const;
    const asks = (overrides: Partial<LimitRule>) => needsOwners(policy({ rules: [rule(overrides)] }));
    expect([asks({ steps: [notice] }), asks({})]).toEqual([true, false]);
  });
});

describe("needsDetail()", () => {
  const needs = (of: Policy, status = "RUNNING"): boolean =>
    needsDetail(of, observation({ run: run({ status }) }));

  it("asks for the detail where a rule on a stat applies", () => {
    expect([needs(policy({ rules: [stat] })), needs(policy({ rules: [cost] }))]).toEqual([true, false]);
  });

  it("does not for runs that the rule is not meant for or whose name is unknown", () => {
    expect(needs(policy({ rules: [rule({ ...stat, for: { origins: ["WEB"] } })] }))).toBe(false);
    expect(needs(policy({ rules: [rule({ ...stat, for: { actors: ["acme/shop"] } })] }))).toBe(false);
  });

  it.each(["ABORTING", "TIMING-OUT", "SUCCEEDED", "A-STATUS-OF-TOMORROW"])(
    "does not for a run that is %s",
    (status) => {
      expect(needs(policy({ rules: [stat] }), status)).toBe(false);
    },
  );

  const settings = { timeoutSecs: 60 };
  const known = observation({ run: run({ settings }) });
  const noTimeout = rule({ id: "timeout", limit: { metric: "noTimeout", value: 1 } });
  const byBuild = rule({ id: "build", for: { builds: ["latest"] } });

  it.each<[string, LimitRule, boolean, boolean]>([
    ["a limit on settings", noTimeout, true, false],
    ["a selector on settings", byBuild, true, false],
    [
      "a selector on settings that another key has settled",
      rule({ for: { builds: ["x"], origins: ["WEB"] } }),
      false,
      false,
    ],
    [
      "an exception by settings",
      rule({ for: { except: { memory: [{ op: ">", mbytes: 1 }] } } }),
      true,
      false,
    ],
    ["an estimate", rule({ steps: [{ at: 100, do: "abort", basis: "estimate" }] }), true, true],
    [
      "an estimate beside an actual figure",
      rule({
        steps: [
          { at: 50, do: "notify" },
          { at: 100, do: "abort", basis: "estimate" },
        ],
      }),
      true,
      true,
    ],
    ["a limit on the detail", stat, true, true],
    ["a limit on the list", cost, false, false],
    ["a limit on queue time", queue, false, false],
  ])("asks for %s once, until the settings are known: %#", (_what, of, before, after) => {
    expect([
      needsDetail(policy({ rules: [of] }), observation()),
      needsDetail(policy({ rules: [of] }), known),
    ]).toEqual([before, after]);
  });

  it("asks again for settings that the first detail did not tell, for ten minutes after the queue", () => {
    const asks = (of: LimitRule, secs: number, told: Run["settings"], readyUntil = NOON) =>
      needsDetail(
        policy({ rules: [of] }),
        observation({
          run: run({ ...(told && { settings: told }) }),
          life: life({ since: NOON, readyUntil }),
          observedAt: at(secs),
        }),
      );
    const untold = { build: "beta" };
    expect(asks(byBuild, MINUTE, untold)).toBe(true);
    expect(asks(noTimeout, MINUTE, untold)).toBe(true);
    expect(asks(byBuild, 11 * MINUTE, untold)).toBe(false);
    expect(asks(noTimeout, 11 * MINUTE, untold)).toBe(false);
    expect(asks(byBuild, 11 * MINUTE, untold, at(2 * MINUTE))).toBe(true);
    expect(asks(byBuild, MINUTE, { ...untold, buildNumber: "0.1.2" })).toBe(false);
    expect(asks(noTimeout, MINUTE, { timeoutSecs: 60 })).toBe(false);
  });

  it("asks where any of the rules does", () => {
    expect(needsDetail(policy({ rules: [cost, stat, queue] }), observation())).toBe(true);
  });
});
