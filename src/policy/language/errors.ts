import { printable } from "../values/printable.ts";

/** One thing wrong with a policy document. */
export type Problem = {
  /** Where: `["rules", 0, "limit"]`. */
  readonly path: readonly (string | number)[];
  /** What was there, as the person wrote it. */
  readonly got: string;
  /** What was wanted, and what to write instead. */
  readonly expected: string;
};

/** `rules[0].limit.usageTotalUsd`; the document itself is `policy`. */
export const formatPath = (path: Problem["path"]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "") || "policy";

/** In one line, whatever the document holds. */
export const formatProblem = ({ path, got, expected }: Problem): string =>
  printable(`${formatPath(path)}: got ${got}, wanted ${expected}`);

/** A policy document that can't be used. Carries every problem found, not only the first. */
export class PolicyError extends Error {
  override name = "PolicyError" as const;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map(formatProblem).join("\n"), options);
    this.problems = problems;
  }
}
