import { describe, expect, it } from "vitest";
import {
  type ControlView,
  type Decision,
  type Decisions,
  decide,
  type Exemption,
  type Observation,
  type Policy,
  type RuleStep,
  type Schedule,
  type Step,
  stopFor,
} from "../../../src/policy/index.ts";
import {
  at,
  blast,
  control,
  HOUR,
  life,
  maxAborts,
  NOON,
  observation,
  policy,
  recentIntent,
  rule,
  run,
  runOfUnknownCost,
  usd,
} from "../../support/builders.ts";

const step = (share: number, action: Step["do"]): Step => ({ at: share, do: action });

/** A run that costs so much, at this burn rate in USD an hour. */
const costing = (id: string, amount: number, usdPerHour?: number): Observation =>
  observation({
    run: run({ id, usageTotalMicroUsd: usd(amount) }),
    ...(usdPerHour !== undefined && { burnMicroUsdPerHour: usd(usdPerHour) }),
  });

const decided = (
  of: Policy,
  observations: readonly Observation[],
  view: Partial<ControlView> = {},
): Decisions =>
  decide({
    policy: of,
    observations,
    control: control(view),
    blast: blast(observations.map(({ run: { id } }) => id)),
    now: NOON,
  });

const decisionsOf = (...args: Parameters<typeof decided>): readonly Decision[] => decided(...args).decisions;
const brief = ({ subject, ruleId, action, guard }: Decision) =>
  [subject.runId, ruleId, action, guard ?? "-"].join(" ");
const briefs = (...args: Parameters<typeof decided>): readonly string[] => decisionsOf(...args).map(brief);

const exemption = (subject: (Exemption & { kind: "valid" })["subject"]): Exemption => ({
  kind: "valid",
  subject,
  until: at(HOUR),
  owner: "ada",
  reason: "backfill",
});
const pause = { since: at(-60), by: "ada", reason: "incident" };

const runTimeRule = rule({ id: "time", limit: { metric: "runTime", value: 600 } });

