import { describe, expect, it } from "vitest";
import { PolicyError } from "../../src/policy/index.ts";
import { parseCases } from "../../src/policy-test/index.ts";
import { usd } from "../support/builders.ts";
import type { Written } from "./playing.ts";

const problems = (document: unknown): string => {
  try {
    parseCases(document);
    return "none";
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return (error as PolicyError).message;
  }
};

const wrong = (run: Written, around: Written = {}): string =>
  problems({ cases: [{ name: "a", run, expect: "nothing", ...around }] });

describe("parseCases()", () => {
  it.each<[Written, string]>([
    [
      { usageTotalUSD: 5 },
      'cases[0].run.usageTotalUSD: got an unknown key, "usageTotalUSD", wanted "usageTotalUsd"',
    ],
    [{ runningFor: 7 }, "cases[0].run.runningFor: got 7, wanted a duration, for example"],
    [{ usageTotalUsd: -1 }, "cases[0].run.usageTotalUsd: got -1, wanted an amount in USD, 0 or more"],
    [{ startedAt: "2026-11-25T12:00:00" }, "wanted a time with its zone"],
    [{ startedAt: "2026-11-31" }, "wanted a time with its zone"],
    [{ startedAt: "2026-13-25" }, "wanted a time with its zone"],
    [{ status: "RUNING" }, "did you mean RUNNING?"],
    [{ timeout: "0s" }, 'got "0s", wanted a timeout (6h), or none'],
    [
      { usage: { PROXY_SERP: 1 } },
      'cases[0].run.usage.PROXY_SERP: got 1, wanted "PROXY_SERPS", or another of',
    ],
    [{ stats: { netRxBytes: "much" } }, 'cases[0].run.stats.netRxBytes: got "much", wanted a number'],
    [{ events: [1] }, "cases[0].run.events: got [1], wanted numbers of charged events by name"],
    [{ runningFor: "1h", startedAt: "2026-11-25" }, "wanted one of them, for each says when it began to run"],
    [{ startedAt: "2026-11-26" }, "wanted a time before the case's now"],
    [{ status: "RUNNING", abortingFor: "1m" }, "wanted status ABORTING or TIMING-OUT"],
    [{ status: "READY", runningFor: "1m" }, "wanted queuedFor alone"],
    [
      { typical: { runs: 3 } },
      "cases[0].run.typical: got nothing that is usual, wanted usd, runTime or both",
    ],
    [{ actor: "acme/*" }, 'got "acme/*", wanted an id of 17 letters and digits, or a name with its owner'],
    [{ actor: "nightly" }, 'got "nightly", wanted an id of 17 letters and digits, or a name with its owner'],
  ])("refuses %j, and says what was wanted", (run, says) => {
    expect(wrong(run)).toContain(says);
  });

  it.each<[Written, string]>([
    [{ expect: "hodl" }, "did you mean hold?"],
    [{ expect: { do: "abort", when: "now" } }, 'got an unknown key, "when"'],
    [
      { exempt: { until: "2h" } },
      "cases[0].exempt: got exemption 1, wanted one of run, actor, task and rule",
    ],
    [{ exempt: { run: "a", task: "acme/b", rule: "c" } }, "wanted one of run, actor, task and rule"],
    [{ paused: "yes" }, "wanted true or false"],
    [
      { spent: { monthly: "lots" } },
      'cases[0].spent.monthly: got "lots", wanted an amount in USD, 0 or more',
    ],
    [{ spent: 310 }, "wanted what was spent of each budget by name, for example { a: 1 }"],
    [{ name: undefined }, "cases[0].name"],
    [{ runs: [{}] }, "cases[0].run: got"],
  ])("refuses a case with %j", (around, says) => {
    expect(wrong({}, around)).toContain(says);
  });

  it("reads what was spent of each budget", () => {
    const spent = { monthly: 310, "max-usd-per-day": "$0.50", hourly: 0 };
    const [first] = parseCases({ cases: [{ name: "a", run: {}, expect: "nothing", spent }] }).cases;
    expect(first?.spent).toEqual({ monthly: usd(310), "max-usd-per-day": usd(0.5), hourly: 0 });
  });

  it("wants each of several runs expected, by an id of its own", () => {
    const many = (runs: readonly Written[], expected: Written) =>
      problems({ cases: [{ name: "a", runs, expect: expected }] });
    expect(many([{}, {}], { run1: "nothing" })).toContain("cases[0].expect: got nothing for run2");
    expect(many([{ id: "a" }, { id: "a" }], { a: "nothing" })).toContain(
      "an id that no other run of the case has",
    );
    expect(many([{}], { run1: "nothing", run2: "abort" })).toContain("the id of a run of the case: run1");
  });

  it("tells every problem, not only the first, and refuses a file without cases", () => {
    expect(wrong({ runningFor: 7, memory: 4 }).split("\n")).toHaveLength(2);
    expect(problems({ cases: [] })).toContain("a list of cases with at least one in it");
    expect(problems({ case: [] })).toContain('"cases", or another of');
    expect(problems([])).toContain("wanted an object with the keys policy, now, cases");
  });
});
