import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/index.ts";
import { backtest } from "../../../src/watchdog/learn/backtest.ts";
import { upperEnd } from "../../../src/watchdog/learn/binomial.ts";
import type { Past } from "../../../src/watchdog/learn/past.ts";
import { checkLimits } from "../../../src/watchdog/learn/suggest/check-limits.ts";
import { suggestLimit } from "../../../src/watchdog/learn/suggest/suggest-limit.ts";
import { past, START, steady, TASK } from "./past-runs.ts";

const policy = parsePolicy({
  version: 1,
  mode: "observe",
  rules: [
    {
      id: "five",
      for: { tasks: [TASK] },
      limit: { usageTotalUsd: 5 },
      steps: [{ at: "100%", do: "abort" }],
    },
  ],
});
const tried = (runs: readonly Past[]) => {
  const [from, until] = [new Date(START), new Date(START + 30 * 86_400_000)];
  return backtest(policy, { source: "ledger", from, until, runs, open: 0 }, () => ({}));
};
const healthy = Array.from({ length: 30 }, (_, i) => past(i, 1));

describe("what people said of stops", () => {
  it("makes a stop wrong that ended otherwise, and one of a success right or planned", () => {
    const stopped = past(40, 5.2, { stopped: true });
    const success = past(41, 9);
    const none = tried([...healthy, stopped, success]);
    expect(none.wrongStops).toEqual({
      count: 1,
      successes: 31,
      atMost95: upperEnd(1, 31),
      judged: { right: 0, wrong: 0, planned: 0 },
    });
    const judged = tried([...healthy, { ...stopped, verdict: "wrong" }, { ...success, verdict: "right" }]);
    expect(judged.stops).toMatchObject([
      { runId: "run40", status: "ABORTED", verdict: "wrong", isWrong: true },
      { runId: "run41", status: "SUCCEEDED", verdict: "right", isWrong: false },
    ]);
    expect(judged.wrongStops).toMatchObject({ count: 1, successes: 31, judged: { right: 1, wrong: 1 } });
    const both = tried([...healthy, { ...stopped, verdict: "wrong" }, success]);
    expect(both.wrongStops).toMatchObject({ count: 2, successes: 32, atMost95: upperEnd(2, 32) });
    const planned = tried([...healthy, stopped, { ...success, verdict: "planned" }]);
    expect(planned.wrongStops).toMatchObject({ count: 0, successes: 30, atMost95: upperEnd(0, 30) });
  });

  it("counts a success that had to be stopped, and was not, among what no rule caught", () => {
    const missed = (verdict?: "right" | "planned") =>
      tried([...healthy, past(40, 4, verdict && { verdict })]).missed.map(({ runId }) => runId);
    expect(missed("right")).toEqual(["run40"]);
    expect(missed("planned")).toEqual([]);
    expect(missed()).toEqual([]);
    const stopped = past(40, 4, { stopped: true, verdict: "wrong" });
    expect(tried([...healthy, stopped]).missed).toEqual([]);
  });

  it("leaves a run out of suggestions that had to be stopped, and no other", () => {
    const stop = past(500, 9, { stopped: true });
    const of = (verdict?: Past["verdict"]) =>
      suggestLimit([...steady(100), { ...stop, ...(verdict && { verdict }) }], "usd");
    expect(of()).toMatchObject({ n: 100, stopped: 1, most: 9_000_000 });
    expect(of("wrong")).toMatchObject({ n: 100, stopped: 1, most: 9_000_000 });
    expect(of("planned")).toMatchObject({ n: 100, stopped: 1, most: 9_000_000 });
    expect(of("right")).toMatchObject({ n: 100, stopped: 0, most: 2_000_000 });
    expect(suggestLimit([...steady(100), past(500, 9, { verdict: "right" })], "usd")).toMatchObject({
      n: 100,
      most: 2_000_000,
    });
  });

  it("breaks no limit by a run that had to be stopped, or was planned", () => {
    const verdictOf = (verdict?: Past["verdict"]) =>
      checkLimits(policy, { runs: [...steady(100), past(500, 9, verdict && { verdict })] }, () => ({}))[0]
        ?.verdict;
    expect([verdictOf(), verdictOf("right"), verdictOf("planned")]).toEqual(["broken", "holds", "holds"]);
  });
});
