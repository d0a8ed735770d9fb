import { describe, expect, it } from "vitest";
import { ForgoneSavings, forgoneText } from "../../../cli/lines/savings.ts";
import type { Entry } from "../../../src/watchdog/model/entry.ts";
import type { LiveRun } from "../../../src/watchdog/model/live.ts";

const observed = (runId: string, usageTotalUsd?: number): Entry =>
  ({
    kind: "abort.observed",
    runId,
    run: { status: "RUNNING", ...(usageTotalUsd !== undefined && { usageTotalUsd }) },
  }) as unknown as Entry;

const costing = (id: string, usd?: number): LiveRun =>
  ({ run: { id, ...(usd !== undefined && { usageTotalMicroUsd: usd * 1_000_000 }) } }) as unknown as LiveRun;

describe("what enforcing would have saved", () => {
  it("is what runs cost since the moment at which they would have been stopped", () => {
    const savings = new ForgoneSavings();
    savings.note(observed("a", 5));
    savings.note(observed("b", 5));
    savings.see([costing("a", 6), costing("b", 5.5), costing("c", 90)]);
    savings.see([costing("a", 7)]);
    expect(forgoneText(savings.total())).toBe(
      "enforcing would have saved $2.50: what those 2 runs have cost since",
    );
  });

  it("counts a run that two rules would stop once, from the first", () => {
    const savings = new ForgoneSavings();
    savings.note(observed("a", 5));
    savings.note(observed("a", 9));
    savings.see([costing("a", 10)]);
    expect(savings.total()).toEqual({ observed: 1, forgoneMicroUsd: 5_000_000, forgoneUnknown: 0 });
  });

  it("is unknown, and not nothing, where a cost is", () => {
    const savings = new ForgoneSavings();
    savings.note(observed("a"));
    savings.see([costing("a", 6)]);
    expect(forgoneText(savings.total())).toBe(
      "what enforcing would have saved can't be determined: what 1 run cost since is unknown",
    );
    savings.note(observed("b", 5));
    savings.see([costing("b", 6)]);
    expect(forgoneText(savings.total())).toBe(
      "enforcing would have saved $1.00: what that run has cost since; what 1 run cost since is unknown",
    );
  });

  it("says nothing where nothing would have been stopped", () => {
    expect(forgoneText(new ForgoneSavings().total())).toBe("");
  });
});
