import { describe, expect, it } from "vitest";
import { withoutAhead } from "../../../src/watchdog/observe/read-live.ts";
import { at, HOUR, life, liveRun, NOON, run } from "../../support/builders.ts";

const asReadAt = (now: Date, since: Date, startedAt = at(-60)) => {
  const seen = liveRun({ run: run({ startedAt }), observedAt: at(2 * HOUR), life: life({ since }) });
  const { runs } = withoutAhead({ version: 1, runs: new Map([[seen.run.id, seen]]) }, now);
  return runs.get(seen.run.id)?.life.since;
};

describe("what was written down by a clock that was ahead", () => {
  it("has no life begin in times to come", () => {
    expect(asReadAt(NOON, at(HOUR))).toEqual(NOON);
    expect(asReadAt(NOON, at(-30))).toEqual(at(-30));
  });

  it("has no life begin before its run did, by a clock that is behind", () => {
    expect(asReadAt(NOON, at(8), at(8))).toEqual(at(8));
    expect(asReadAt(NOON, at(HOUR), at(8))).toEqual(at(8));
  });
});
