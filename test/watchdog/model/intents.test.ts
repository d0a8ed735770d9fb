import { describe, expect, it } from "vitest";
import { type Control, EMPTY_CONTROL, viewOf, viewWithoutOpen } from "../../../src/watchdog/model/control.ts";
import {
  CALL_MS,
  CLAIM_MS,
  findIntent,
  withIntent,
  withoutIntent,
  withoutMissing,
  withPatch,
  withTickEnded,
} from "../../../src/watchdog/model/intents.ts";
import { at, HOUR, NOON, openIntent, recentIntent } from "../../support/builders.ts";

const tick = { id: "tick-now", endsBy: at(50) };
const source = { kind: "schedule" as const, id: "schedule1" };
const stopped = (runId = "run1", life = 0) => ({ runId, life, source, startedAt: at(-60) });
const two = (overrides: Partial<Control> = {}): Control => ({
  ...EMPTY_CONTROL,
  version: 7,
  revision: 3,
  pause: { since: at(-5), by: "ada", reason: "incident" },
  exemptions: [{ kind: "malformed", problem: "no JSON" }],
  openIntents: [openIntent(), openIntent({ intentId: "intent2", runId: "run2" })],
  ...overrides,
});

describe("withIntent()", () => {
  it("opens the intent and counts it, with the tick that made it", () => {
    const intent = openIntent({ intentId: "intent3", runId: "run3", life: 2, at: NOON });
    const next = withIntent(two(), intent, tick, stopped("run3", 2));
    expect(next.openIntents.map(({ intentId }) => intentId)).toEqual(["intent1", "intent2", "intent3"]);
    expect(next.recentIntents).toEqual([
      {
        runId: "run3",
        life: 2,
        source,
        startedAt: at(-60),
        at: NOON,
        tickId: "tick-now",
        tickEndsBy: at(50),
      },
    ]);
  });

  it("forgets what is an hour and a minute old, and nothing that counts by anybody's clock", () => {
    const recentIntents = [
      recentIntent({ runId: "old", at: at(-HOUR - 60) }),
      recentIntent({ runId: "counts", at: at(-HOUR + 0.001) }),
    ];
    const next = withIntent(two({ recentIntents }), openIntent({ at: NOON }), tick, stopped());
    expect(next.recentIntents.map(({ runId }) => runId)).toEqual(["counts", "run1"]);
  });

  it("leaves the rest of the control state as it is, but for what a write may not set", () => {
    const next = withIntent(two(), openIntent(), tick, stopped());
    expect(next).toMatchObject({ revision: 3, pause: { by: "ada" } });
    expect(Object.keys(next)).not.toContain("version");
    expect(Object.keys(next)).not.toContain("exemptions");
  });

  it("does not change what it was given", () => {
    const before = two();
    withIntent(before, openIntent(), tick, stopped());
    expect(before).toEqual(two());
  });
});

describe("findIntent()", () => {
  it("finds an intent by its id alone", () => {
    expect(findIntent(two(), "intent2")?.runId).toBe("run2");
    expect(findIntent(two(), "run2")).toBeUndefined();
  });
});

describe("withPatch()", () => {
  it("changes that intent and no other", () => {
    const next = withPatch(two(), "intent2", { requestedAt: NOON, callSent: true });
    expect(next.openIntents).toEqual([
      openIntent(),
      openIntent({ intentId: "intent2", runId: "run2", requestedAt: NOON, callSent: true }),
    ]);
  });

  it("changes nothing where the intent is closed", () => {
    expect(withPatch(two(), "gone", { callSent: true }).openIntents).toEqual(two().openIntents);
  });
});

describe("withoutIntent()", () => {
  it("closes that intent and goes on counting it", () => {
    const recentIntents = [recentIntent({ runId: "run1" })];
    const next = withoutIntent(two({ recentIntents }), "intent1");
    expect(next.openIntents.map(({ intentId }) => intentId)).toEqual(["intent2"]);
    expect(next.recentIntents).toEqual(recentIntents);
  });
});

describe("withoutMissing()", () => {
  it("forgets of that intent alone since when its run was missing", () => {
    const openIntents = ["a", "b"].map((intentId) => openIntent({ intentId, missingSince: at(-60) }));
    const next = withoutMissing(two({ openIntents }), "a");
    expect(next.openIntents).toEqual([
      openIntent({ intentId: "a" }),
      openIntent({ intentId: "b", missingSince: at(-60) }),
    ]);
    expect(next.openIntents[0]).not.toHaveProperty("missingSince");
  });
});

describe("withTickEnded()", () => {
  it("dates the end of that tick on what it made, and nothing else", () => {
    const recentIntents = ["tick-now", "tick-before", "tick-now"].map((tickId) =>
      recentIntent({ tickId, tickEndsBy: at(30) }),
    );
    const next = withTickEnded(two({ recentIntents }), "tick-now", NOON);
    expect(next.recentIntents.map(({ tickEndsBy }) => tickEndsBy)).toEqual([NOON, at(30), NOON]);
  });

  it("forgets nothing, for the clock of whoever ends may be set: what is an hour old goes with the next intent", () => {
    const recentIntents = [recentIntent({ at: at(-HOUR) })];
    expect(withTickEnded(two({ recentIntents }), "tick-now", NOON).recentIntents).toEqual(recentIntents);
  });
});

describe("a claim", () => {
  it("lasts longer than a call, so that none is on its way when another tick may claim", () => {
    expect(CLAIM_MS).toBeGreaterThan(CALL_MS);
  });
});

describe("viewOf()", () => {
  it("shows what a decision depends on, with the runs that have an open intent", () => {
    const { pause, exemptions, recentIntents } = two();
    expect(viewOf(two())).toEqual({
      pause,
      exemptions,
      recentIntents,
      openRunIds: new Set(["run1", "run2"]),
    });
    expect(viewOf(EMPTY_CONTROL)).toEqual({ exemptions: [], recentIntents: [], openRunIds: new Set() });
  });

  it("shows no open intent where a run is judged again under its own", () => {
    expect(viewWithoutOpen(two()).openRunIds).toEqual(new Set());
  });
});
