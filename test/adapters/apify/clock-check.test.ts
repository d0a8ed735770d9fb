import { describe, expect, it } from "vitest";
import { steppedClock } from "../../../emulator/index.ts";
import { ApifyError, ClockError, ConfigError } from "../../../src/watchdog/model/errors.ts";
import type { Apify } from "../../../src/watchdog/model/ports.ts";
import { virtualTime } from "../../support/virtual-time.ts";
import {
  data,
  failure,
  html,
  NOON,
  never,
  type Respond,
  refusal,
  run,
  type Step,
  scripted,
} from "./support.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** The step with a `Date` so far ahead of noon here, which is when it is asked; HTTP leaves out what is below a second. */
const dated = (step: Step, aheadMs: number, headers: Record<string, string> = {}): Step =>
  typeof step === "string"
    ? step
    : {
        ...step,
        headers: { date: new Date(NOON.getTime() + aheadMs).toUTCString(), ...headers, ...step.headers },
      };

const page = data({ items: [run()], limit: 1_000 });
const readOne = (apify: Apify) => apify.readRun("run1", never);
const abortOne = (apify: Apify) =>
  apify.abortRun({ runId: "run1", actorId: "actor1", gracefully: true }, never);

const reads: readonly [string, Step, (apify: Apify) => Promise<unknown>][] = [
  ["listRuns", page, (apify) => apify.listRuns({}, never)],
  ["runsPage", page, (apify) => apify.runsPage({}, undefined, never)],
  ["readRun", data(run()), readOne],
  ["actor", data({ id: "a1", name: "shop" }), (apify) => apify.actor("a1", never)],
  ["task", data({ id: "a1", name: "shop" }), (apify) => apify.task("a1", never)],
  ["recentRuns", page, (apify) => apify.recentRuns({ kind: "actor", id: "actor1" }, ["SUCCEEDED"], never)],
  [
    "limits",
    data({ monthlyUsageCycle: { startAt: "2026-09-01T00:00:00Z", endAt: "2026-10-01T00:00:00Z" } }),
    (apify) => apify.limits(never),
  ],
  [
    "monthlyUsage",
    data({ usageCycle: { startAt: "2026-09-01T00:00:00Z", endAt: "2026-10-01T00:00:00Z" } }),
    (apify) => apify.monthlyUsage(never),
  ],
];

describe.each(reads)("an answer by another clock: %s", (_name, step, call) => {
  it.each([
    [-6 * HOUR, 6 * HOUR],
    [2 * 60 * SECOND, -2 * 60 * SECOND],
  ])("brings nothing but a ClockError, at once: %i ms", async (apifysMs, oursMs) => {
    const { asked, requests } = scripted([dated(step, apifysMs)]);
    const error = await failure(asked(call));
    expect(error).toBeInstanceOf(ClockError);
    expect(error).toBeInstanceOf(ConfigError);
    expect(Math.abs((error as ClockError).aheadMs - oursMs)).toBeLessThan(SECOND);
    expect(requests).toHaveLength(1);
  });

  it("is taken within the tolerance", async () => {
    const { asked } = scripted([dated(step, 30 * SECOND)]);
    await asked(call);
  });
});

