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
});
