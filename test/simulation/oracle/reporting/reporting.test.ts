import { describe, expect, it } from "vitest";
import { HandMade, POLICY, RUN, secs } from "../hand-made.ts";

const NOTIFY = [
  { at: "50%", do: "notify" },
  { at: "100%", do: "abort" },
];

/** A run that was shown below its limit and above a notice, long before and just now. */
const warned = (usd: number, more: object = {}): HandMade =>
  new HandMade()
    .push(-1_000, {
      ...POLICY,
      rules: [{ id: "cost", limit: { usageTotalUsd: usd }, steps: NOTIFY }],
      ...more,
    })
    .becomes([{ startedAtMs: secs(-600), readyUntilMs: secs(-599) }])
    .shown(600, "RUNNING", 6);

const evidence = (limit: number) => ({
  metric: "usageTotalUsd",
  measured: 6,
  limit,
  unit: "USD",
  observedAt: new Date(secs(600)).toISOString(),
  source: "detail",
  basis: "actual",
});

describe("the oracle on what is told at least once", () => {
  const notice = (limit: number) => ({
    kind: "step.notified",
    step: { at: 50, do: "notify" },
    evidence: evidence(limit),
  });

  it("wants a step that was surely reached to be told, with the limit that it has now", () => {
    const never = "cost has reached 50 %, which was never told";
    expect(warned(10).brokenAtEnd(1_200).join()).toContain(never);
    expect(warned(10).entry(601, notice(10)).brokenAtEnd(1_200)).toEqual([]);
    expect(warned(13).brokenAtEnd(1_200)).toEqual([]);
    const changed = warned(10)
      .entry(601, notice(10))
      .push(700, {
        ...POLICY,
        rules: [{ id: "cost", limit: { usageTotalUsd: 9 }, steps: NOTIFY }],
      });
    expect(changed.brokenAtEnd(1_200).join()).toContain(never);
  });

  it("wants no notice at a share at which the same rule stops", () => {
    const steps = [
      { at: "100%", do: "notify" },
      { at: "100%", do: "abort" },
    ];
    const both = (order: typeof steps) =>
      warned(5, { mode: "observe", rules: [{ id: "cost", limit: { usageTotalUsd: 5 }, steps: order }] })
        .push(700, {
          ...POLICY,
          mode: "observe",
          rules: [
            { id: "cost", limit: { usageTotalUsd: 5 }, steps: order },
            { id: "time", limit: { runTime: "1m" }, steps: [{ at: "100%", do: "abort" }] },
          ],
        })
        .entry(701, {
          kind: "abort.observed",
          ruleId: "time",
          step: { at: 100, do: "abort" },
          evidence: { ...evidence(60), metric: "runTime" },
        })
        .brokenAtEnd(1_200)
        .filter((text) => text.includes("never told"));
    expect(both(steps)).toEqual([]);
    expect(both(steps.toReversed())[0]).toContain("cost has reached 100 %, which was never told");
  });

  it("wants a stop that is not made to be told all the same, while paused, too", () => {
    const untold = "cost would stop it (enforce), and nothing was told of that";
    const paused = (): HandMade => warned(5).control(601, "control.paused", {});
    expect(paused().brokenAtEnd(1_200).join()).toContain(untold);
    const held = {
      kind: "abort.held",
      guard: "pause",
      step: { at: 100, do: "abort" },
      evidence: evidence(5),
    };
    expect(paused().entry(602, held).brokenAtEnd(1_200)).toEqual([]);
  });
});

describe("the oracle on an intent whose run lives on", () => {
  const intended = (): HandMade =>
    warned(5)
      .becomes([{ startedAtMs: secs(-600), readyUntilMs: secs(-599), abortingAtMs: secs(602) }])
      .intend(601, { evidence: evidence(5) });

  it("wants its call to be taken and, where grace did not help, force to be promised", () => {
    expect(intended().brokenAtEnd(1_200).join()).toContain("no call of intent i1 was taken for minutes");
    const asked = () => intended().about(602, "abort.requested", { evidence: evidence(5) });
    expect(asked().brokenAtEnd(1_200).join()).toContain("force was never promised");
    expect(asked().control(1_100, "control.paused", {}).brokenAtEnd(1_200).join()).not.toContain("force");
  });
});

