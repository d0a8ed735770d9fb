import { describe, expect, it } from "vitest";
import type { Called } from "../../../src/watchdog/model/control.ts";
import type { Heartbeat } from "../../../src/watchdog/model/live.ts";
import { calledAfter, mergeCalled } from "../../../src/watchdog/tick/attention/called.ts";
import { at } from "../../support/builders.ts";

const beat = (secs: number, ...attention: readonly string[]): Heartbeat => ({
  tickId: `tick${secs}`,
  startedAt: at(secs),
  finishedAt: at(secs + 5),
  listed: 1,
  evaluated: 1,
  skipped: {},
  complete: true,
  ...(attention.length > 0 && { attention }),
});

type Tick = { readonly secs: number; readonly attention?: readonly string[]; readonly sawAll?: boolean };

/** What is remembered after ticks, each of which goes on from the one before. */
function remembered(...ticks: readonly Tick[]): Called {
  let live: { called?: Called; completeAt?: Date } = {};
  for (const { secs, attention = [], sawAll = true } of ticks) {
    const heartbeat = beat(secs, ...attention);
    const write = () => calledAfter(live, heartbeat, { amiss: {}, sawAll });
    const called = write();
    live = { ...live, called, ...(sawAll && { completeAt: heartbeat.startedAt }) };
    // A tick that looked in time writes a second time.
    expect(write()).toEqual(called);
  }
  return live.called ?? { standing: {}, over: [] };
}

describe("calledAfter()", () => {
  it("knows since when an attention stands, and from when to when one did", () => {
    const called = remembered(
      { secs: 0 },
      { secs: 60, attention: ["held: 1 stop stays held", "blind:cost no cost"] },
      { secs: 120, attention: ["held: 2 stops stay held"] },
      { secs: 180, attention: ["held: 2 stops stay held"] },
    );
    expect(called.standing).toEqual({ held: at(60) });
    expect(called.over).toEqual([{ id: "blind:cost", since: at(60), until: at(120) }]);
  });

  it("takes nothing for over by a tick that did not see all", () => {
    const held = { attention: ["held: 1 stop stays held"] };
    const blinded = [
      { secs: 60, ...held },
      { secs: 120, sawAll: false },
    ];
    expect(remembered({ secs: 0 }, ...blinded)).toMatchObject({ standing: { held: at(60) }, over: [] });
    const still = remembered({ secs: 0 }, ...blinded, { secs: 180, ...held });
    expect(still).toMatchObject({ standing: { held: at(60) }, over: [] });
    const ended = remembered({ secs: 0 }, ...blinded, { secs: 180 });
    expect(ended.over).toEqual([{ id: "held", since: at(60), until: at(180) }]);
  });

  it("dates one from when it began to be so, where that is remembered", () => {
    const amiss = { "blind:cost": { since: at(-120), ticks: 3 } };
    const { standing } = calledAfter({}, beat(0, "blind:cost no cost"), { amiss, sawAll: true });
    expect(standing).toEqual({ "blind:cost": at(-120) });
  });

  it("sees a time without a complete tick, by how far ticks lie apart otherwise", () => {
    const minutely = remembered({ secs: 0 }, { secs: 60 }, { secs: 120, sawAll: false }, { secs: 960 });
    expect(minutely.over).toEqual([{ id: "gap", since: at(60), until: at(960) }]);
    // The next one is as late as always.
    expect(remembered({ secs: 0 }, { secs: 60 }, { secs: 960 }, { secs: 1020 }).over).toHaveLength(1);
    const hourly = remembered({ secs: 0 }, { secs: 3600 }, { secs: 7200 }, { secs: 10_800 });
    expect(hourly.over).toEqual([]);
  });

  it("takes another schedule for one gap at most", () => {
    const hourly = [3600, 7202, 10_801, 14_400].map((secs) => ({ secs }));
    const { over, betweenMs } = remembered({ secs: -60 }, { secs: 0 }, ...hourly);
    expect(over).toEqual([{ id: "gap", since: at(0), until: at(3600) }]);
    expect(betweenMs).toBe(3_599_000);
    // Gaps of whatever length, one after the other, are gaps.
    expect(remembered({ secs: 0 }, { secs: 60 }, { secs: 960 }, { secs: 2760 }).over).toHaveLength(2);
  });

  it("keeps the last hundred", () => {
    const ticks = Array.from({ length: 300 }, (_, i) => ({
      secs: i * 60,
      ...(i % 2 === 1 && { attention: ["held: 1 stop stays held"] }),
    }));
    const { over } = remembered(...ticks);
    expect(over).toHaveLength(100);
    expect(over.at(-1)?.until).toEqual(at(298 * 60));
  });
});

describe("mergeCalled()", () => {
  it("keeps what either has seen end, once", () => {
    const [a, b, c] = [0, 60, 120].map((secs) => ({ id: `a${secs}`, since: at(secs), until: at(secs + 30) }));
    if (!a || !b || !c) throw new Error("three were made");
    const last = { standing: { held: at(9) }, over: [a, c] };
    expect(mergeCalled({ standing: {}, over: [a, b] }, last)).toEqual({ ...last, over: [a, b, c] });
    // What the later one still sees has not ended.
    const ended = { id: "held", since: at(9), until: at(30) };
    expect(mergeCalled({ standing: {}, over: [ended] }, last)).toEqual(last);
    expect(mergeCalled(undefined, last)).toEqual(last);
    expect(mergeCalled(last, undefined)).toEqual(last);
  });
});
