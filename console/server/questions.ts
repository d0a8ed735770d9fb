import { API, type Part } from "../api.ts";
import type { Asking } from "./asking.ts";
import { askInTime, partOf } from "./part.ts";
import { Refusal } from "./refusal.ts";
import { withSays } from "./says.ts";

type Query = URLSearchParams;

/** What is asked about, an id or a limit. Throws `Refusal` where the address does not say it. */
export function named(query: Query, name: string): string {
  const value = query.get(name) ?? "";
  if (/^[\w~][\w.~/:#-]{0,199}$/.test(value)) return value;
  throw new Refusal(400, `The address lacks ${name}=…, with letters, digits and ._~/:#- only.`);
}

/** A question of the page: a command, and what is made of its answer. */
type Question = {
  readonly argv: readonly string[];
  readonly made?: (value: unknown) => unknown;
};

/** The commands that answer, each by the name that its answer has. */
const QUESTIONS: Readonly<Record<string, (query: Query) => Readonly<Record<string, Question>>>> = {
  [API.run]: (query) => ({
    explain: { argv: ["explain", named(query, "run")] },
    // Not audit show: a run that nothing is written of is no failure.
    entries: { argv: ["audit", "list", `--run=${named(query, "run")}`, "--since=90d"], made: withSays },
  }),
  [API.entry]: (query) => ({ entry: { argv: ["audit", "show", named(query, "entry")], made: withSays } }),
  [API.rule]: (query) => ({
    policy: { argv: ["policy", "show"] },
    observed: { argv: ["policy", "observed"] },
    entries: { argv: ["audit", "list", `--rule=${named(query, "rule")}`, "--since=30d"], made: withSays },
  }),
  [API.sources]: () => ({ sources: { argv: ["sources"] } }),
};

/** The paths of questions. */
export const QUESTION_PATHS: readonly string[] = Object.keys(QUESTIONS);

/** What is known of a question, by part. Throws `Refusal` for one that names nothing. */
export async function answerOf(
  path: string,
  query: Query,
  asking: Asking,
): Promise<Readonly<Record<string, Part>>> {
  const questions = Object.entries(QUESTIONS[path]?.(query) ?? {});
  const parts = questions.map(async ([name, { argv, made = (value: unknown) => value }]) => {
    const part = partOf(await askInTime(asking, argv), asking.now().toISOString());
    return [name, part.kind === "known" ? { ...part, value: made(part.value) } : part] as const;
  });
  return Object.fromEntries(await Promise.all(parts));
}
