import { describe, expect, it } from "vitest";
import { judgeRun, needsDetail, type Policy } from "../../src/policy/index.ts";
import { NOON, observation, policy, rule, run, usd } from "../support/builders.ts";

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
});
