import canonicalize from "canonicalize";
import { isObject, isStop, parsePolicy, type Rule } from "../../policy/index.ts";
import { diffPolicies, isSameDocument, type PolicyChange } from "./policy-diff.ts";

/** Lists of words are alternatives, in whatever order they are written; those of rules and steps are not. */
function inOneOrder(value: unknown): unknown {
  if (Array.isArray(value))
    return value.every((each) => typeof each === "string") ? value.toSorted() : value.map(inOneOrder);
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, inOneOrder(each)]))
    : value;
}

/** What a document means, as text; `undefined` of one that can't be used. */
function meaningOf(document: unknown): string | undefined {
  try {
    return canonicalize(inOneOrder(parsePolicy(document)));
  } catch {
    return undefined;
  }
}

/** Do two documents mean the same, though they may write it differently: `6h` and `360m`, a default and nothing? */
export function isSameMeaning(a: unknown, b: unknown): boolean {
  if (isSameDocument(a, b)) return true;
  const meaning = meaningOf(a);
  return meaning !== undefined && meaning === meaningOf(b);
}

/** Would two rules stop the same runs at the same figures? Who is told, and what is only noticed, is no difference. */
export function stopSame(one: Rule, other: Rule): boolean {
  const [a, b] = [one, other].map(({ mode: _mode, owner: _owner, steps, ...rest }) =>
    canonicalize(inOneOrder({ ...rest, steps: steps.filter(isStop) })),
  );
  return a === b;
}

/** The first, with what the second has at one key, which is told as `PolicyChange` does. */
function taking(first: unknown, second: unknown, key: string, path = ""): unknown {
  if (path === key) return second;
  const [ours, theirs] = [isObject(first) ? first : {}, isObject(second) ? second : {}];
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  const entries = names.map((name) => {
    const place = path === "" ? name : `${path}.${name}`;
    const isOnTheWay = key === place || key.startsWith(`${place}.`);
    return [name, isOnTheWay ? taking(ours[name], theirs[name], key, place) : ours[name]] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

const rulesIn = (document: unknown): readonly unknown[] =>
  isObject(document) && Array.isArray(document.rules) ? document.rules : [];

const withId = (document: unknown, id: string): unknown =>
  rulesIn(document).find((rule) => isObject(rule) && rule.id === id);

/** The document before, with this one change. */
function withChange(before: unknown, after: unknown, key: string, ruleId: string | undefined): unknown {
  if (ruleId === undefined) return taking(before, after, key);
  const rules = rulesIn(before).map((rule) =>
    isObject(rule) && rule.id === ruleId ? taking(rule, withId(after, ruleId), key) : rule,
  );
  return isObject(before) ? { ...before, rules } : before;
}

/** What differs between two documents in what they mean: what is only written differently is left out. */
export function diffByMeaning(before: unknown, after: unknown): readonly PolicyChange[] {
  const changes = diffPolicies(before, after);
  if (meaningOf(before) === undefined) return changes;
  if (isSameMeaning(before, after)) return [];
  return changes.filter(
    (change) =>
      change.kind !== "changed" ||
      change.key === "order of rules" ||
      !isSameMeaning(before, withChange(before, after, change.key, change.ruleId)),
  );
}
