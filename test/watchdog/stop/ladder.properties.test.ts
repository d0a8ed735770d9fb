import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEnded } from "../../../src/policy/index.ts";
import type { OpenIntent } from "../../../src/watchdog/model/control.ts";
import { type LadderInput, type Look, type Move, nextMove } from "../../../src/watchdog/stop/ladder.ts";
import { at, NOON, openIntent } from "../../support/builders.ts";
import { CONDEMNED, FORBIDDEN, UNKNOWN } from "./moving.ts";

describe("nextMove() whatever the state", () => {
  const maybeAt = fc.option(fc.integer({ min: -900, max: 0 }).map(at), { nil: undefined });
  const intents = fc
    .record({
      life: fc.nat({ max: 1 }),
      step: fc.constantFrom<OpenIntent["step"]>({ at: 100, do: "abort" }, { at: 100, do: "abort-now" }),
      at: fc.integer({ min: -900, max: 0 }).map(at),
      claim: fc.record({
        tickId: fc.constantFrom("tick-now", "tick-before"),
        until: fc.integer({ min: -30, max: 30 }).map(at),
      }),
      callSent: fc.boolean(),
      requestedAt: maybeAt,
      forcedAt: maybeAt,
      forceAnswered: fc.boolean(),
      unconfirmedAt: maybeAt,
      missingSince: maybeAt,
    })
    .map((fields) =>
      openIntent(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))),
    );
  const looks: fc.Arbitrary<Look> = fc.oneof(
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("missing" as const), young: fc.boolean() }) },
    {
      weight: 5,
      arbitrary: fc.record(
        {
          kind: fc.constant("found" as const),
          status: fc.constantFrom(
            "READY",
            "RUNNING",
            "ABORTING",
            "TIMING-OUT",
            "ABORTED",
            "SUCCEEDED",
            "NEW",
          ),
          life: fc.nat({ max: 1 }),
          finishedAt: fc.integer({ min: -900, max: 0 }).map(at),
        },
        { requiredKeys: ["kind", "status", "life"] },
      ),
    },
  );
  const states = fc.record({
    intent: intents,
    look: looks,
    standing: fc.constantFrom(CONDEMNED, FORBIDDEN, UNKNOWN),
    escalation: fc.constant({ forceAfterSecs: 60, alarmAfterSecs: 300 }),
    tickId: fc.constant("tick-now"),
    claimLeftMs: fc.constantFrom(0, 9_999, 10_000, 20_000),
    now: fc.constant(NOON),
  });
  const always = (holds: (input: LadderInput, move: Move) => void): void =>
    fc.assert(
      fc.property(states, (input) => holds(input, nextMove(input))),
      { numRuns: 3_000 },
    );

  it("calls only for a condemned run that is READY or RUNNING, on a claim that lasts, when no call is known", () => {
    always(({ intent, look, standing, claimLeftMs }, { kind }) => {
      if (kind !== "call") return;
      expect(standing).toBe(CONDEMNED);
      expect(look.kind === "found" && ["READY", "RUNNING"].includes(look.status)).toBe(true);
      expect(intent.claim.tickId).toBe("tick-now");
      expect(claimLeftMs).toBeGreaterThanOrEqual(10_000);
      expect(intent.requestedAt).toBeUndefined();
    });
  });

  it("forces only a condemned run, and never after an answer", () => {
    always(({ intent, look, standing }, { kind }) => {
      if (kind !== "force") return;
      expect(standing).toBe(CONDEMNED);
      expect(intent.forceAnswered).not.toBe(true);
      const waited = NOON.getTime() - (intent.requestedAt?.getTime() ?? Number.NaN);
      expect(waited >= 60_000 || (intent.requestedAt === undefined && intent.step.do === "abort-now")).toBe(
        true,
      );
      // Only a rule that asks for it at once goes after a run that is timing out by itself.
      const isLeftToItself =
        look.kind === "found" && look.status === "TIMING-OUT" && intent.step.do === "abort";
      expect(look.kind === "found" && !isEnded(look.status) && !isLeftToItself).toBe(true);
    });
  });

  it("never withdraws after a call was sent, taken or promised, nor what is not forbidden", () => {
    always(({ intent, standing }, made) => {
      if (made.kind !== "close" || made.closing !== "abort.withdrawn") return;
      expect(standing).toBe(FORBIDDEN);
      expect([intent.callSent, intent.requestedAt, intent.forcedAt]).toEqual([false, undefined, undefined]);
    });
  });

  it("never calls for a run that has ended, is missing or is in another life", () => {
    always(({ intent, look }, { kind }) => {
      const over = look.kind === "missing" || isEnded(look.status) || (look.life ?? 0) > intent.life;
      if (over) expect(["call", "force", "claim", "alarm"]).not.toContain(kind);
    });
  });

  it("confirms nothing but ABORTED, and closes no run that is still on its way", () => {
    always(({ intent, look }, made) => {
      if (made.kind !== "close") return;
      if (made.closing === "abort.confirmed")
        expect(look).toMatchObject({ kind: "found", status: "ABORTED" });
      if (made.closing === "abort.moot" && look.kind === "found")
        expect(isEnded(look.status) || (look.life ?? 0) > intent.life).toBe(true);
    });
  });

  it("alarms once, and not before its time", () => {
    always(({ intent }, { kind }) => {
      if (kind !== "alarm") return;
      expect(intent.unconfirmedAt).toBeUndefined();
      const since = intent.requestedAt ?? intent.at;
      expect(NOON.getTime() - since.getTime()).toBeGreaterThanOrEqual(300_000);
    });
  });
});