describe("decide()", () => {
  it("stops what breaches and says nothing of the rest", () => {
    expect(briefs(policy(), [costing("dear", 7), costing("cheap", 1)])).toEqual([
      "dear no-run-over-5-usd abort -",
    ]);
  });

  it("says of a stop which step of which rule, in which mode, on what evidence", () => {
    const seen = observation({
      run: run({ usageTotalMicroUsd: usd(7) }),
      life: life({ number: 2 }),
    });
    expect(decisionsOf(policy(), [seen])).toEqual([
      {
        subject: { kind: "run", runId: "run1", life: 2 },
        ruleId: "no-run-over-5-usd",
        step: step(100, "abort"),
        action: "abort",
        mode: "enforce",
        evidence: {
          metric: "usageTotalUsd",
          measured: usd(7),
          limit: usd(5),
          unit: "USD",
          observedAt: NOON,
          source: "list",
          basis: "actual",
        },
        also: [],
      },
    ]);
  });

  it("decides nothing about nothing", () => {
    expect(decided(policy(), [])).toEqual({ decisions: [], budgets: [], unknownCost: [], unjudged: {} });
    expect(decided(policy({ rules: [] }), [costing("dear", 7)]).decisions).toEqual([]);
  });

  it.each(["ABORTING", "TIMING-OUT", "SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED", "A-STATUS-OF-TOMORROW"])(
    "never judges the cost of a run that is %s",
    (status) => {
      const seen = observation({ run: run({ status, usageTotalMicroUsd: usd(99) }) });
      expect(decided(policy(), [seen])).toEqual({
        decisions: [],
        budgets: [],
        unknownCost: [],
        unjudged: {},
      });
    },
  );

  it("lets a run that has an open intent have no other stop, but every notice", () => {
    const rules = [rule({ steps: [step(80, "notify"), step(100, "abort"), step(120, "notify")] })];
    const view = { openRunIds: new Set(["dear"]) };
    expect(briefs(policy({ rules }), [costing("dear", 7), costing("other", 7)], view)).toEqual([
      "other no-run-over-5-usd abort -",
      "dear no-run-over-5-usd notify -",
      "other no-run-over-5-usd notify -",
    ]);
  });

  it("notices per rule, of steps reached at once the highest", () => {
    const steps = [step(50, "notify"), step(80, "notify")];
    const rules = [
      rule({ id: "a", steps }),
      rule({ id: "b", steps }),
      rule({ id: "c", steps: [step(200, "notify")] }),
    ];
    expect(
      decisionsOf(policy({ rules }), [costing("r", 7)]).map(({ ruleId, step: { at: share } }) => [
        ruleId,
        share,
      ]),
    ).toEqual([
      ["a", 80],
      ["b", 80],
    ]);
  });

  it("names beside a notice no other rule, for each has its own", () => {
    const steps = [step(50, "notify")];
    const rules = [rule({ id: "a", steps }), rule({ id: "b", steps })];
    expect(decisionsOf(policy({ rules }), [costing("r", 7)]).map(({ also }) => also)).toEqual([[], []]);
  });

  it("gives no notice where the highest step reached is a stop", () => {
    const rules = [rule({ steps: [step(80, "notify"), step(100, "abort")] })];
    expect(briefs(policy({ rules }), [costing("r", 7)])).toEqual(["r no-run-over-5-usd abort -"]);
  });

  it("goes on giving notices while paused, exempt and out of room", () => {
    const rules = [rule({ id: "n", steps: [step(80, "notify")] })];
    const view = { pause, exemptions: [exemption({ kind: "run", id: "r" })] };
    expect(briefs(policy({ rules, ...maxAborts({ perTick: 0 }) }), [costing("r", 7)], view)).toEqual([
      "r n notify -",
    ]);
  });

  it("holds what an exemption or a pause protects, and names the exemption first", () => {
    const seen = [costing("r", 7)];
    const exemptions = [exemption({ kind: "actor", id: "actor1" })];
    expect(briefs(policy(), seen, { exemptions })).toEqual(["r no-run-over-5-usd hold exemption"]);
    expect(briefs(policy(), seen, { pause })).toEqual(["r no-run-over-5-usd hold pause"]);
    expect(briefs(policy(), seen, { pause, exemptions })).toEqual(["r no-run-over-5-usd hold exemption"]);
  });

  it("acts again once the pause or the exemption is over", () => {
    const exemptions = [{ ...exemption({ kind: "run", id: "r" }), until: NOON }];
    expect(briefs(policy(), [costing("r", 7)], { exemptions, pause: { ...pause, until: NOON } })).toEqual([
      "r no-run-over-5-usd abort -",
    ]);
  });

  it("decides in observe mode what it would do, and says that it is observed", () => {
    expect(briefs(policy({ mode: "observe" }), [costing("r", 7)])).toEqual([
      "r no-run-over-5-usd abort observe",
    ]);
  });

  it("honours exemptions and pauses in observe mode as in enforce", () => {
    const observe = policy({ mode: "observe" });
    expect(briefs(observe, [costing("r", 7)], { pause })).toEqual(["r no-run-over-5-usd hold pause"]);
    expect(
      briefs(observe, [costing("r", 7)], {
        exemptions: [exemption({ kind: "rule", id: "no-run-over-5-usd" })],
      }),
    ).toEqual(["r no-run-over-5-usd hold exemption"]);
  });

  it("lets a rule's own mode win over the policy's", () => {
    const rules = [rule({ mode: "enforce" })];
    expect(briefs(policy({ mode: "observe", rules }), [costing("r", 7)])).toEqual([
      "r no-run-over-5-usd abort -",
    ]);
  });

  it("lets the dearest burn rate go first, then the dearest run, then the first id", () => {
    const seen = [
      costing("b", 6),
      costing("a", 6),
      costing("old", 90),
      costing("slow", 50, 0.5),
      costing("fast", 6, 20),
    ];
    expect(decisionsOf(policy(), seen).map(({ subject }) => subject.runId)).toEqual([
      "fast",
      "slow",
      "old",
      "a",
      "b",
    ]);
  });

  it("holds what is over the blast radius, and lets the dearest go", () => {
    const seen = [costing("a", 6, 1), costing("b", 6, 3), costing("c", 6, 2)];
    expect(briefs(policy(maxAborts({ perTick: 2 })), seen)).toEqual([
      "b no-run-over-5-usd abort -",
      "c no-run-over-5-usd abort -",
      "a no-run-over-5-usd hold perTick",
    ]);
  });

  it("holds everything where a guard is 0", () => {
    expect(briefs(policy(maxAborts({ perHour: 0 })), [costing("a", 6), costing("b", 6)])).toEqual([
      "a no-run-over-5-usd hold perHour",
      "b no-run-over-5-usd hold perHour",
    ]);
  });

  it("lets what is held by an exemption take no room", () => {
    const view = { exemptions: [exemption({ kind: "run", id: "a" })] };
    expect(briefs(policy(maxAborts({ perTick: 1 })), [costing("a", 6, 9), costing("b", 6, 1)], view)).toEqual(
      ["a no-run-over-5-usd hold exemption", "b no-run-over-5-usd abort -"],
    );
  });

  it("lets what is only observed take none of the room of what is enforced", () => {
    const rules = [
      rule({ id: "watched", mode: "observe", for: { origins: ["WEB"] } }),
      rule({ id: "kept", for: { origins: ["API"] } }),
    ];
    const web = observation({
      run: run({ id: "web", origin: "WEB", usageTotalMicroUsd: usd(9) }),
      burnMicroUsdPerHour: usd(9),
    });
    expect(briefs(policy({ rules, ...maxAborts({ perTick: 1 }) }), [web, costing("api", 6, 1)])).toEqual([
      "web watched abort observe",
      "api kept abort -",
    ]);
  });

  it("counts only what runs, among them those of an open intent, as live", () => {
    const recentIntents = [
      recentIntent({ runId: "a" }),
      recentIntent({ runId: "b" }),
      recentIntent({ runId: "c" }),
    ];
    const seen = [costing("a", 6), costing("b", 6), costing("c", 6), costing("d", 6)];
    const view = { recentIntents, openRunIds: new Set(["a", "b", "c"]) };
    expect(briefs(policy(maxAborts({ percentOfLive: 50 })), seen, view)).toEqual([
      "d no-run-over-5-usd hold percentOfLive",
    ]);
  });

  it("counts a run of unknown cost, and still judges it by its time", () => {
    const blind = observation({ run: runOfUnknownCost({ id: "blind" }) });
    const { decisions, unknownCost, unjudged } = decided(policy({ rules: [rule(), runTimeRule] }), [blind]);
    expect(decisions.map(brief)).toEqual(["blind time abort -"]);
    expect([unknownCost, unjudged]).toEqual([["blind"], { "usageTotalUsd unknown": 1 }]);
  });

  it("counts no run of unknown cost that is young or that no rule on cost is meant for", () => {
    const young = observation({ run: runOfUnknownCost({ startedAt: at(-60) }) });
    const other = observation({ run: runOfUnknownCost({ origin: "WEB" }) });
    const rules = [rule({ for: { origins: ["API"] } })];
    expect(decided(policy({ rules }), [young, other])).toEqual({
      decisions: [],
      budgets: [],
      unknownCost: [],
      unjudged: {},
    });
  });

  it("counts once per run and reason what rules could not judge", () => {
    const rules = [
      rule({ id: "a", for: { actors: ["acme/shop"] } }),
      rule({ id: "b", for: { except: { actors: ["acme/mail"] } } }),
      rule({ id: "c", limit: { metric: "stats.netRxBytes", value: 5 } }),
      rule({ id: "d", limit: { metric: "stats.netRxBytes", value: 9 } }),
    ];
    expect(decided(policy({ rules }), [costing("x", 9), costing("y", 9)])).toEqual({
      decisions: [],
      budgets: [],
      unknownCost: [],
      unjudged: { "name not resolved": 2, "stats.netRxBytes unknown": 2 },
    });
  });

  it("counts unknown cost of a run that has an open intent too", () => {
    const blind = observation({ run: runOfUnknownCost({ id: "blind" }) });
    expect(decided(policy(), [blind], { openRunIds: new Set(["blind"]) }).unknownCost).toEqual(["blind"]);
  });

  it("stops runs by what they did, not by how they were sorted: the observations stay as they were", () => {
    const seen = Object.freeze([costing("a", 6, 1), costing("b", 6, 2)]);
    expect(() => decisionsOf(policy(), seen)).not.toThrow();
  });
});