describe("this machine's clock", () => {
  const check = async (apifysMs: number, sentAfterMs = 0): Promise<unknown> => {
    const { asked, clock } = scripted([dated(data(run()), apifysMs)]);
    clock.advance(sentAfterMs);
    return asked(readOne).catch((error: unknown) => error);
  };

  it("may be 30 s behind the second that Apify names, and no millisecond more", async () => {
    expect(await check(30 * SECOND)).toMatchObject({ kind: "found" });
    expect(await check(31 * SECOND, 1 * SECOND)).toMatchObject({ kind: "found" });
    expect(await check(31 * SECOND, 1 * SECOND - 1)).toMatchObject({ aheadMs: -30_001 });
  });

  it("may be 30 s ahead of the end of that second, and no millisecond more", async () => {
    expect(await check(0, 30_999)).toMatchObject({ kind: "found" });
    expect(await check(0, 31_000)).toMatchObject({ aheadMs: 31_000 });
  });

  it("is held against the whole time from request to answer, however long that took", async () => {
    const slow = (apifysMs: number) => {
      const { asked, clock } = scripted(() => {
        clock.advance(9 * SECOND);
        return dated(data(run()), apifysMs);
      });
      return asked(readOne).catch((error: unknown) => error);
    };
    expect(await slow(39 * SECOND)).toMatchObject({ kind: "found" });
    expect(await slow(40 * SECOND)).toBeInstanceOf(ClockError);
    expect(await slow(-30 * SECOND)).toMatchObject({ kind: "found" });
    expect(await slow(-31 * SECOND)).toBeInstanceOf(ClockError);
  });

  it("is told with what Apify's said, which of them is ahead, and what to do", async () => {
    const { asked } = scripted([dated(data(run()), -6 * HOUR)]);
    const error = await failure(asked(readOne));
    expect((error as Error).message).toBe(
      "this machine's clock is 6h ahead of Apify's: Apify answered GET /v2/actor-runs/run1 at " +
        "Tue, 01 Sep 2026 06:00:00 GMT, when the clock here read Tue, 01 Sep 2026 12:00:00 GMT. Nothing is stopped by a " +
        "clock that differs by more than 30 s. Set this machine's clock, and let it be synchronized (NTP); if the clock " +
        "here is right, something on the way to Apify answers with an old date.",
    );
    expect(((await check(2 * HOUR)) as Error).message).toContain(
      "this machine's clock is 2h behind Apify's:",
    );
  });

  it("that is wrong ends it with the first question, whose the token is", async () => {
    const { asked, requests } = scripted([dated(data({ id: "user1", username: "jane" }), -6 * HOUR)], {
      who: "script",
    });
    for (const call of [readOne, abortOne, (apify: Apify) => apify.checkUser("user1", never)])
      expect(await failure(asked<unknown>(call))).toBeInstanceOf(ClockError);
    expect(requests.map(({ path }) => path)).toEqual(Array(3).fill("/v2/users/me"));
  });

  it("does not take from an abort or a resurrect what Apify has answered", async () => {
    const aborting = data(run({ status: "ABORTING" }));
    for (const apifysMs of [-6 * HOUR, 6 * HOUR]) {
      const { asked } = scripted([dated(aborting, apifysMs)]);
      expect(await asked(abortOne)).toEqual({ kind: "taken", status: "ABORTING" });
      const refused = scripted([dated(refusal(400, "invalid-request"), apifysMs)]);
      expect(await refused.asked(abortOne)).toMatchObject({ kind: "refused", status: 400 });
      const alive = scripted([dated(data(run()), apifysMs)]);
      expect(await alive.asked((apify) => apify.resurrectRun("run1", {}, never))).toMatchObject({
        id: "run1",
      });
    }
  });
});

describe("an error by another clock", () => {
  it.each([
    ["401", refusal(401, "user-or-token-not-found"), { status: 401, isOfToken: true }],
    ["403", refusal(403, "insufficient-permissions"), { status: 403 }],
    ["500", refusal(500, "internal-server-error"), { status: 500, attempt: 4 }],
  ])("stays what it is, with the clock as its cause: %s", async (_what, step, expected) => {
    const { asked } = scripted([dated(step, 6 * HOUR)]);
    const error = await failure(asked((apify) => apify.limits(never)));
    expect(error).toBeInstanceOf(ApifyError);
    expect(error).toMatchObject(expected);
    expect((error as Error).cause).toBeInstanceOf(ClockError);
  });

  it("is none that a thing is gone or may not be read: that would be remembered", async () => {
    const gone = dated(refusal(404, "record-not-found"), 6 * HOUR);
    const forbidden = dated(refusal(403, "insufficient-permissions"), 6 * HOUR);
    expect(await failure(scripted([gone]).asked(readOne))).toBeInstanceOf(ClockError);
    for (const step of [gone, forbidden]) {
      const { asked } = scripted([step]);
      expect(await failure(asked((apify) => apify.actor("a1", never)))).toBeInstanceOf(ClockError);
    }
  });
});

