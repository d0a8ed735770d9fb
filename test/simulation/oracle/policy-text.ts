import type { SeenSettings } from "./history.ts";
import type { ScheduleText } from "./schedule-text.ts";

/** A policy document as it is written. The oracle reads it by itself, from the specification of the language. */
export type PolicyDocument = {
  readonly mode?: "observe" | "enforce";
  readonly timeZone?: string;
  readonly owner?: string;
  readonly escalation?: { readonly forceAfter?: string; readonly alarmAfter?: string };
  readonly guards?: {
    readonly maxAborts?: {
      readonly perTick?: number;
      readonly perHour?: number;
      readonly percentOfLive?: number | string;
    };
    readonly staleAfter?: string;
    readonly maxHolds?: number;
    readonly loop?: { readonly stops?: number; readonly within?: string; readonly do?: string };
  };
  readonly rules: readonly RuleText[];
};

export type RuleText = {
  readonly id: string;
  readonly mode?: "observe" | "enforce";
  readonly owner?: string;
  readonly for?: CriteriaText & { readonly except?: CriteriaText };
  readonly schedule?: ScheduleText;
  /** A rule has a limit, or a budget. */
  readonly limit?: Readonly<Record<string, unknown>>;
  readonly budget?: BudgetText;
  readonly steps: readonly StepText[];
};

export type BudgetText = {
  /** Or in `runs` or `failures`. */
  readonly usd: number;
  readonly runs?: number;
  readonly failures?: number;
  readonly per: string;
  readonly each?: "account" | "actor" | "task" | "origin";
};

export type StepText = {
  readonly at: string;
  readonly do: string;
  readonly basis?: string;
  readonly schedule?: ScheduleText;
};

type CriteriaText = {
  readonly actors?: readonly string[];
  readonly tasks?: readonly string[];
  readonly origins?: readonly string[];
  readonly builds?: readonly string[];
  readonly memory?: readonly string[];
  readonly pricingModels?: readonly string[];
};

/** What a rule limits, and at what: USD, seconds, bytes or a count, as entries show it. */
export type LimitText = {
  readonly metric: string;
  readonly value: number;
  /** What else it depends on, in the same units, with the defaults that the language documents. */
  readonly options: Readonly<Record<string, number>>;
};

const SECS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** `1d12h` in seconds. */
export function durationSecs(text: string): number {
  let secs = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)([smhdw])/g)) {
    secs += Number(amount) * (SECS[unit ?? ""] ?? Number.NaN);
  }
  return secs;
}

export const percentOf = (text: number | string): number => Number(String(text).replace("%", ""));

const BYTES: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 };

function bytesOf(text: string): number {
  const [, amount, unit = ""] = /^([\d.]+)\s*([KMG]?B)$/i.exec(text) ?? [];
  return Number(amount) * (BYTES[unit.toUpperCase()] ?? Number.NaN);
}

type Written = Readonly<Record<string, number | string>>;

function idleTime(raw: unknown): Omit<LimitText, "metric"> {
  const {
    for: time = "",
    cpuBelow = "5%",
    trafficBelow = "1MB",
  } = typeof raw === "string" ? { for: raw } : (raw as Written);
  const options = { cpuBelow: percentOf(cpuBelow), trafficBelow: bytesOf(String(trafficBelow)) };
  return { value: durationSecs(String(time)), options };
}

function timesTypical(raw: Written): LimitText {
  const { usd, runTime, samples = 10, floor } = raw;
  const by = usd === undefined ? "runTime" : "usd";
  const least = by === "usd" ? Number(floor ?? 0.5) : durationSecs(String(floor ?? "10m"));
  const options = { samples: Number(samples), floor: least };
  return { metric: `timesTypical.${by}`, value: Number(usd ?? runTime), options };
}

/** The one limit of a rule, or its budget. */
export function limitOf({ limit = {}, budget }: RuleText): LimitText {
  if (budget) return { metric: "budget", value: budget.usd, options: {} };
  const [key = "", raw = Number.NaN] = Object.entries(limit)[0] ?? [];
  if (key === "timesTypical") return timesTypical(raw as Written);
  if (key === "idleTime") return { metric: key, ...idleTime(raw) };
  // A run without a time-out is at 100 %.
  if (key === "noTimeout") return { metric: key, value: 1, options: {} };
  const value = key.endsWith("Time") ? durationSecs(String(raw)) : Number(raw);
  return { metric: key, value, options: {} };
}

