import { DAY_MS, type Policy, toUsd } from "../../src/policy/index.ts";
import {
  knownMs,
  LEAST_HISTORY_MS,
  saysTooLittle,
} from "../../src/watchdog/learn/promotion/required-backtest.ts";
import type { Invocation, Option } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";
import type { Gate } from "../policy/change-policy.ts";
import { count } from "../show/words.ts";
import { savedText } from "./backtest-lines.ts";
import { failIf } from "./fail-if.ts";
import { shareText } from "./figures.ts";
import { DETAILS } from "./read-details.ts";
import { tried } from "./tried.ts";

const DEFAULT_TEST = "wrong > 0";
const MOST_NAMED = 5;

/** The options of what is put in force only where its back-test says that it may be. */
export const REQUIRES: Readonly<Record<string, Option>> = {
  "require-backtest": { about: "Refuse where the back-test on the recorded runs speaks against it" },
  "fail-if": { value: "TEST", about: `What speaks against it (default: "${DEFAULT_TEST}")` },
  since: { value: "WHEN", about: "From when on it is back-tested (default: the last 90 days)" },
  history: { value: "SPAN", about: "Of how much time all runs must be recorded at least (default: 7d)" },
  ...DETAILS,
};
const NEEDED = "require-backtest";

/** What the back-test of a policy says of putting it in force; `undefined` where none is asked for. */
export function requiredBacktest(invocation: Invocation): ((policy: Policy) => Promise<Gate>) | undefined {
  const { args } = invocation;
  const others = Object.keys(REQUIRES).filter(
    (name) => name !== NEEDED && (args.flag(name) || args.text(name) !== undefined),
  );
  if (!args.flag(NEEDED)) {
    if (others.length === 0) return undefined;
    throw new UsageError(`--${others[0]} goes with --${NEEDED} only.`);
  }
  const test = args.text("fail-if") ?? DEFAULT_TEST;
  const fails = failIf(test);
  const leastMs = args.duration("history") ?? LEAST_HISTORY_MS;
  return async (policy) => {
    const {
      past: { history },
      found,
    } = await tried(invocation, policy);
    const { completeSince } = await (await invocation.connect()).ports.state.readLedger();
    const little = saysTooLittle(policy, history, found, { completeSince, leastMs });
    const { stops, savedMicroUsd, wrongStops, coverage } = found;
    const wrong = stops.filter(({ isWrong }) => isWrong).map(({ runId }) => runId);
    const named =
      wrong.length > 0
        ? ` (${wrong.slice(0, MOST_NAMED).join(", ")}${wrong.length > MOST_NAMED ? ", …" : ""})`
        : "";
    const figures =
      `Back-test of the last ${coverage.days.toFixed(0)} days: ${count(stops.length, "stop")}, saved ${savedText(stops)}; ` +
      `wrong stops: ${wrongStops.count}${named} of ${count(wrongStops.successes, "run")} that succeeded, at most ${shareText(wrongStops.atMost95)} at 95 % confidence.`;
    const why = little ?? (fails(found) ? `its back-test has ${test}` : undefined);
    return {
      lines: [figures, ...coverage.notSimulated.map((each) => `Not simulated: ${each}.`)],
      ...(why !== undefined && { why }),
      told: {
        passed: why === undefined,
        why: why ?? null,
        failIf: test,
        from: history.from,
        until: history.until,
        knownDays: knownMs(history, completeSince) / DAY_MS,
        stops: stops.length,
        savedUsd: { from: toUsd(savedMicroUsd.from), to: toUsd(savedMicroUsd.to) },
        wrongStops,
        wrongRunIds: wrong,
        notSimulated: coverage.notSimulated,
      },
    };
  };
}
