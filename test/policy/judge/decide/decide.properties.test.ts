import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BUDGET,
  type BudgetDecision,
  type DecideInput,
  type Decision,
  decide,
  isActive,
  isEnded,
  isLive,
  isStopping,
  type Mode,
  type Policy,
} from "../../../../src/policy/index.ts";
import { reaches } from "../../../../src/policy/values/share.ts";
import { NOON } from "../../../support/builders.ts";
import { blindBudgetInputs, budgetInputs } from "../../arbitraries/budget-inputs.ts";
import { exemptions, pauses } from "../../arbitraries/controls.ts";
import { inputs, mixedInputs } from "../../arbitraries/inputs.ts";
import { RUNS } from "../../arbitraries/odds.ts";

const isStop = ({ action }: Decision): boolean => action !== "notify";
/** The runs for which abort would be called. */
const called = (input: DecideInput): readonly string[] =>
  decide(input).decisions.flatMap(({ action, mode, subject }) =>
    mode === "enforce" && (action === "abort" || action === "abort-now") ? [subject.runId] : [],
  );
const inMode = (policy: Policy, mode: Mode): Policy => ({ ...policy, mode });
const guarded = (policy: Policy, change: Partial<Policy["guards"]["maxAborts"]>): Policy => ({
  ...policy,
  guards: { ...policy.guards, maxAborts: { ...policy.guards.maxAborts, ...change } },
});
const ROOM = { perTick: 1000, perHour: 1000, percentOfLive: 100 };

const METRICS = [
  "usageTotalUsd",
  "runTime",
  "queueTime",
  "abortingTime",
  "usdPerHour",
  "idleTime",
  "timesTypical.usd",
  "timesTypical.runTime",
  "noTimeout",
  "noCap",
  "timeout",
  "usage.PROXY_SERPS",
  "usageUsd.PROXY_SERPS",
  "events.result",
  "stats.netRxBytes",
  "stats.cpuAvgUsage",
];

/** With budgets and without. */
const anyInputs = fc.oneof(inputs, budgetInputs);