describe("decide() says who is to be told and what comes next", () => {
  const nights: Schedule = { hours: [{ from: 1320, to: 360 }], timeZone: "UTC" };
  const ladder = [step(50, "notify"), step(100, "abort"), step(150, "abort-now")];
  const outlook = (of: Policy, amount: number) =>
    decisionsOf(of, [costing("r", amount)]).map(({ action, owner, next }) => [action, owner, next]);
  const steps = (...list: readonly RuleStep[]): Policy => policy({ rules: [rule({ steps: list })] });

  it("names the rule's owner, the policy's where the rule has none, and nobody where neither has", () => {
    const owned = (own?: string, all?: string) =>
      outlook(
        policy({
          ...(all !== undefined && { owner: all }),
          rules: [rule({ steps: ladder, ...(own !== undefined && { owner: own }) })],
        }),
        3,
      )[0]?.[1];
    expect([owned("shop", "ops"), owned(undefined, "ops"), owned("shop"), owned()]).toEqual([
      "shop",
      "ops",
      "shop",
      undefined,
    ]);
    expect(decisionsOf(steps(...ladder), [costing("r", 3)])[0]).not.toHaveProperty("owner");
  });

  it("names the step above, of a notice as of a stop, and none above the last", () => {
    expect(outlook(steps(...ladder), 3)).toEqual([["notify", undefined, step(100, "abort")]]);
    expect(outlook(steps(...ladder), 6)).toEqual([["abort", undefined, step(150, "abort-now")]]);
    expect(outlook(steps(...ladder), 9)).toEqual([["abort-now", undefined, undefined]]);
  });

  it("names the stop that is reached already and waits for its schedule, at whatever share", () => {
    const atNight = { ...step(100, "abort"), schedule: nights };
    const said = [["notify", undefined, step(100, "abort")]];
    expect(outlook(steps(step(100, "notify"), atNight), 6)).toEqual(said);
    expect(outlook(steps(atNight, step(100, "notify")), 6)).toEqual(said);
    expect(outlook(steps(atNight, step(110, "notify")), 6)).toEqual(said);
    expect(outlook(steps(atNight, step(110, "notify"), step(150, "abort-now")), 6)).toEqual(said);
    const hardAtNight = { ...step(110, "abort-now"), schedule: nights };
    expect(
      outlook(steps(step(100, "abort"), step(110, "notify"), hardAtNight, step(150, "notify")), 6)[0],
    ).toEqual(["abort", undefined, step(110, "abort-now")]);
    expect(outlook(steps(atNight, step(110, "abort"), step(120, "abort-now")), 5.6)).toEqual([
      ["abort", undefined, step(120, "abort-now")],
    ]);
  });

  it("does not name a stop that is taken now as what comes after a notice", () => {
    const decided = outlook(steps(step(100, "abort"), step(110, "notify")), 6);
    expect(decided).toEqual([
      ["abort", undefined, undefined],
      ["notify", undefined, undefined],
    ]);
  });

  it("names no notice that waits at the share of the stop that is taken", () => {
    const noticeAtNight = { ...step(100, "notify"), schedule: nights };
    expect(outlook(steps(step(100, "abort"), noticeAtNight), 6)).toEqual([["abort", undefined, undefined]]);
  });

  it("names no step that is reached and taken, though it is above", () => {
    expect(outlook(steps(step(100, "abort"), step(110, "notify"), step(150, "notify")), 6)[0]).toEqual([
      "abort",
      undefined,
      step(150, "notify"),
    ]);
  });

  it("names the stop on what Apify says after a notice on what the events come to at the same share", () => {
    const seen = observation({
      run: run({
        usageTotalMicroUsd: usd(1),
        detail: { stats: {}, events: { e: 6 }, eventMicroUsd: { e: usd(1) } },
      }),
    });
    const rules = [rule({ steps: [{ ...step(100, "notify"), basis: "estimate" }, step(100, "abort")] })];
    expect(decisionsOf(policy({ rules }), [seen])).toMatchObject([
      { action: "notify", next: step(100, "abort") },
    ]);
  });

  it("tells steps at one share apart by what they rest on", () => {
    const estimate: Step = { ...step(100, "abort"), basis: "estimate" };
    const seen = observation({
      run: run({
        usageTotalMicroUsd: usd(1),
        detail: { stats: {}, events: { e: 6 }, eventMicroUsd: { e: usd(1) } },
      }),
    });
    const rules = [
      rule({ steps: [step(20, "notify"), step(100, "abort"), { ...estimate, schedule: nights }] }),
    ];
    expect(decisionsOf(policy({ rules }), [seen])).toMatchObject([
      { action: "notify", next: step(100, "abort") },
    ]);
    const only = [rule({ steps: [{ ...estimate, schedule: nights }, step(110, "abort")] })];
    expect(decisionsOf(policy({ rules: only }), [costing("r", 6)])).toMatchObject([
      { step: step(110, "abort") },
    ]);
  });
});

