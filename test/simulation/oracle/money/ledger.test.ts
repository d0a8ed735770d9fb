import { describe, expect, it } from "vitest";
import { HandMade, RUN, secs } from "../hand-made.ts";

/** A run that lives from one second to another, by an account that is watched since long before. */
const lived = (fromSecs: number, untilSecs: number): HandMade =>
  new HandMade([
    {
      ...RUN,
      lives: [{ startedAtMs: secs(fromSecs), endedAtMs: secs(untilSecs), endStatus: "SUCCEEDED" }],
    },
  ])
    .listed(-900, { by: "t0" })
    .tick("t0", -901, -890);

const UNKNOWN = "the ledger does not know it";

describe("the oracle on runs that the ledger does not have", () => {
  it("wants each to be there that began and ended under somebody's eyes", () => {
    expect(lived(-300, -200).listed(100).tick("t1", 99, 105).brokenAtEnd(1_200).join()).toContain(UNKNOWN);
  });

  it("excuses one that a false list hid, and none that began after it", () => {
    const misled = (startSecs: number) =>
      lived(startSecs, -100)
        .listed(-300, { by: "t1", neverArrived: true })
        .tick("t1", -301, -295)
        .listed(100, { by: "t2" })
        .tick("t2", 99, 105)
        .brokenAtEnd(1_200)
        .join();
    expect(misled(-600)).not.toContain(UNKNOWN);
    expect(misled(-290)).toContain(UNKNOWN);
  });

  it("excuses one that a list left out, and not another that it did", () => {
    const leftOut = (runId: string) => {
      const history = lived(-600, -100).listed(-300, { by: "t1" }).tick("t1", -301, -295);
      Object.assign(history.calls.at(-1) ?? {}, { leftOut: [runId] });
      return history.listed(100, { by: "t2" }).tick("t2", 99, 105).brokenAtEnd(1_200).join();
    };
    expect(leftOut("r1")).not.toContain(UNKNOWN);
    expect(leftOut("r2")).toContain(UNKNOWN);
  });

  it("wants somebody to ask for the figure once it has come to rest, unless the run was deleted", () => {
    const early = () => lived(-300, -200).shown(-199, "SUCCEEDED", 6).tick("t1", -200, -190);
    const never = "nobody asked 15 s later what it came to";
    expect(early().brokenAtEnd(1_200).join()).toContain(never);
    expect(early().shown(-100, "SUCCEEDED", 6).brokenAtEnd(1_200).join()).not.toContain(never);
  });

  it("excuses a figure that none but a tick was shown which died, and only of a run that was deleted since", () => {
    const seen = (how: "died" | "done", isDeleted: boolean) => {
      const history = lived(-300, -200)
        .shown(-210, "RUNNING", 5, { by: "t1" })
        .tick("t1", -211, -205)
        .shown(-100, "SUCCEEDED", 6, { by: "t2" })
        .tick("t2", -101, -95, how === "died" ? { how, liveWrittenMs: [] } : {})
        .recorded(5_000_000);
      return (isDeleted ? history.deleted(-90) : history).brokenAtEnd(1_200).join();
    };
    const wrong = "the ledger has 5000000 µ$ of it, it cost 6000000";
    expect(seen("died", true)).not.toContain(wrong);
    expect(seen("done", true)).toContain(wrong);
    expect(seen("died", false)).toContain(wrong);
  });
});
