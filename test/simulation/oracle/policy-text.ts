/** A policy document as it is written. The oracle reads it by itself, from the specification of the language. */
export type PolicyDocument = {
  readonly mode?: "observe" | "enforce";
  readonly escalation?: { readonly forceAfter?: string; readonly alarmAfter?: string };
  readonly guards?: {
    readonly maxAborts?: {
      readonly perTick?: number;
      readonly perHour?: number;
      readonly percentOfLive?: number | string;
    };
  };
  readonly rules: readonly RuleText[];
};

export type RuleText = {
  readonly id: string;
  readonly mode?: "observe" | "enforce";
  readonly for?: CriteriaText & { readonly except?: CriteriaText };
  readonly limit: Readonly<Record<string, number | string>>;
  readonly steps: readonly { readonly at: string; readonly do: string }[];
};

type CriteriaText = { readonly actors?: readonly string[]; readonly origins?: readonly string[] };

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

/** The one metric of a rule with its limit: USD, seconds, bytes or a count, as entries show it. */
export function limitOf(rule: RuleText): { readonly metric: string; readonly value: number } {
  const [metric = "", raw = Number.NaN] = Object.entries(rule.limit)[0] ?? [];
  const isTime = metric.endsWith("Time");
  return { metric, value: isTime ? durationSecs(String(raw)) : Number(raw) };
}

/** Blast radius and escalation with the defaults that the language documents. */
export function guardsOf({ guards, escalation }: PolicyDocument) {
  const { perTick = 10, perHour = 30, percentOfLive = 50 } = guards?.maxAborts ?? {};
  return {
    perTick,
    perHour,
    percentOfLive: percentOf(percentOfLive),
    forceAfterMs: durationSecs(escalation?.forceAfter ?? "60s") * 1_000,
    alarmAfterMs: durationSecs(escalation?.alarmAfter ?? "5m") * 1_000,
  };
}

const named = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replace("~", "/").replaceAll("*", ".*")}$`, "i").test(name);

type Selected = { readonly actorId: string; readonly actorName: string; readonly origin: string };

function matches({ actors, origins }: CriteriaText, run: Selected): readonly boolean[] {
  return [
    ...(actors ? [actors.some((each) => each === run.actorId || named(each, run.actorName))] : []),
    ...(origins ? [origins.includes(run.origin)] : []),
  ];
}

/** Is the rule meant for this run? STANDBY runs must be named. */
export function appliesTo(rule: RuleText, run: Selected): boolean {
  if (run.origin === "STANDBY" && !rule.for?.origins?.includes("STANDBY")) return false;
  if (rule.for === undefined) return true;
  const { except, ...wanted } = rule.for;
  return matches(wanted, run).every(Boolean) && !matches(except ?? {}, run).some(Boolean);
}