describe("decide() says what it could not judge", () => {
  const blind = observation({ run: runOfUnknownCost({ id: "blind" }) });
  const priced = observation({
    run: runOfUnknownCost({
      id: "priced",
      detail: { stats: {}, events: { result: 9 }, eventMicroUsd: { result: usd(1) } },
    }),
    source: "detail",
  });
  const estimate: Step = { ...step(100, "abort"), basis: "estimate" };

  it("counts a run of unknown cost although an estimate stops it", () => {
    const of = policy({ rules: [rule({ steps: [step(50, "notify"), estimate] })] });
    const { decisions, unknownCost, unjudged } = decided(of, [priced]);
    expect(decisions.map(brief)).toEqual(["priced no-run-over-5-usd abort -"]);
    expect([unknownCost, unjudged]).toEqual([["priced"], { "usageTotalUsd unknown": 1 }]);
  });

  it("does not count it where every step asks for the estimate, and that is known", () => {
    const of = policy({ rules: [rule({ steps: [estimate] })] });
    expect(decided(of, [priced])).toMatchObject({ unknownCost: [], unjudged: {} });
    expect(decided(of, [blind])).toMatchObject({ unknownCost: ["blind"] });
  });

  it("counts a run of unknown cost once, whatever rules ask for it", () => {
    const of = policy({ rules: [rule({ id: "a" }), rule({ id: "b" })] });
    expect(decided(of, [blind]).unknownCost).toEqual(["blind"]);
  });

  it("does not take another figure that is unknown for the cost", () => {
    const rules = [rule({ limit: { metric: "stats.netRxBytes", value: 5 } })];
    expect(decided(policy({ rules }), [costing("x", 9)])).toMatchObject({
      unknownCost: [],
      unjudged: { "stats.netRxBytes unknown": 1 },
    });
  });

  it("tells names that were not resolved from settings that were not told", () => {
    const rules = [
      rule({ id: "a", for: { actors: ["acme/x"] } }),
      rule({ id: "b", for: { builds: ["latest"] } }),
      rule({ id: "c", for: { except: { memory: [{ op: ">", mbytes: 1 }] } } }),
    ];
    expect(decided(policy({ rules }), [costing("x", 9)])).toEqual({
      decisions: [],
      budgets: [],
      unknownCost: [],
      unjudged: { "name not resolved": 1, "settings not told": 1 },
    });
  });

  it("counts nothing of rules that are not scheduled or not meant for the run", () => {
    const never: Schedule = { hours: [{ from: 0, to: 1 }], timeZone: "UTC" };
    const rules = [
      rule({ id: "a", schedule: never }),
      rule({ id: "b", for: { origins: ["WEB"] } }),
      rule({ id: "c", limit: { metric: "queueTime", value: 1 } }),
    ];
    expect(decided(policy({ rules }), [blind])).toEqual({
      decisions: [],
      budgets: [],
      unknownCost: [],
      unjudged: {},
    });
  });

  it("is silent on what is usual while there are too few runs to compare with", () => {
    const limit = { metric: "timesTypical.usd", value: 3, options: { samples: 10, floor: 1 } };
    const seen = observation({ typical: { usageTotalMicroUsd: { median: 1, runs: 9 } } });
    expect(decided(policy({ rules: [rule({ limit })] }), [seen])).toEqual({
      decisions: [],
      budgets: [],
      unknownCost: [],
      unjudged: {},
    });
  });
});

