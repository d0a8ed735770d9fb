import { describe, expect, it } from "vitest";
import type { Decision } from "../../../src/policy/index.ts";
import { intentDraft, intentIdOf, quietDraft } from "../../../src/watchdog/audit/drafts.ts";
import { closingDraft, progressDraft } from "../../../src/watchdog/audit/outcome-drafts.ts";
import { at, NOON, observation, openIntent, run, runOfUnknownCost, usd } from "../../support/builders.ts";

const seen = observation({ run: run({ actorTaskId: "task1", usageTotalMicroUsd: usd(7.5) }) });
const stamp = { now: NOON, tickId: "tick-now", policyVersion: 4 };
const decision = (overrides: Partial<Decision> = {}): Decision => ({
  subject: { kind: "run", runId: "run1", life: 0 },
  ruleId: "no-run-over-5-usd",
  step: { at: 100, do: "abort" },
  action: "abort",
  mode: "enforce",
  evidence: {
    metric: "usageTotalUsd",
    measured: usd(7.5),
    limit: usd(5),
    unit: "USD",
    observedAt: at(-1),
    source: "list",
    basis: "actual",
  },
  also: [],
  ...overrides,
});
const held = decision({ action: "hold", guard: "pause" });

describe("quietDraft()", () => {
  it.each([
    ["a notice", decision({ action: "notify" }), "step.notified"],
    ["a notice that is observed", decision({ action: "notify", mode: "observe" }), "step.notified"],
    ["a held stop", held, "abort.held"],
    [
      "a held stop that is observed",
      decision({ action: "hold", guard: "perTick", mode: "observe" }),
      "abort.held",
    ],
    ["an observed stop", decision({ mode: "observe", guard: "observe" }), "abort.observed"],
    [
      "an observed stop without grace",
      decision({ action: "abort-now", mode: "observe", guard: "observe" }),
      "abort.observed",
    ],
  ])("writes %s down", (_what, of, kind) => {
    expect(quietDraft(of, seen, stamp)?.kind).toBe(kind);
  });

  it.each(["abort", "abort-now"] as const)(
    "writes nothing of an enforced %s, which is an intent",
    (action) => {
      expect(quietDraft(decision({ action }), seen, stamp)).toBeUndefined();
    },
  );

  it("says by itself what, when, which rule of which policy, on what evidence and by whom", () => {
    expect(quietDraft(held, seen, stamp)).toEqual({
      entryId: expect.stringMatching(/^[0-9a-f]{20}$/),
      kind: "abort.held",
      at: "2026-11-24T12:00:00.000Z",
      subject: { kind: "run", runId: "run1", life: 0 },
      runId: "run1",
      actorId: "actor1",
      actorTaskId: "task1",
      run: {
        status: "RUNNING",
        startedAt: "2026-11-24T11:00:00.000Z",
        origin: "API",
        usageTotalUsd: 7.5,
      },
      ruleId: "no-run-over-5-usd",
      step: { at: 100, do: "abort" },
      mode: "enforce",
      policyVersion: 4,
      guard: "pause",
      next: "it is stopped once the pause ends, if it is still over the limit",
      overrule: 'watchdog resume --reason "…"',
      evidence: {
        metric: "usageTotalUsd",
        measured: 7.5,
        limit: 5,
        unit: "USD",
        observedAt: "2026-11-24T11:59:59.000Z",
        source: "list",
        basis: "actual",
      },
      by: "watchdog",
      tickId: "tick-now",
    });
  });

  it("says of a run whose cost is unknown no cost, not 0", () => {
    const blind = observation({ run: runOfUnknownCost() });
    expect(quietDraft(held, blind, stamp)?.run).not.toHaveProperty("usageTotalUsd");
  });

  it("names the other rules that breached, in the units that people read", () => {
    const { evidence } = decision();
    const also = [
      { ruleId: "cost-too", step: held.step, evidence },
      {
        ruleId: "time",
        step: held.step,
        evidence: { ...evidence, metric: "runTime", measured: 90, limit: 60, unit: "secs" as const },
      },
    ];
    expect(quietDraft(decision({ ...held, also }), seen, stamp)?.evidence?.also).toEqual([
      { ruleId: "cost-too", step: held.step, metric: "usageTotalUsd", measured: 7.5, limit: 5, unit: "USD" },
      { ruleId: "time", step: held.step, metric: "runTime", measured: 90, limit: 60, unit: "secs" },
    ]);
  });

  const idOf = (of: Decision, observed = seen, at = stamp): string | undefined =>
    quietDraft(of, observed, at)?.entryId;

  it("gives the same fact the same id at every tick, whatever was measured and under whatever policy version", () => {
    const later = { now: at(600), tickId: "tick-later", policyVersion: 9 };
    const more = decision({
      ...held,
      evidence: { ...held.evidence, measured: usd(99), observedAt: at(600) },
    });
    expect(idOf(more, observation({ run: run({ usageTotalMicroUsd: usd(99) }) }), later)).toBe(idOf(held));
  });

  it("gives a stop that is held the same id under whatever guard", () => {
    expect(held.guard).not.toBe("exemption");
    expect(idOf(decision({ ...held, guard: "exemption" }))).toBe(idOf(held));
  });

  it.each<[string, Partial<Decision>]>([
    ["run", { subject: { kind: "run", runId: "run2", life: 0 } }],
    ["life", { subject: { kind: "run", runId: "run1", life: 1 } }],
    ["rule", { ruleId: "another" }],
    ["share", { step: { at: 120, do: "abort" } }],
    ["basis", { step: { at: 100, do: "abort", basis: "estimate" } }],
    ["limit", { evidence: { ...held.evidence, metric: "usdPerHour" } }],
    ["limit value", { evidence: { ...held.evidence, limit: usd(6) } }],
    ["kind", { action: "notify" }],
  ])("gives another %s another id", (_what, change) => {
    expect(idOf({ ...held, ...change })).not.toBe(idOf(held));
  });
});

