import { API, type Part } from "../api.ts";
import type { Asking } from "./asking.ts";
import { askInTime, partOf } from "./part.ts";
import { Refusal } from "./refusal.ts";

type Query = URLSearchParams;

/** What is asked about. Throws `Refusal` where the address does not say it. */
function named(query: Query, name: string): string {
  const value = query.get(name) ?? "";
  if (/^[\w~][\w.~/:-]{0,199}$/.test(value)) return value;
  throw new Refusal(400, `The address lacks ${name}=…, with letters, digits and ._~/:- only.`);
}

/** The commands that answer a question, each by the name that its answer has. */
const QUESTIONS: Readonly<Record<string, (query: Query) => Readonly<Record<string, readonly string[]>>>> = {
  [API.run]: (query) => ({
    explain: ["explain", named(query, "run")],
    entries: ["audit", "list", `--run=${named(query, "run")}`],
  }),
  [API.entry]: (query) => ({ entry: ["audit", "show", named(query, "entry")] }),
  [API.rule]: (query) => ({
    policy: ["policy", "show"],
    entries: ["audit", "list", `--rule=${named(query, "rule")}`],
  }),
  [API.sources]: () => ({ sources: ["sources"] }),
  [API.whatIf]: () => ({ backtest: ["backtest"] }),
};

/** The paths of questions. */
export const QUESTION_PATHS: readonly string[] = Object.keys(QUESTIONS);

/** What is known of a question, by part. Throws `Refusal` for one that names nothing. */
export async function answerOf(
  path: string,
  query: Query,
  asking: Asking,
): Promise<Readonly<Record<string, Part>>> {
  const lines = Object.entries(QUESTIONS[path]?.(query) ?? {});
  const parts = lines.map(async ([name, argv]) => {
    const asked = await askInTime(asking, argv);
    return [name, partOf(asked, asking.now().toISOString())] as const;
  });
  return Object.fromEntries(await Promise.all(parts));
}
