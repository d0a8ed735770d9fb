import type { Problem } from "./errors.ts";

/** The thresholds that need no YAML. */
export type Caps = {
  /** The most that one run may cost, in USD. */
  readonly maxUsdPerRun?: number | string;
  /** The longest that one life of a run may take, such as `6h`. */
  readonly maxRunTime?: string;
  /** The most that all runs may spend together in a day, in USD. */
  readonly maxUsdPerDay?: number | string;
  /** The same in a month. */
  readonly maxUsdPerMonth?: number | string;
};

type CapName = keyof Caps;

/** The rule that each cap stands for: its id, and what it limits. */
const RULES: Readonly<Record<CapName, (value: unknown) => { readonly id: string }>> = {
  maxUsdPerRun: (usageTotalUsd) => ({ id: "max-usd-per-run", limit: { usageTotalUsd } }),
  maxRunTime: (runTime) => ({ id: "max-run-time", limit: { runTime } }),
  maxUsdPerDay: (usd) => ({ id: "max-usd-per-day", budget: { usd, per: "day" } }),
  maxUsdPerMonth: (usd) => ({ id: "max-usd-per-month", budget: { usd, per: "month" } }),
};

/** Every cap, in the order of their rules. */
export const CAP_NAMES = Object.keys(RULES) as readonly CapName[];

const namesIn = (caps: Caps): readonly CapName[] => CAP_NAMES.filter((name) => caps[name] !== undefined);

/** Is there any threshold among these? */
export const hasCaps = (caps: Caps): boolean => namesIn(caps).length > 0;

/** The caps alone, of whatever else is there. */
export const capsOf = (of: Caps): Caps => Object.fromEntries(namesIn(of).map((name) => [name, of[name]]));

/** The policy document that the caps stand for; the same language, so the same checks and errors apply. */
export function documentFromCaps(caps: Caps, mode: "observe" | "enforce"): unknown {
  const steps = [
    { at: "80%", do: "notify" },
    { at: "100%", do: "abort" },
  ];
  return {
    version: 1,
    mode,
    rules: namesIn(caps).map((name) => ({ ...RULES[name](caps[name]), steps })),
  };
}

/** The cap that stands for a place in the document, if one does. */
export const capAt = (caps: Caps, [key, index]: Problem["path"]): CapName | undefined =>
  key === "rules" ? namesIn(caps)[Number(index)] : undefined;

/** `max-usd-per-run`: a cap as the command line writes it, and the id of its rule. */
export const capId = (name: CapName): string => RULES[name](undefined).id;
