import { toUsd } from "../../src/policy/index.ts";
import type { Backtest } from "../../src/watchdog/learn/backtest.ts";
import { UsageError } from "../options/usage-error.ts";

/** What `--fail-if` may ask for. */
const FIGURES: Readonly<Record<string, (found: Backtest) => number>> = {
  wrong: ({ wrongStops }) => wrongStops.count,
  stops: ({ stops }) => stops.length,
  saved: ({ savedMicroUsd }) => toUsd(savedMicroUsd.from),
  near: ({ nearMisses }) => nearMisses.length,
  missed: ({ missed }) => missed.length,
  notices: ({ noticesPerDay }) => noticesPerDay,
};

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  "=": (a, b) => a === b,
};

/** Reads `wrong > 0`. Throws `UsageError` on anything else. */
export function failIf(text: string): (found: Backtest) => boolean {
  const [, name = "", sign = "", number = ""] =
    /^\s*(\w+)\s*([<>]=?|=)\s*(\d+(?:\.\d+)?)\s*$/.exec(text) ?? [];
  const [figure, compare] = [Object.hasOwn(FIGURES, name) ? FIGURES[name] : undefined, COMPARE[sign]];
  if (figure === undefined || compare === undefined)
    throw new UsageError(
      `--fail-if: got "${text}", wanted one of ${Object.keys(FIGURES).join(", ")}, then >, >=, <, <= or =, then a number, such as "wrong > 0".`,
    );
  return (found) => compare(figure(found), Number(number));
}