describe("stopFor()", () => {
  const dear = costing("r", 20);
  const stop = (of: Policy, view: Partial<ControlView> = {}) => stopFor(of, dear, control(view), NOON);
  const now = { steps: [step(100, "abort-now")] };

  it("takes the strongest action", () => {
    const of = policy({ rules: [rule({ id: "a" }), rule({ id: "b", ...now }), rule({ id: "c" })] });
    expect(stop(of)).toMatchObject({ rule: { id: "b" }, step: { do: "abort-now" } });
  });

  it("takes the first rule of equals", () => {
    expect(stop(policy({ rules: [rule({ id: "a" }), rule({ id: "b" })] }))?.rule.id).toBe("a");
  });

  it("names the other rules that breach, in order, with their evidence", () => {
    const of = policy({
      rules: [
        rule({ id: "a" }),
        rule({ id: "b", ...now }),
        runTimeRule,
        rule({ id: "n", steps: [step(1, "notify")] }),
      ],
    });
    expect(stop(of)?.also).toMatchObject([
      { ruleId: "a", step: step(100, "abort"), evidence: { metric: "usageTotalUsd", measured: usd(20) } },
      { ruleId: "time", step: step(100, "abort"), evidence: { metric: "runTime", measured: HOUR } },
    ]);
  });

  it("takes an enforced abort over an observed abort-now", () => {
    const of = policy({ rules: [rule({ id: "seen", mode: "observe", ...now }), rule({ id: "kept" })] });
    expect(stop(of)).toMatchObject({ rule: { id: "kept" }, mode: "enforce" });
  });

  it("takes the first of several enforced ones over an observed abort-now that comes later", () => {
    const of = policy({
      rules: [rule({ id: "kept" }), rule({ id: "seen", mode: "observe", ...now }), rule({ id: "also" })],
    });
    expect(stop(of)).toMatchObject({ rule: { id: "kept" }, mode: "enforce" });
  });

  it("takes what may act over what an exemption holds", () => {
    const of = policy({ rules: [rule({ id: "spared", ...now }), rule({ id: "kept" })] });
    const chosen = stop(of, { exemptions: [exemption({ kind: "rule", id: "spared" })] });
    expect(chosen?.rule.id).toBe("kept");
    expect(chosen).not.toHaveProperty("guard");
    expect(chosen?.also.map(({ ruleId }) => ruleId)).toEqual(["spared"]);
  });

  it("holds where every rule that breaches is exempt", () => {
    const of = policy({ rules: [rule({ id: "a" }), rule({ id: "b" })] });
    const exemptions = [exemption({ kind: "rule", id: "a" }), exemption({ kind: "rule", id: "b" })];
    expect(stop(of, { exemptions })).toMatchObject({ rule: { id: "a" }, guard: "exemption" });
  });

  it("finds none where only notices are reached", () => {
    expect(stop(policy({ rules: [rule({ steps: [step(50, "notify")] })] }))).toBeUndefined();
  });

  it("judges a run under an intent as if it still ran, and a run that has ended not at all", () => {
    const seen = (status: string) => observation({ run: run({ status, usageTotalMicroUsd: usd(9) }) });
    const under = (status: string) => stopFor(policy(), seen(status), control(), NOON, { underIntent: true });
    expect(under("ABORTING")).toMatchObject({ rule: { id: "no-run-over-5-usd" } });
    expect(stopFor(policy(), seen("ABORTING"), control(), NOON)).toBeUndefined();
    expect(under("ABORTED")).toBeUndefined();
  });
});
