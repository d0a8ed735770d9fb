import type * as v from "valibot";
import type { Problem } from "./errors.ts";

type Path = Problem["path"];

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    document,
  );
}

/** What was there, short enough for one line. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** What a schema found wrong with a document: each place, what came, what was wanted. */
export const problemsIn = (document: unknown, issues: readonly v.BaseIssue<unknown>[]): readonly Problem[] =>
  issues.map((issue) => {
    const path = (issue.path ?? []).map(({ key }) => key as string | number);
    const got =
      issue.expected === "never" ? `an unknown key, "${path.at(-1)}"` : show(valueAt(document, path));
    return { path, got, expected: issue.message };
  });
