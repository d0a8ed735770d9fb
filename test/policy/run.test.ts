import { describe, expect, it } from "vitest";
import {
  isActive,
  isEnded,
  isLive,
  isStopping,
  NO_PRICING,
  sourceKey,
  sourceOf,
} from "../../src/policy/index.ts";
import { STATUSES } from "../support/builders.ts";

const SAID = [...STATUSES, "running", ""];

describe("sourceOf()", () => {
  it("is the schedule of a run, else its task, else its Actor", () => {
    const [actor, task, schedule] = [{ actorId: "x" }, { actorTaskId: "x" }, { scheduleId: "x" }];
    const all = [actor, { ...actor, ...task }, { ...actor, ...task, ...schedule }, { ...actor, ...schedule }];
    expect(all.map((run) => sourceKey(sourceOf(run)))).toEqual([
      "actor:x",
      "task:x",
      "schedule:x",
      "schedule:x",
    ]);
  });
});

describe("statuses", () => {
  it("are live, ended or neither, and never both", () => {
    expect([SAID.filter(isLive), SAID.filter(isEnded)]).toEqual([
      ["READY", "RUNNING", "TIMING-OUT", "ABORTING"],
      ["SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED"],
    ]);
  });

  it("are active or on their way out where they are live", () => {
    expect([SAID.filter(isActive), SAID.filter(isStopping)]).toEqual([
      ["READY", "RUNNING"],
      ["TIMING-OUT", "ABORTING"],
    ]);
  });
});

describe("NO_PRICING", () => {
  it("is the word that policies use, and no model of Apify's", () => {
    expect(NO_PRICING).toBe("NONE");
  });
});
