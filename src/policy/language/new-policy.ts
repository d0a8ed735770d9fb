import type { Policy } from "../policy.ts";
import { lineProblem, MOST_OWNER } from "../values/printable.ts";
import { PolicyError, type Problem } from "./errors.ts";
import { parsePolicy } from "./parse.ts";

type Owned = { readonly path: Problem["path"]; readonly owner: string | undefined };

const ownersOf = ({ owner, rules }: Policy): readonly Owned[] => [
  { path: ["owner"], owner },
  ...rules.map((rule, at) => ({ path: ["rules", at, "owner"], owner: rule.owner })),
];

/**
 * Reads a document that is yet to be pushed: as `parsePolicy`, and it must hold nothing that acts on who reads it. A
 * document that is stored already is read by `parsePolicy` alone, so that what was taken once stays in force.
 */
export function parseNewPolicy(document: unknown): Policy {
  const policy = parsePolicy(document);
  const problems = ownersOf(policy).flatMap(({ path, owner = "" }): readonly Problem[] => {
    const problem = lineProblem(owner, MOST_OWNER);
    return problem ? [{ path, ...problem }] : [];
  });
  if (problems.length > 0) throw new PolicyError(problems);
  return policy;
}