describe("the oracle on attention", () => {
  it("wants an endless pause to be said by each tick, and by none before or after", () => {
    const during = (...attention: string[]) =>
      new HandMade().control(1, "control.paused", {}).tick("t1", 10, 20, { attention });
    const says = "weaker:pause nothing is stopped";
    expect(during().brokenAtEnd(30)).toEqual([
      "P11 t1: it did not say weaker:pause, which was so all the while",
    ]);
    expect(during(says).brokenAtEnd(30)).toEqual([]);
    const over = during(says)
      .control(25, "control.resumed", {})
      .tick("t2", 40, 50, { attention: [says] });
    expect(over.brokenAtEnd(60)).toEqual(["P11 t2: it said weaker:pause, which was not so at any time"]);
    const until = new Date(secs(900)).toISOString();
    const timed = new HandMade()
      .control(1, "control.paused", { until })
      .tick("t1", 10, 20, { attention: [] });
    expect(timed.brokenAtEnd(30)).toEqual([]);
  });

  it("wants a rule that is exempt as a whole to be said, and not one whose time is nearly up", () => {
    const exempt = (untilSecs: number, ...attention: string[]) =>
      new HandMade()
        .control(1, "exemption.granted", {
          subject: { kind: "rule", id: "cost" },
          until: new Date(secs(untilSecs)).toISOString(),
        })
        .tick("t1", 10, 20, { attention })
        .brokenAtEnd(30);
    expect(exempt(900)).toEqual(["P11 t1: it did not say weaker:exempt:cost, which was so all the while"]);
    expect(exempt(900, "weaker:exempt:cost x")).toEqual([]);
    expect(exempt(100)).toEqual([]);
  });

  it("wants what a person has quieted not to be said, and what comes after that all the same", () => {
    const quieted = (untilSecs: number) =>
      new HandMade().control(1, "control.paused", {}).control(2, "attention.acknowledged", {
        attention: "weaker:pause",
        until: new Date(secs(untilSecs)).toISOString(),
      });
    const said = (history: HandMade, ...attention: string[]) =>
      history.tick("t1", 10, 20, { attention }).brokenAtEnd(30);
    const [never, always] = [
      "P11 t1: it said weaker:pause, which was not so at any time",
      "P11 t1: it did not say weaker:pause, which was so all the while",
    ];
    expect(said(quieted(900))).toEqual([]);
    expect(said(quieted(900), "weaker:pause x")).toEqual([never]);
    expect(said(quieted(100))).toEqual([]);
    expect(said(quieted(900).control(3, "control.paused", {}))).toEqual([always]);
  });

  it("wants a rule that is told no cost for three ticks to be said, and a held stop to be one", () => {
    const blind = (usd: number | undefined, ...attention: string[]) => {
      const history = new HandMade();
      for (const [at, by] of [
        [60, "t1"],
        [120, "t2"],
        [180, "t3"],
      ] as const)
        history.shown(at, "RUNNING", usd, { by }).tick(by, at - 1, at + 5, { attention });
      return history.brokenAtEnd(190).filter((text) => text.startsWith("P11"));
    };
    expect(blind(undefined)).toEqual(["P11 t3: it does not say that rule cost is told no cost of run r1"]);
    expect(blind(undefined, "blind:cost no cost is reported")).toEqual([]);
    expect(blind(1, "blind:cost no cost is reported")).toEqual([
      "P11 t3: it says that no cost is reported, and of every run one is",
    ]);
    expect(blind(1, "held: 1 stop stays held")).toEqual([
      "P11 t3: it says that stops stay held, and none that lives was ever held",
    ]);
  });
});

