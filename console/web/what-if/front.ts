import { signal } from "@preact/signals";
import { API, type Part } from "../../api.ts";
import { question } from "../asked.ts";

type Saved = { readonly from: number; readonly to: number } | null;

/** What a rule alone would have done with a limit, in this history. Limits in USD or seconds. */
export type Point = {
  readonly limit: number;
  readonly stops: number;
  readonly sure: number;
  readonly wrong: number;
  readonly stopsOfUnknownCost: number;
  readonly savedUsd: Saved;
};

export type Front = {
  readonly ruleId: string;
  readonly quantity: "usd" | "runTime";
  readonly runs: number;
  readonly successes: number;
  readonly written: Point & { readonly atMost95: number };
  readonly points: readonly Point[];
};

export type Trial = { readonly from: string; readonly until: string; readonly front: Front };

/** The rules to choose from; the one that was chosen, what is known of it, and which of its points is looked at. */
export const rules = signal<readonly string[] | undefined>(undefined);
export const chosen = signal<string | undefined>(undefined);
export const trial = signal<Part | "asking" | undefined>(undefined);
export const nth = signal(0);
/** The policy with the limit that is looked at, as YAML. */
export const yaml = signal<string | undefined>(undefined);
export const wrong = signal<string | undefined>(undefined);

const AGAIN_MS = 1_000;
let asked = new AbortController();

type Shown = { readonly document: { readonly rules: readonly { readonly id: string }[] } };

const failed = (error: unknown): void => {
  wrong.value = (error as Error).message;
};

/** Which rules there are. */
export async function readRules(): Promise<void> {
  wrong.value = undefined;
  try {
    const { policy } = await question(API.whatIf, {}, new AbortController().signal);
    if (policy?.kind === "known") rules.value = (policy.value as Shown).document.rules.map(({ id }) => id);
    else if (policy?.kind === "failed") wrong.value = policy.says;
  } catch (error) {
    failed(error);
  }
}

/** The points from the lowest limit up, as the slider has them. */
export const pointsOf = ({ points }: Front): readonly Point[] => points.toSorted((a, b) => a.limit - b.limit);

/** Asks what a rule would have done at other limits, again and again while that is reckoned. */
export async function choose(rule: string): Promise<void> {
  asked.abort();
  asked = new AbortController();
  const { signal: current } = asked;
  chosen.value = rule;
  trial.value = "asking";
  yaml.value = undefined;
  wrong.value = undefined;
  try {
    while (!current.aborted) {
      const { front: part } = await question(API.whatIf, { rule }, current);
      if (current.aborted || part === undefined) return;
      if (part.kind === "known") {
        const { front } = part.value as Trial;
        nth.value = Math.max(
          0,
          pointsOf(front).findIndex(({ limit }) => limit === front.written.limit),
        );
      }
      trial.value = part;
      if (part.kind !== "slow") return;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  } catch (error) {
    if (current.aborted) return;
    trial.value = undefined;
    failed(error);
  }
}

export function look(at: number): void {
  nth.value = at;
  yaml.value = undefined;
}

/** The policy in force with a limit, by the code that `policy show` prints it with. */
export async function readYaml(rule: string, limit: string): Promise<string | undefined> {
  wrong.value = undefined;
  try {
    const { policy } = await question(API.whatIf, { rule, limit }, asked.signal);
    if (policy?.kind !== "known") {
      wrong.value = policy?.kind === "failed" ? policy.says : "No answer yet: try again.";
      return undefined;
    }
    const { yaml: text } = policy.value as { readonly yaml: string };
    yaml.value = text;
    return text;
  } catch (error) {
    failed(error);
    return undefined;
  }
}
