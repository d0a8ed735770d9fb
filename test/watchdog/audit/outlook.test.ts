import { describe, expect, it } from "vitest";
import { intentOutlook } from "../../../src/watchdog/audit/outlook.ts";

describe("intentOutlook()", () => {
  const intent = { intentId: "e1", runId: "run1" };

  it.each(["abort.failed", "abort.unconfirmed"] as const)(
    "names after %s the exemption that lets the run go, for an undo is refused while the intent is open",
    (kind) => {
      expect(intentOutlook(kind, intent).overrule).toMatch(/^watchdog exempt add --run run1 /);
    },
  );

  it("names the undo of what was stopped, and nothing to overrule where nothing was", () => {
    expect(intentOutlook("abort.confirmed", intent).overrule).toMatch(/^watchdog undo e1 /);
    expect(intentOutlook("abort.moot", intent)).not.toHaveProperty("overrule");
  });
});
