import { describe, expect, it } from "vitest";
import { holdText } from "../../../../src/watchdog/audit/holds/describe-hold.ts";
import { heldDraft, holdClosedDraft } from "../../../../src/watchdog/audit/holds/hold-drafts.ts";
import type { Entry, EntryDraft } from "../../../../src/watchdog/model/entry.ts";
import type { SourceHold } from "../../../../src/watchdog/model/holds/hold.ts";
import { at, HOUR, NOON } from "../../../support/builders.ts";

const hold: SourceHold = {
  holdId: "held",
  scheduleId: "nightly0000000001",
  name: "nightly",
  cause: { kind: "hand", by: "ada", reason: "a migration" },
  at: NOON,
  until: at(HOUR),
  modifiedAt: at(-HOUR),
  state: "as it was",
  claim: { tickId: "t", until: at(20) },
};
const told = (draft: EntryDraft): string => {
  const { word, text } = holdText(draft as Entry, "");
  return `${word} ${text}`;
};
const closed = (kind: "source.released" | "source.left", reason: string, leaves?: "changed"): string =>
  told(holdClosedDraft(hold, { kind, reason, leaves }, { at: NOON, tickId: "t" }));

describe("holdText()", () => {
  it("says what became of the schedule, and why", () => {
    expect(told(heldDraft(hold, {}, "t"))).toBe(
      "HOLDING schedule nightly (nightly0000000001) is disabled until 2026-11-24 13:00 UTC: a migration (ada)",
    );
    expect(closed("source.released", "its time is up")).toBe(
      "RELEASED schedule nightly (nightly0000000001) is enabled again: its time is up",
    );
    expect(closed("source.left", "it was deleted")).toBe(
      "LEFT schedule nightly (nightly0000000001) is left as it is: it was deleted",
    );
    expect(closed("source.left", "somebody else changed it", "changed")).toContain(
      "is left as it is, disabled: ",
    );
  });
});