describe("an answer that says nothing of the clock", () => {
  const old = new Date(NOON.getTime() - 6 * HOUR);
  const bare = { status: 200, body: { data: run() } };
  const notSaying: readonly [string, Step][] = [
    ["without a Date", data(run())],
    ["with an empty one", { ...bare, headers: { date: "" } }],
    ["in another form", { ...bare, headers: { date: old.toISOString() } }],
    ["with a day that is none", dated(data(run()), 0, { date: "Mon, 41 Sep 2026 12:00:00 GMT" })],
    ["with two", dated(data(run()), 0, { date: `${old.toUTCString()}, ${old.toUTCString()}` })],
    ["that was kept on the way", dated(data(run()), -6 * HOUR, { age: "0" })],
  ];

  it.each(notSaying)("is taken, and counts as no check: %s", async (_what, step) => {
    const { apify, asked } = scripted([step]);
    expect(await asked(readOne)).toMatchObject({ kind: "found" });
    expect(apify.takeClockChecks()).toBe(0);
  });

  it("is a proxy's page too, whose clock is its own", async () => {
    const script: Respond = (_request, index) => (index === 0 ? dated(html(502), 6 * HOUR) : data(run()));
    const { apify, asked } = scripted(script);
    expect(await asked(readOne)).toMatchObject({ kind: "found" });
    expect(apify.takeClockChecks()).toBe(0);
  });
});

describe("takeClockChecks()", () => {
  it("counts the answers that were checked since it was asked last, errors too", async () => {
    const { apify, asked } = scripted((_request, index) =>
      index === 1 ? data(run()) : dated(index === 2 ? refusal(400, "invalid-request") : data(run()), 0),
    );
    await asked(readOne);
    await asked(readOne);
    await failure(asked(readOne));
    expect([apify.takeClockChecks(), apify.takeClockChecks()]).toEqual([2, 0]);
  });
});

describe("now()", () => {
  const setBy = async (setMs: number) => {
    const wall = { aheadMs: 0 };
    const time = virtualTime(steppedClock(NOON));
    const clock = { ...time, now: () => new Date(time.now().getTime() + wall.aheadMs) };
    const { apify } = scripted([dated(data(run()), 0)], { clock });
    await time.run(readOne(apify));
    wall.aheadMs = setMs;
    return apify;
  };

  it.each([-70 * 60 * SECOND, 70 * 60 * SECOND])(
    "dates nothing by a clock that was set by %d ms since Apify answered last",
    async (setMs) => {
      const apify = await setBy(setMs);
      expect(() => apify.now()).toThrow(ClockError);
      // Until an answer shows the time, who begins again goes by the clock that is there.
      apify.takeClockChecks();
      expect(apify.now().getTime()).toBe(NOON.getTime() + setMs);
    },
  );

  it("goes on where the clocks have parted by seconds", async () => {
    const apify = await setBy(20 * SECOND);
    expect(apify.now().getTime()).toBe(NOON.getTime() + 20 * SECOND);
  });

  it.each([-70 * 60 * SECOND, 70 * 60 * SECOND])(
    "nor by one that was set by %d ms while Apify was answering, whatever date it told",
    async (setMs) => {
      const wall = { aheadMs: 0 };
      const time = virtualTime(steppedClock(NOON));
      const clock = { ...time, now: () => new Date(time.now().getTime() + wall.aheadMs) };
      const whileAnswering: Respond = () => {
        wall.aheadMs = setMs;
        return dated(data(run()), 0);
      };
      const { apify } = scripted(whileAnswering, { clock });
      expect(await time.run(failure(readOne(apify)))).toBeInstanceOf(ClockError);
      expect(() => apify.now()).toThrow(ClockError);
    },
  );
});