/** Blast radius and escalation with the defaults that the language documents. */
export function guardsOf({ guards, escalation }: PolicyDocument) {
  const { perTick = 10, perHour = 30, percentOfLive = 50 } = guards?.maxAborts ?? {};
  return {
    perTick,
    perHour,
    percentOfLive: percentOf(percentOfLive),
    staleAfterMs: durationSecs(guards?.staleAfter ?? "10m") * 1_000,
    forceAfterMs: durationSecs(escalation?.forceAfter ?? "60s") * 1_000,
    alarmAfterMs: durationSecs(escalation?.alarmAfter ?? "5m") * 1_000,
  };
}

/** Of the places of an hour, how many are kept for runs that burn more than any that was stopped in it. */
export const reservedOf = (perHour: number): number =>
  perHour > 1 ? Math.max(1, Math.floor(perHour / 5)) : 0;

const fits = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`, "i").test(text);

const named = (pattern: string, name: string): boolean => fits(pattern.replace("~", "/"), name);

/** `>=4GB`: 1 GB is 1024 MB, as at Apify. */
function hasMemory(text: string, mbytes: number): boolean {
  const [, op = "", amount, unit] = /^([<>=]*)([\d.]+)([MG])B$/.exec(text) ?? [];
  const bound = Number(amount) * (unit === "G" ? 1_024 : 1);
  return (
    (op !== "<" && op !== ">" && mbytes === bound) ||
    (op.startsWith("<") ? mbytes < bound : op.startsWith(">") && mbytes > bound)
  );
}

export type Selected = {
  readonly actorId: string;
  readonly actorName: string | undefined;
  /** All that it was ever called, with `undefined` where nobody may have been told. */
  readonly actorNames?: readonly (string | undefined)[];
  /** As which other Actors the run has stood, until it turned into this one. */
  readonly actorsBefore?: readonly Pick<Selected, "actorId" | "actorName" | "actorNames">[];
  readonly taskId?: string;
  readonly taskName?: string | undefined;
  readonly taskNames?: readonly (string | undefined)[];
  readonly origin: string;
};

const isCalled = (patterns: readonly string[], id: string, name: string | undefined): boolean | undefined =>
  patterns.some((each) => each === id || (name !== undefined && named(each, name))) ||
  (name === undefined ? undefined : false);

/** What each key of a selector says; `undefined`: nobody can tell. */
function matches(
  { actors, tasks, origins, builds, memory, pricingModels }: CriteriaText,
  run: Selected,
  { build, buildNumber, memoryMbytes, pricingModel }: SeenSettings,
): readonly (boolean | undefined)[] {
  const known = [build, buildNumber].filter((each) => each !== undefined);
  const isBuild = (pattern: string): boolean => known.some((each) => fits(pattern, each));
  return [
    ...(actors ? [isCalled(actors, run.actorId, run.actorName)] : []),
    ...(tasks ? [run.taskId === undefined ? false : isCalled(tasks, run.taskId, run.taskName)] : []),
    ...(origins ? [origins.includes(run.origin)] : []),
    ...(builds ? [builds.some(isBuild) || (known.length < 2 ? undefined : false)] : []),
    ...(memory
      ? [memoryMbytes === undefined ? undefined : memory.some((each) => hasMemory(each, memoryMbytes))]
      : []),
    ...(pricingModels ? [pricingModel === undefined ? undefined : pricingModels.includes(pricingModel)] : []),
  ];
}

/** Is the rule meant for this run? STANDBY runs must be named; what can't be told protects. `isSure`: by all of its names, and as all that it was. */
export function appliesTo(rule: RuleText, run: Selected, settings?: SeenSettings, isSure = false): boolean {
  if (run.origin === "STANDBY" && !rule.for?.origins?.includes("STANDBY")) return false;
  return countsFor(rule, run, settings, isSure);
}

/** Does what the run spends count in the rule's budget? That of STANDBY runs does, named or not. */
export function countsFor(rule: RuleText, run: Selected, settings?: SeenSettings, isSure = false): boolean {
  const { taskNames = [run.taskName], actorsBefore = [] } = run;
  const called = [run, ...actorsBefore].flatMap(({ actorId, actorName: name, actorNames = [name] }) =>
    actorNames.flatMap((actorName) =>
      taskNames.map((taskName) => ({ ...run, actorId, actorName, taskName })),
    ),
  );
  const isMeant = (as: Selected): boolean => isSelected(rule, as, settings ?? {});
  return isSure ? called.every(isMeant) : called.some(isMeant);
}

function isSelected(rule: RuleText, run: Selected, settings: SeenSettings): boolean {
  if (rule.for === undefined) return true;
  const { except, ...wanted } = rule.for;
  const isWanted = matches(wanted, run, settings).every((each) => each === true);
  return isWanted && matches(except ?? {}, run, settings).every((each) => each === false);
}