describe("the oracle on stops that can't be made", () => {
  it("wants one that the caps hold to be said in the end", () => {
    const full = (...attention: string[]) =>
      warned(5, { guards: { maxAborts: { perTick: 0 } } })
        .entry(601, {
          kind: "abort.held",
          guard: "perTick",
          step: { at: 100, do: "abort" },
          evidence: evidence(5),
        })
        .shown(1_190, "RUNNING", 6, { by: "t9" })
        .tick("t9", 1_180, 1_195, { attention })
        .brokenAtEnd(1_200);
    expect(full("held: 1 stop stays held")).toEqual([]);
    expect(full()).toEqual(["P8 run r1: the stop by rule cost stays held, and nobody is called to that"]);
  });

  it("wants one that Apify refuses to be said by the tick that asked, and by no other", () => {
    const asked = (status: 200 | 403, ...attention: string[]) => {
      const history = new HandMade().tick("t1", -5, 5, { attention });
      history
        .shown(0, "RUNNING", 6)
        .intend(0.5, { evidence: { ...evidence(5), observedAt: new Date(secs(0)).toISOString() } });
      const at = { atMs: secs(1), leftAtMs: secs(1), deliveredAtMs: secs(2) };
      const call = {
        kind: "abort",
        runId: "r1",
        gracefully: true,
        effect: "none",
        authorised: true,
      } as const;
      history.calls.push({
        ...call,
        ...(status === 403 && { refusedAs: "insufficient-permissions" }),
        status,
        by: "t1",
        ...at,
      });
      return history.brokenAtEnd(9).filter((text) => text.startsWith("P8"));
    };
    expect(asked(403, "permission: run r1 can't be stopped")).toEqual([]);
    expect(asked(403)).toEqual(["P8 t1: it did not say that Apify refuses to stop run r1"]);
    expect(asked(200, "permission: run r1 can't be stopped")).toEqual([
      "P8 t1: it said that Apify refuses to stop run r1, which it did not ask for",
    ]);
  });
});

describe("the oracle on ticks that say they were complete", () => {
  const complete = { isComplete: true };

  it("wants them to have been shown all that lived, and to have left no call that was not taken", () => {
    const of8 = (broken: readonly string[]) => broken.filter((text) => text.startsWith("P8"));
    expect(new HandMade().tick("t1", 0, 5, complete).brokenAtEnd(9).join()).toContain(
      "was never shown run r1",
    );
    expect(of8(new HandMade().shown(1, "RUNNING", 1).tick("t1", 0, 5, complete).brokenAtEnd(9))).toEqual([]);
    const left = new HandMade().shown(-9, "RUNNING", 6, { by: "t0" }).tick("t0", -10, 1);
    const open = left.intend(-8, {
      tickId: "t0",
      evidence: { ...evidence(5), observedAt: new Date(secs(-9)).toISOString() },
    });
    const said = open.shown(1, "RUNNING", 6).tick("t1", 0, 5, complete).brokenAtEnd(9);
    expect(said.join()).toContain(
      "P8 t1: it says it was complete, and left intent i1 whose call nobody took",
    );
  });
});

describe("the oracle on a run that a complete tick was never shown", () => {
  const unseen = (history: HandMade): boolean =>
    history
      .listed(1)
      .tick("t1", 0, 5, { isComplete: true })
      .brokenAtEnd(9)
      .some((text) => text.includes("was never shown run r1"));

  it("blames none for what no list shows, unless it was known or began under its eyes", () => {
    expect(unseen(new HandMade())).toBe(true);
    expect(unseen(new HandMade().listedAs("MIGRATING"))).toBe(false);
    const seenBefore = new HandMade().shown(-60, "RUNNING", 1, { by: "t0" }).tick("t0", -61, -50);
    expect(unseen(seenBefore.listedAs("MIGRATING"))).toBe(true);
    const young = [{ ...RUN, lives: [{ startedAtMs: secs(-300) }] }];
    const watched = new HandMade(young).listed(-400, { by: "t0" }).tick("t0", -401, -390);
    expect(unseen(watched.listedAs("MIGRATING"))).toBe(true);
  });

  it("lets a tick believe an empty list in Apify's place, but not forget what it knew", () => {
    const lied = (history: HandMade) => unseen(history.listed(2, { neverArrived: true }));
    expect(lied(new HandMade())).toBe(false);
    expect(lied(new HandMade().shown(-60, "RUNNING", 1, { by: "t0" }).tick("t0", -61, -50))).toBe(true);
  });
});

describe("the oracle on a token of which nobody knows whose it is", () => {
  it("wants nothing to be asked with it but that, and one list where it is not reported", () => {
    const asked = (...kinds: ("user" | "list" | "get")[]) => {
      const history = new HandMade();
      for (const [i, kind] of kinds.entries()) {
        const atMs = secs(i);
        history.calls.push({
          kind,
          by: "t9",
          status: 503,
          effect: "none",
          authorised: true,
          atMs,
          leftAtMs: atMs,
        });
      }
      return history.brokenAtEnd(99);
    };
    expect(asked("user", "list", "list")).toEqual([]);
    expect(asked("list")[0]).toContain("P1 list by t9: it asked for list on a token");
    expect(asked("user", "get")[0]).toContain("P1 get by t9");
    expect(asked("user", "list", "list", "list")[0]).toContain("P1 list by t9");
  });
});
