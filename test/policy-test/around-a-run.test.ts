import { describe, expect, it } from "vitest";
import { decided, FIVE_USD, play, policyOf, type Written } from "./playing.ts";

describe("what stands around a run", () => {
  it("is the time: the case's, else the file's, else a Wednesday's noon in UTC", () => {
    const friday = { days: ["fri"], hours: ["22:00-06:00"] };
    const policy = policyOf({ limit: { usageTotalUsd: 5 }, schedule: friday });
    const run = { usageTotalUsd: 7 };
    const at = (now: string | undefined, file: Written = {}) =>
      play(policy, { run, expect: "nothing", ...(now && { now }) }, file).runs[0]?.got.do;
    expect(at(undefined)).toBe("nothing");
    // 21:30 in UTC is 22:30 in Prague.
    expect(at("2026-11-27T21:30:00Z")).toBe("abort");
    expect(at(undefined, { now: "2026-11-27T21:30:00Z" })).toBe("abort");
    expect(at("2026-11-27T20:30:00Z", { now: "2026-11-27T21:30:00Z" })).toBe("nothing");
  });

  it("is a pause", () => {
    expect(decided(FIVE_USD, { usageTotalUsd: 7 }, { paused: true })).toMatchObject({
      do: "hold",
      guard: "pause",
    });
    expect(decided(FIVE_USD, { usageTotalUsd: 7 }, { paused: false })).toMatchObject({
      do: "abort",
      called: true,
    });
  });

  it.each<[Written, boolean]>([
    [{ run: "run" }, true],
    [{ actor: "acme~shop" }, true],
    [{ task: "acme/eu" }, true],
    [{ rule: "rule-1" }, true],
    [{ actor: "acme/shop", until: "2h", ceiling: 8 }, true],
    [{ actor: "acme/shop", ceiling: 7 }, false],
    [{ actor: "acme/shop", rule: "rule-1", ceiling: 8 }, true],
    [{ actor: "acme/shop", rule: "rule-1", ceiling: 7 }, false],
    [{ actor: "acme/shop", rule: "rule-2", ceiling: 8 }, false],
    [{ actor: "acme/shop", until: "2026-11-25T11:59:59Z" }, false],
    [{ actor: "acme/other" }, false],
  ])("is an exemption: %j", (exempt, holds) => {
    const run = { actor: "acme~shop", task: "acme/eu", usageTotalUsd: 7 };
    const expected = holds ? { do: "hold", guard: "exemption" } : { do: "abort" };
    expect(decided(FIVE_USD, run, { exempt })).toMatchObject(expected);
    expect(decided(FIVE_USD, run, { exempt: [{ run: "other" }, exempt] })).toMatchObject(expected);
  });

  it("is what was stopped before, and what else is live", () => {
    const guardOf = (around: Written) => decided(FIVE_USD, { usageTotalUsd: 7 }, around)?.guard;
    expect(guardOf({ stoppedInLastHour: 23, otherLiveRuns: 60 })).toBeUndefined();
    expect(guardOf({ stoppedInLastHour: 24, otherLiveRuns: 60 })).toBe("perHour");
    expect(guardOf({ stoppedInLastHour: 23, otherLiveRuns: 20 })).toBe("percentOfLive");
  });

  it("is the other runs, which share the blast radius", () => {
    const maxAborts = { perTick: 1, perHour: 30, percentOfLive: 50 };
    const policy = { ...FIVE_USD, guards: { ...FIVE_USD.guards, maxAborts } };
    const { passed } = play(policy, {
      runs: [{ usageTotalUsd: 6 }, { id: "dear", usageTotalUsd: 60 }],
      expect: { run1: { do: "hold", guard: "perTick" }, dear: "abort" },
    });
    expect(passed).toBe(true);
  });
});
