import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/index.ts";
import { viewRuns } from "../../../src/watchdog/explain/query.ts";
import { EMPTY_CONTROL } from "../../../src/watchdog/model/control.ts";
import { liveRun, NOON, run, usd } from "../../support/builders.ts";
import { fiveUsd } from "../../support/policies.ts";

describe("viewRuns()", () => {
  it("shows of a run that could not be read no share of a limit that no tick judges it by", () => {
    const live = liveRun({ run: run({ usageTotalMicroUsd: usd(8) }) });
    const shown = (each: typeof live) =>
      viewRuns(parsePolicy(fiveUsd()), [each], EMPTY_CONTROL, () => ({}), NOON);
    expect(shown(live)).toMatchObject([{ shares: [{ share: 1.6 }] }]);
    expect(shown({ ...live, unread: true })).toMatchObject([
      { shares: [], noLimit: "not known: its detail could not be read yet" },
    ]);
  });
});
