import { knownKeys, limitFor } from "../limits/registry.ts";
import type { Criteria, Rule } from "../policy.ts";
import { nearest } from "../values/nearest.ts";
import type { Problem } from "./errors.ts";
import { ORIGINS, PRICING_MODELS } from "./schema/criteria.ts";

/**
 * Words of Apify's that a rule goes by and that are not known: a pricing model, an origin, a service, a stat. Apify adds some,
 * so the rule works once Apify tells them; until then it does nothing, and mostly it is a slip.
 */

export type UnknownWord = { readonly path: Problem["path"]; readonly warning: string };

const guess = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known);
  return near ? `; did you mean ${near}?` : "";
};

const LISTS = [
  { key: "origins", known: ORIGINS, what: "origin" },
  { key: "pricingModels", known: PRICING_MODELS, what: "pricing model" },
] as const;

const inCriteria = (criteria: Criteria, path: readonly string[], effect: string): readonly UnknownWord[] =>
  LISTS.flatMap(({ key, known, what }) =>
    (criteria[key] ?? []).flatMap((word, index) =>
      known.includes(word)
        ? []
        : [
            {
              path: [...path, key, index],
              warning: `Apify documents no such ${what}, and until it reports one this ${effect}${guess(word, known)}`,
            },
          ],
    ),
  );

function inLimit({ limit }: Rule): readonly UnknownWord[] {
  if (limit === undefined) return [];
  const { metric } = limit;
  const family = limitFor(metric);
  const known = knownKeys(family);
  // Events are the Actor's own: none of them is known.
  if (!family.open || known.length === 0 || known.includes(metric)) return [];
  const what = metric.startsWith("stats.") ? "field" : "service";
  const warning = `Apify documents no such ${what}, and what it does not report is never a breach${guess(metric, known)}`;
  return [{ path: ["limit", metric], warning }];
}

/** The unknown words of one rule, each at its place in it. */
export const unknownWords = (rule: Rule): readonly UnknownWord[] => [
  ...inCriteria(rule.for ?? {}, ["for"], "selects nothing"),
  ...inCriteria(rule.for?.except ?? {}, ["for", "except"], "excepts nothing"),
  ...inLimit(rule),
];
