import { describe, expect, it } from "vitest";
import { decide } from "../../../../src/policy/judge/decide.ts";
import type { BudgetRule } from "../../../../src/policy/policy.ts";
import {
  at,
  blast,
  budgetRule,
  control,
  HOUR,
  ledgerOf,
  NOON,
  observation,
  policy,
  run,
  usd,
} from "../../../support/builders.ts";

describe("decide() on a spent budget", () => {
  const standby = observation({ run: run({ id: "standby", origin: "STANDBY" }) });
  const batch = observation({ run: run({ id: "batch" }) });
  /** 50 USD a day, of which a Standby run has spent 60 and nobody else anything. */
  const spent = ledgerOf(0, {
    live: [
      {
        actorId: "actor1",
        origin: "STANDBY",
        startedAt: at(-HOUR),
        unrecorded: { "2026-11-24T11": usd(60) },
      },
    ],
  });
  const stopped = (rules: readonly BudgetRule[]) =>
    decide({
      policy: policy({ rules }),
      observations: [standby, batch],
      ledger: spent,
      control: control(),
      blast: blast(["standby", "batch"]),
      now: NOON,
    }).decisions.map(({ subject }) => subject.runId);

  it("counts what Standby spent, and stops it only where it is named", () => {
    expect(stopped([budgetRule()])).toEqual(["batch"]);
    expect(stopped([budgetRule({ for: { origins: ["STANDBY"] } })])).toEqual(["standby"]);
    expect(stopped([budgetRule({ for: { except: { origins: ["STANDBY"] } } })])).toEqual([]);
  });
});
