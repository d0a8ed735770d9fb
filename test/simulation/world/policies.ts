import type { Random } from "../random.ts";
import { budgeted } from "./budgets.ts";
import type { Document, Rule } from "./document.ts";
import { type Theme, widened } from "./wider-rules.ts";

const STEPS = [
  [{ at: "100%", do: "abort" }],
  [
    { at: "80%", do: "notify" },
    { at: "100%", do: "abort" },
  ],
  [
    { at: "50%", do: "notify" },
    { at: "90%", do: "abort" },
    { at: "130%", do: "abort-now" },
  ],
  [
    { at: "100%", do: "abort" },
    { at: "110%", do: "notify" },
  ],
  [
    { at: "75%", do: "notify" },
    { at: "100%", do: "abort-now" },
  ],
] as const;

const SELECTORS = [
  { actors: ["acme/shop-*"] },
  { origins: ["API", "SCHEDULER", "STANDBY"] },
  { except: { actors: ["acme~news-monitor"] } },
  { actors: ["acme/*"], except: { origins: ["WEB"] } },
] as const;

function limitFor(random: Random, kind: string): Record<string, number | string> {
  switch (kind) {
    case "cost":
      return { usageTotalUsd: random.pick([0.5, 1, 2, 5]) };
    case "time":
      return { runTime: `${random.int(4, 40)}m` };
    case "queue":
      return { queueTime: `${random.int(90, 900)}s` };
    case "received":
      return { "stats.netRxBytes": random.int(20, 400) * 1_000_000 };
    case "memory":
      return { "stats.memCurrentBytes": random.int(400, 560) * 1_000_000 };
    default:
      return { abortingTime: `${random.int(40, 400)}s` };
  }
}

function randomRule(random: Random, kind: string, id: string): Rule {
  const onlyHard = [
    { at: "50%", do: "notify" },
    { at: "100%", do: "abort-now" },
  ];
  return {
    id,
    ...(random.chance(0.15) && { mode: random.pick(["observe", "enforce"] as const) }),
    ...(random.chance(0.3) && { for: random.pick(SELECTORS) }),
    limit: limitFor(random, kind),
    steps: kind === "ending" ? onlyHard : random.pick(STEPS),
  };
}

const KINDS = ["cost", "cost", "time", "time", "queue", "received", "memory", "ending"] as const;

const seldom = (random: Random): boolean => random.chance(0.04);

/** What the policies of a world are made of. */
export type Kinds = {
  /** Not the first limits alone, but all that the language has. */
  readonly theme?: Theme;
  readonly hasBudgets: boolean;
};

export function randomPolicy(random: Random, { theme, hasBudgets }: Kinds): Document {
  const plain = plainPolicy(random);
  const policy = theme ? widened(random, plain, theme) : plain;
  return hasBudgets ? budgeted(random, policy) : policy;
}

function plainPolicy(random: Random): Document {
  const forceSecs = random.pick([30, 60, 90]);
  const extra = Array.from({ length: random.int(0, 3) }, () => random.pick(KINDS));
  return {
    version: 1,
    mode: random.chance(0.85) ? "enforce" : "observe",
    escalation: { forceAfter: `${forceSecs}s`, alarmAfter: `${random.pick([forceSecs, 120, 300])}s` },
    guards: {
      maxAborts: {
        perTick: seldom(random) ? 0 : random.pick([1, 1, 2, 2, 3, 10]),
        perHour: seldom(random) ? 0 : random.pick([1, 2, 4, 30, 30, 30]),
        percentOfLive: seldom(random) ? 0 : random.pick([10, 50, 50, 100, 100, 100]),
      },
    },
    rules: ["cost" as const, random.pick(KINDS), ...extra].map((kind, index) =>
      randomRule(random, kind, `${kind}-${index}`),
    ),
  };
}

/** What an operator makes of a policy: limits raised or lowered, enforcement on or off, the guards another size. */
export function revised(random: Random, policy: Document, kinds: Kinds): Document {
  const factor = random.pick([0.3, 0.6, 1.5, 4]);
  const rules = policy.rules.map((rule) => {
    const { limit = {}, budget } = rule;
    const [metric = "", value = budget?.usd] = Object.entries(limit)[0] ?? [];
    if (typeof value !== "number" || !random.chance(0.7)) return rule;
    const scaled = Math.max(0.01, Math.round(value * factor * 100) / 100);
    return budget
      ? { ...rule, budget: { ...budget, usd: scaled } }
      : { ...rule, limit: { [metric]: scaled } };
  });
  const { maxAborts } = plainPolicy(random).guards;
  const flipped = policy.mode === "observe" ? "enforce" : "observe";
  return random.pick<Document>([
    { ...policy, rules },
    { ...policy, rules },
    { ...policy, mode: flipped },
    { ...policy, guards: { ...policy.guards, maxAborts } },
    randomPolicy(random, kinds),
  ]);
}