describe("decide()", () => {
  it("takes the same decisions in observe and in enforce, but for the mode and the observe guard", () => {
    const bare = ({ mode: _mode, guard, ...rest }: Decision | BudgetDecision) => ({
      ...rest,
      guard: guard === "observe" ? undefined : guard,
    });
    fc.assert(
      fc.property(anyInputs, (input) => {
        const [observed, enforced] = (["observe", "enforce"] as const).map((mode) =>
          decide({ ...input, policy: inMode(input.policy, mode) }),
        );
        expect(observed?.decisions.map(bare)).toEqual(enforced?.decisions.map(bare));
        expect(observed?.budgets.map(bare)).toEqual(enforced?.budgets.map(bare));
        const none = { decisions: [], budgets: [] };
        expect({ ...observed, ...none }).toEqual({ ...enforced, ...none });
        expect(observed?.decisions.every(({ mode }) => mode === "observe")).toBe(true);
        expect(enforced?.decisions.every(({ guard }) => guard !== "observe")).toBe(true);
      }),
      RUNS,
    );
  });

  it("is deterministic, and takes no notice of the order of the observations", () => {
    const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
    const shuffled = inputs.chain((input) =>
      fc
        .shuffledSubarray([...input.observations], { minLength: input.observations.length })
        .map((other) => ({ input, other })),
    );
    fc.assert(
      fc.property(shuffled, ({ input, other }) => {
        const [one, again] = [decide(input), decide({ ...input, observations: other })];
        expect(decide(input)).toEqual(one);
        expect(again.decisions.filter(isStop)).toEqual(one.decisions.filter(isStop));
        expect([...again.decisions].sort(byText)).toEqual([...one.decisions].sort(byText));
        expect([...again.unknownCost].sort()).toEqual([...one.unknownCost].sort());
        expect(again.unjudged).toEqual(one.unjudged);
      }),
      RUNS,
    );
  });

  it("stops a run at most once, and none that has an open intent or that is not live", () => {
    fc.assert(
      fc.property(anyInputs, (input) => {
        const stopped = decide(input)
          .decisions.filter(isStop)
          .map(({ subject }) => subject.runId);
        expect(new Set(stopped).size).toBe(stopped.length);
        const statusOf = new Map(input.observations.map(({ run }) => [run.id, run.status]));
        for (const id of stopped) {
          expect(input.control.openRunIds.has(id)).toBe(false);
          expect(isLive(statusOf.get(id) ?? "")).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it("rests every decision on a figure that reaches its step, within the statuses that its rule judges", () => {
    fc.assert(
      fc.property(anyInputs, (input) => {
        for (const { evidence, step, subject } of decide(input).decisions) {
          expect(Number.isFinite(evidence.measured)).toBe(true);
          expect(reaches(evidence.measured, step.at, evidence.limit)).toBe(true);
          const seen = input.observations.find(({ run }) => run.id === subject.runId);
          const judged = evidence.metric === "abortingTime" ? isStopping : isActive;
          expect(judged(seen?.run.status ?? "")).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it("calls for no run that it did not call for without a pause", () => {
    fc.assert(
      fc.property(anyInputs, pauses, (input, pause) => {
        const { pause: _before, ...unpaused } = input.control;
        const without = called({ ...input, control: unpaused });
        expect(without).toEqual(
          expect.arrayContaining([...called({ ...input, control: { ...unpaused, pause } })]),
        );
      }),
      RUNS,
    );
  });

  it("calls for no more runs with an exemption, and where there is room for all for no other ones", () => {
    fc.assert(
      fc.property(anyInputs, exemptions, (input, exemption) => {
        const exempting = (of: DecideInput): DecideInput => ({
          ...of,
          control: { ...of.control, exemptions: [...of.control.exemptions, exemption] },
        });
        expect(called(exempting(input)).length).toBeLessThanOrEqual(called(input).length);
        const roomy = { ...input, policy: guarded(input.policy, ROOM) };
        expect(called(roomy)).toEqual(expect.arrayContaining([...called(exempting(roomy))]));
      }),
      RUNS,
    );
  });

  it("calls for no run with a smaller guard that it did not call for with a larger one", () => {
    const guard = fc.constantFrom("perTick", "perHour", "percentOfLive" as const);
    fc.assert(
      fc.property(anyInputs, guard, fc.nat({ max: 5 }), (input, name, less) => {
        const smaller = Math.max(0, input.policy.guards.maxAborts[name] - less);
        const tightened = { ...input, policy: guarded(input.policy, { [name]: smaller }) };
        expect(called(input)).toEqual(expect.arrayContaining([...called(tightened)]));
      }),
      RUNS,
    );
  });

  it("stays within every guard", () => {
    fc.assert(
      fc.property(anyInputs, (input) => {
        const { perTick, perHour, percentOfLive } = input.policy.guards.maxAborts;
        const hour = input.control.recentIntents.filter(
          ({ at }) => NOON.getTime() - at.getTime() < 3_600_000,
        );
        const count = (runs: readonly { runId: string; life: number }[]): number =>
          new Set(runs.map(({ runId, life }) => `${runId} ${life}`)).size;
        const calls = decide(input).decisions.filter(
          ({ action, mode }) => mode === "enforce" && (action === "abort" || action === "abort-now"),
        );
        if (calls.length === 0) return;
        const spent = count([...hour, ...calls.map(({ subject }) => subject)]);
        const stopped = new Set([...hour, ...calls.map(({ subject }) => subject)].map(({ runId }) => runId))
          .size;
        const population = new Set([...input.blast.liveRunIds, ...hour.map(({ runId }) => runId)]).size;
        expect(calls.length).toBeLessThanOrEqual(perTick);
        expect(spent).toBeLessThanOrEqual(perHour);
        expect(percentOfLive).toBeGreaterThan(0);
        expect(stopped).toBeLessThanOrEqual(Math.max(3, Math.ceil((percentOfLive * population) / 100)));
      }),
      RUNS,
    );
  });

  it("calls for nothing while paused, and for nothing that is exempt", () => {
    fc.assert(
      fc.property(anyInputs, (input) => {
        const { pause, exemptions: granted } = input.control;
        const calls = called(input);
        if (pause && (pause.until === undefined || pause.until > NOON)) expect(calls).toEqual([]);
        for (const each of granted) {
          if (each.kind === "malformed" && each.subject?.kind === "run")
            expect(calls).not.toContain(each.subject.id);
        }
      }),
      RUNS,
    );
  });

  it("calls for nothing on a budget whose ledger is not filled, is old, or has a gap", () => {
    const stops = (input: DecideInput): readonly Decision[] =>
      decide(input).decisions.filter((each) => isStop(each) && each.evidence.metric === BUDGET);
    fc.assert(
      fc.property(blindBudgetInputs, (input) => {
        for (const { action } of stops(input)) expect(action).toBe("hold");
      }),
      RUNS,
    );
    const sample = fc.sample(blindBudgetInputs, { numRuns: 1800, seed: 3 });
    expect(new Set(sample.flatMap(stops).map(({ guard }) => guard))).toEqual(
      new Set(["unfilledWindow", "staleLedger", "pause", "exemption"]),
    );
  });

  it("chooses among rules of different modes what may act, and calls for nothing that is only observed", () => {
    fc.assert(
      fc.property(mixedInputs, (input) => {
        const modes = new Map(input.policy.rules.map(({ id, mode }) => [id, mode ?? input.policy.mode]));
        const { decisions } = decide(input);
        for (const { mode, ruleId, action, guard } of decisions) {
          expect(mode).toBe(modes.get(ruleId));
          if (action === "abort" || action === "abort-now")
            expect(guard).toBe(mode === "observe" ? "observe" : undefined);
        }
        const enforced = {
          ...input.policy,
          rules: input.policy.rules.filter(({ id }) => modes.get(id) === "enforce"),
        };
        const roomy = { ...input, policy: guarded(input.policy, ROOM) };
        expect(called(roomy)).toEqual(called({ ...roomy, policy: guarded(enforced, ROOM) }));
      }),
      RUNS,
    );
  });

  it("judges no ended run and none in a status that nobody knows", () => {
    fc.assert(
      fc.property(
        inputs,
        fc.constantFrom("SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED", "NEW", ""),
        (input, status) => {
          const over = input.observations.map((each) => ({ ...each, run: { ...each.run, status } }));
          expect(isEnded(status) || !isLive(status)).toBe(true);
          expect(decide({ ...input, observations: over })).toEqual({
            decisions: [],
            budgets: [],
            holds: [],
            unknownCost: [],
            unjudged: {},
          });
        },
      ),
      RUNS,
    );
  });

  it("reaches stops, holds and notices in what is generated here, so that the properties say something", () => {
    const actions = fc.sample(inputs, { numRuns: 1000, seed: 1 }).flatMap((input) => decide(input).decisions);
    const seen = new Set(actions.map(({ action, guard }) => `${action} ${guard ?? ""}`));
    for (const each of [
      "notify ",
      "abort ",
      "abort-now ",
      "hold pause",
      "hold exemption",
      "hold perTick",
      "hold perHour",
      "hold percentOfLive",
    ])
      expect(seen).toContain(each);
    const metrics = new Set(actions.filter(isStop).map(({ evidence }) => evidence.metric));
    for (const each of METRICS) expect(metrics).toContain(each);
    expect(actions.some(({ evidence }) => evidence.basis === "estimate")).toBe(true);
  });
});