describe("intentIdOf()", () => {
  it("is the same however often one promise is tried, and another after each that was closed", () => {
    const ids = [0, 0, 1, 2].map((closed) => intentIdOf(decision(), closed));
    expect([ids[0] === ids[1], new Set(ids).size]).toEqual([true, 3]);
  });

  it("differs from the id of a held or observed stop", () => {
    expect(intentIdOf(decision(), 0)).not.toBe(quietDraft(held, seen, stamp)?.entryId);
  });
});

describe("intentDraft()", () => {
  it("promises the abort with the reading that it rests on", () => {
    expect(intentDraft(decision(), seen, "intent1", stamp)).toMatchObject({
      entryId: "intent1",
      kind: "abort.intended",
      mode: "enforce",
      step: { at: 100, do: "abort" },
      evidence: { measured: 7.5, limit: 5, unit: "USD" },
      run: { usageTotalUsd: 7.5 },
      actorTaskId: "task1",
      policyVersion: 4,
      tickId: "tick-now",
    });
  });
});

describe("progressDraft()", () => {
  const draftOf = (
    kind: "abort.requested" | "abort.failed" | "abort.forced",
    gracefully: boolean,
    intentId = "intent1",
  ) => progressDraft(openIntent({ intentId }), run(), { kind, gracefully, response: "ABORTING" }, stamp);

  it("goes on from its intent: same subject, rule, step and evidence", () => {
    const { subject, runId, ruleId, step, evidence, intentId, mode } = draftOf("abort.requested", true);
    const intent = openIntent();
    expect([subject, runId, ruleId, step, evidence, intentId, mode]).toEqual([
      { kind: "run", runId: "run1", life: 0 },
      "run1",
      intent.ruleId,
      intent.step,
      intent.evidence,
      "intent1",
      "enforce",
    ]);
  });

  it("is one fact per intent, kind and manner of call", () => {
    const ids = [
      draftOf("abort.requested", true),
      draftOf("abort.requested", false),
      draftOf("abort.failed", true),
      draftOf("abort.forced", false),
      draftOf("abort.requested", true, "intent2"),
    ].map(({ entryId }) => entryId);
    expect(new Set(ids).size).toBe(5);
    expect(
      progressDraft(
        openIntent(),
        undefined,
        { kind: "abort.requested", gracefully: true, response: "lost" },
        { ...stamp, now: at(9) },
      ).entryId,
    ).toBe(ids[0]);
  });

  it("has no figures of a run that was not read", () => {
    expect(progressDraft(openIntent(), undefined, { kind: "abort.unconfirmed" }, stamp)).not.toHaveProperty(
      "run",
    );
  });
});

describe("closingDraft()", () => {
  const ended = (amount: number) =>
    run({ status: "ABORTED", finishedAt: at(-20), usageTotalMicroUsd: usd(amount) });
  const confirmed = { kind: "abort.confirmed" } as const;

  it("tells the final cost and what went over the limit", () => {
    expect(closingDraft(openIntent(), ended(7.25), confirmed, stamp)).toMatchObject({
      kind: "abort.confirmed",
      intentId: "intent1",
      finalUsageTotalUsd: 7.25,
      overshootUsd: 2.25,
      run: { status: "ABORTED", finishedAt: at(-20).toISOString() },
    });
  });

  it("is exact to the micro-dollar", () => {
    expect(closingDraft(openIntent(), ended(5.000001), confirmed, stamp).overshootUsd).toBe(0.000001);
  });

  it("has no overshoot below the limit, and none of a limit on something else", () => {
    expect(closingDraft(openIntent(), ended(4), confirmed, stamp).overshootUsd).toBe(0);
    const evidence = { ...openIntent().evidence, metric: "runTime", limit: 60, unit: "secs" };
    expect(closingDraft(openIntent({ evidence }), ended(9), confirmed, stamp)).not.toHaveProperty(
      "overshootUsd",
    );
  });

  it("tells no cost where none is known, never 0", () => {
    const blind = runOfUnknownCost({ status: "ABORTED" });
    for (const found of [blind, undefined]) {
      const draft = closingDraft(openIntent(), found, confirmed, stamp);
      expect(draft).not.toHaveProperty("finalUsageTotalUsd");
      expect(draft).not.toHaveProperty("overshootUsd");
    }
  });

  it("is the same fact however it closes, so that an intent has one closing entry", () => {
    const kinds = ["abort.confirmed", "abort.moot", "abort.withdrawn"] as const;
    const ids = kinds.map((kind) => closingDraft(openIntent(), undefined, { kind }, stamp).entryId);
    expect(new Set(ids).size).toBe(1);
    expect(closingDraft(openIntent({ intentId: "intent2" }), undefined, confirmed, stamp).entryId).not.toBe(
      ids[0],
    );
  });

  it("tells no final cost of a run that goes on", () => {
    const withdrawn = { kind: "abort.withdrawn", reason: "pause now protects the run" } as const;
    expect(closingDraft(openIntent(), run(), withdrawn, stamp)).not.toHaveProperty("finalUsageTotalUsd");
  });
});
