import fc from "fast-check";
import type { DecideInput } from "../../../src/policy/index.ts";
import { at, budgetRule, HOUR, ledgerOf, usd } from "../../support/builders.ts";
import { inputs } from "./inputs.ts";

/** Ledgers by which no budget may stop anything: not filled, old, and with something missing. */
export const BLIND_LEDGERS = [
  { completeSince: at(-1) },
  { lastCompleteAt: at(-HOUR) },
  { gap: "not all was written down" },
] as const;

const budgetInputsIn = (
  modes: fc.Arbitrary<"observe" | "enforce" | undefined>,
  ledgers: fc.Arbitrary<Parameters<typeof ledgerOf>[1]>,
): fc.Arbitrary<DecideInput> =>
  fc
    .record({
      input: inputs,
      spent: fc.constantFrom(0, 4, 5, 9, 10, 30),
      each: fc.constantFrom("account", "actor", "task", "schedule", "origin" as const),
      per: fc.constantFrom("hour", "day", "month", "cycle" as const),
      action: fc.constantFrom("notify", "abort", "abort-now" as const),
      basis: fc.constantFrom({}, { basis: "projected" as const }),
      mode: modes,
      ledger: ledgers,
      isFirst: fc.boolean(),
    })
    .map(({ input, spent, each, per, action, basis, mode, ledger, isFirst }) => {
      const steps = [
        { at: 40, do: "notify" as const },
        { at: 100, do: action, ...basis },
      ];
      const budget = { of: "usd" as const, limit: usd(10), per, each, timeZone: "UTC" };
      const rule = budgetRule({ budget, steps, ...(mode && { mode }) });
      const rules = isFirst ? [rule, ...input.policy.rules] : [...input.policy.rules, rule];
      return { ...input, policy: { ...input.policy, rules }, ledger: ledgerOf(spent, ledger) };
    });

const modeOfPolicy = fc.constant(undefined);
const anyLedger = fc.constantFrom({}, {}, {}, ...BLIND_LEDGERS);

/**
 * A budget beside whatever else a policy has, and ledgers that bring it near, beyond, or to a guard. No rule has a mode of
 * its own.
 */
export const budgetInputs = budgetInputsIn(modeOfPolicy, anyLedger);
/** The same with a mode of its own. */
export const mixedBudgetInputs = budgetInputsIn(
  fc.constantFrom("observe" as const, "enforce" as const, undefined),
  anyLedger,
);
export const blindBudgetInputs = budgetInputsIn(modeOfPolicy, fc.constantFrom(...BLIND_LEDGERS));
