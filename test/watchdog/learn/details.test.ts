import { describe, expect, it } from "vitest";
import { parsePolicy, type Run } from "../../../src/policy/index.ts";
import { backtest } from "../../../src/watchdog/learn/backtest.ts";
import {
  wantedByPolicy,
  wantedByStops,
  wantedBySuggestion,
  withDetails,
} from "../../../src/watchdog/learn/details.ts";
import type { History, Past } from "../../../src/watchdog/learn/past.ts";
import { past, START, steady } from "./past-runs.ts";

const HOUR = 3_600_000;
const UNTIL = new Date(START + 1_000 * HOUR);
const historyOf = (...runs: readonly Past[]): History => ({
  source: "apify",
  from: new Date(START),
  until: UNTIL,
  runs,
  open: 0,
});
const rule = (of: object) => ({ id: "it", steps: [{ at: "100%", do: "abort" }], ...of });
const policyOf = (...rules: readonly object[]) => parsePolicy({ version: 1, mode: "observe", rules });
const wanted = (of: object, ...runs: readonly Past[]) =>
  wantedByPolicy(policyOf(rule(of)), historyOf(...runs), () => ({ actorName: "acme/shop" }));

/** As a list has it: how many lives it had is not known. */
const listed = ({ lives: _unknown, ...each }: Past): Past => each;
const readInFull = (each: Past, resurrectCount = 0): Run => ({
  ...each.run,
  settings: { memoryMbytes: 4_096 },
  detail: { stats: {}, resurrectCount },
});

describe("wantedByPolicy()", () => {
  it("names the runs whose memory, build or pricing model a rule looks at, and no run that it is not for", () => {
    const runs = [past(1, 1), past(2, 1, { actorId: "otherOtherOther17" })];
    const memory = { limit: { usageTotalUsd: 5 }, for: { actors: ["actorActorActor17"], memory: [">2GB"] } };
    expect(wanted(memory, ...runs)).toEqual(["run1"]);
    expect(wanted({ limit: { usageTotalUsd: 5 }, for: { builds: ["beta"] } }, ...runs)).toHaveLength(2);
    expect(wanted({ limit: { noTimeout: true } }, ...runs)).toHaveLength(2);
    expect(wanted({ limit: { usageTotalUsd: 5 } }, ...runs)).toEqual([]);
  });

  it("names those without a cost where a rule or a budget is on cost, once", () => {
    const [unpriced, read] = [past(1, undefined), past(2, undefined)];
    const known = { ...read, run: { ...readInFull(read) } };
    const runs = [past(0, 1), unpriced, known];
    expect(wanted({ limit: { usageTotalUsd: 5 } }, ...runs)).toEqual(["run1"]);
    expect(wanted({ budget: { usd: 50, per: "day" } }, ...runs)).toEqual(["run1"]);
    expect(wanted({ limit: { runTime: "6h" } }, ...runs)).toEqual([]);
  });

  it("asks for none that no detail would tell anything of", () => {
    expect(wanted({ limit: { idleTime: "10m" } }, past(1, 1))).toEqual([]);
  });
});

describe("a run that was resurrected, in Apify's list", () => {
  // Ten minutes, twice, a day apart: the list has a start, and an end a day later.
  const of = listed(past(1, 1, { finishedAt: new Date(START + 26 * HOUR) }));
  const policy = policyOf(rule({ limit: { runTime: "6h" } }));
  const tried = (history: History) => backtest(policy, history, () => ({}));

  it("is no sure stop by its time while it is not known how often it lived, and is asked for", () => {
    const history = historyOf(of, listed(past(2, 1)));
    const { stops } = tried(history);
    expect(stops).toMatchObject([{ runId: "run1", sure: false, savedMicroUsd: { from: 0 } }]);
    expect(wantedByStops(stops, history)).toEqual(["run1"]);
  });

  it("is a sure one where it turns out to have lived once, and none where it was resurrected", () => {
    const history = historyOf(of);
    const once = withDetails(history, new Map([["run1", readInFull(of)]]));
    expect(tried(once).stops).toMatchObject([{ runId: "run1", sure: true }]);
    const twice = withDetails(history, new Map([["run1", readInFull(of, 1)]]));
    expect(tried(twice).stops).toEqual([]);
    expect(tried(twice).coverage.notSimulated).toContain("1 run with several lives");
    expect(wantedByStops(tried(once).stops, once)).toEqual([]);
  });

  it("does not make a limit on time for its task: the longest run is looked at before it counts", () => {
    const history = historyOf(...steady(40).map(listed), listed({ ...of, run: { ...of.run, id: "again" } }));
    expect(wantedBySuggestion("runTime", history)).toEqual(["again"]);
    const read = withDetails(history, new Map([["again", readInFull(of, 1)]]));
    expect(read.runs.at(-1)?.lives).toBe(2);
    expect(wantedBySuggestion("runTime", read)).toHaveLength(1);
    expect(wantedBySuggestion("usd", history)).toEqual([]);
  });
});

describe("withDetails()", () => {
  it("adds what a detail told, and replaces nothing that was known", () => {
    const [unpriced, priced] = [past(1, undefined), past(2, 3)].map(listed) as [Past, Past];
    const read = new Map(
      [unpriced, priced].map((each) => [each.run.id, { ...readInFull(each), usageTotalMicroUsd: 7 }]),
    );
    const { runs } = withDetails(historyOf(unpriced, priced), read);
    expect(runs.map(({ run, lives }) => [run.usageTotalMicroUsd, run.settings?.memoryMbytes, lives])).toEqual(
      [
        [7, 4_096, 1],
        [3_000_000, 4_096, 1],
      ],
    );
  });
});
