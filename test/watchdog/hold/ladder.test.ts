import { describe, expect, it } from "vitest";
import { type HoldView, nextHoldMove } from "../../../src/watchdog/hold/ladder.ts";
import type { SourceHold } from "../../../src/watchdog/model/holds/hold.ts";
import type { ScheduleReading } from "../../../src/watchdog/model/ports.ts";
import { at, HOUR, NOON } from "../../support/builders.ts";

const READ_AT = at(-HOUR);
const MADE_AT = at(1);

const hold: SourceHold = {
  holdId: "held",
  scheduleId: "nightly",
  cause: { kind: "hand", by: "ada", reason: "a migration" },
  at: NOON,
  until: at(HOUR),
  modifiedAt: READ_AT,
  state: "as it was",
  claim: { tickId: "t", until: at(20) },
  madeAt: MADE_AT,
};

const reading = (isEnabled: boolean, modifiedAt: Date): ScheduleReading => ({
  kind: "found",
  schedule: { id: "nightly", isEnabled, modifiedAt, starts: [], state: "as it was" },
});

const view: HoldView = { now: at(2), tickId: "t", isPaused: false, over: undefined };

describe("nextHoldMove()", () => {
  it("makes nothing of a reading from before our change, which a replica may still give", () => {
    expect(nextHoldMove(hold, reading(true, READ_AT), view)).toEqual({ kind: "wait" });
    const letGo = { at: at(2), by: "ada", reason: "it may run" };
    expect(nextHoldMove({ ...hold, letGo }, reading(true, READ_AT), view)).toEqual({ kind: "wait" });
  });

  it("believes such a reading once no replica can lag so far behind", () => {
    const later = { ...view, now: at(HOUR / 6) };
    expect(nextHoldMove(hold, reading(true, READ_AT), later)).toMatchObject({ closing: "source.left" });
  });

  it("closes a hold whose schedule somebody enabled after our change, and keeps that free", () => {
    expect(nextHoldMove(hold, reading(true, at(60)), view)).toMatchObject({
      kind: "close",
      closing: "source.left",
      frees: "enabled",
    });
  });

  it("takes a second answer, a tick later, for a schedule to be gone, and then leaves it as disabled", () => {
    const gone: ScheduleReading = { kind: "gone" };
    expect(nextHoldMove(hold, gone, view)).toEqual({ kind: "note-gone" });
    const noted = { ...hold, goneAt: at(2) };
    expect(nextHoldMove(noted, gone, { ...view, now: at(30) })).toEqual({ kind: "wait" });
    expect(nextHoldMove(noted, gone, { ...view, now: at(62) })).toMatchObject({
      kind: "close",
      closing: "source.left",
      leaves: "gone",
    });
    expect(nextHoldMove(noted, reading(false, MADE_AT), view)).toEqual({ kind: "note-found" });
  });

  it("closes nothing while a call of another process may be on its way", () => {
    const promised = { ...hold, claim: { tickId: "other", until: at(20) } };
    expect(nextHoldMove(promised, reading(true, at(60)), view)).toEqual({ kind: "wait" });
    expect(nextHoldMove(promised, reading(true, at(60)), { ...view, now: at(20) })).toMatchObject({
      kind: "close",
    });
  });
});
