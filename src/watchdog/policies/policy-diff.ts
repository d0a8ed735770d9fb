import canonicalize from "canonicalize";
import {
  DEFAULT_ESCALATION,
  DEFAULT_LOOP,
  DEFAULT_MAX_ABORTS,
  DEFAULT_STALE_AFTER_SECS,
  DEFAULT_TIME_ZONE,
  formatDuration,
  isObject,
} from "../../policy/index.ts";

/** One difference between two policy documents. */
export type PolicyChange =
  | { readonly kind: "added" | "removed"; readonly ruleId: string; readonly rule: unknown }
  | {
      readonly kind: "changed";
      /** Absent: outside the rules, or the order of these. */
      readonly ruleId?: string;
      /** Where: `limit.usageTotalUsd`, `guards.maxAborts.perTick`. */
      readonly key: string;
      /** As written; absent where nothing was written there. */
      readonly before?: unknown;
      readonly after?: unknown;
    };

/** Are two documents the same JSON, however they are written? */
export const isSameDocument = (a: unknown, b: unknown): boolean => canonicalize(a) === canonicalize(b);

type Fields = Readonly<Record<string, unknown>>;

/** Every value of a document by its path. A list is one value: what it means hangs on all of it. */
function leavesOf(value: unknown, path = ""): readonly (readonly [string, unknown])[] {
  if (!isObject(value) || Object.keys(value).length === 0) return [[path, value]];
  return Object.entries(value).flatMap(([key, each]) => leavesOf(each, path === "" ? key : `${path}.${key}`));
}

function changesIn(before: Fields, after: Fields, ruleId?: string): readonly PolicyChange[] {
  const [old, now] = [new Map(leavesOf(before)), new Map(leavesOf(after))];
  const keys = [...new Set([...old.keys(), ...now.keys()])].filter(
    (key) => key !== "" && !isSameDocument(old.get(key), now.get(key)),
  );
  return keys.map((key) => ({
    kind: "changed",
    ...(ruleId !== undefined && { ruleId }),
    key,
    ...(old.has(key) && { before: old.get(key) }),
    ...(now.has(key) && { after: now.get(key) }),
  }));
}

/** The rules by id, in their order. What is no rule is left out: it may be a document that can't be used. */
function rulesOf(document: unknown): ReadonlyMap<string, Fields> {
  const rules: unknown = isObject(document) ? document.rules : undefined;
  const list: readonly unknown[] = Array.isArray(rules) ? rules : [];
  return new Map(
    list.flatMap((rule) => (isObject(rule) && typeof rule.id === "string" ? [[rule.id, rule] as const] : [])),
  );
}

const withoutRules = (document: unknown): Fields => {
  if (!isObject(document)) return {};
  const { rules: _rules, ...rest } = document;
  return rest;
};

/** What differs between two documents, as they are written: per rule and per key. No `before`: all rules are new. */
export function diffPolicies(before: unknown, after: unknown): readonly PolicyChange[] {
  const [old, now] = [rulesOf(before), rulesOf(after)];
  const common = (ids: Iterable<string>, others: ReadonlyMap<string, Fields>) =>
    [...ids].filter((id) => others.has(id));
  const [order, newOrder] = [common(old.keys(), now), common(now.keys(), old)];
  return [
    ...(before === undefined ? [] : changesIn(withoutRules(before), withoutRules(after))),
    // Of equally strong steps the first rule's counts.
    ...(isSameDocument(order, newOrder)
      ? []
      : [{ kind: "changed" as const, key: "order of rules", before: order, after: newOrder }]),
    ...[...now].flatMap(([ruleId, rule]) => {
      const was = old.get(ruleId);
      return was ? changesIn(was, rule, ruleId) : [{ kind: "added" as const, ruleId, rule }];
    }),
    ...[...old].flatMap(([ruleId, rule]) =>
      now.has(ruleId) ? [] : [{ kind: "removed" as const, ruleId, rule }],
    ),
  ];
}

const stepWords = ({ at, do: action, basis }: Fields): string =>
  `${at} ${action}${basis === undefined ? "" : ` (${basis})`}`;

function showValue(value: unknown, absent = "(none)"): string {
  if (value === undefined) return absent;
  if (Array.isArray(value)) return value.map((each) => showValue(each)).join(", ") || "[]";
  if (isObject(value) && "at" in value && "do" in value) return stepWords(value);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What holds outside the rules where nothing is written, as far as it hangs on nothing else. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ["mode", "observe"],
  ["timeZone", DEFAULT_TIME_ZONE],
  ["escalation.forceAfter", formatDuration(DEFAULT_ESCALATION.forceAfterSecs)],
  ["guards.loop.do", DEFAULT_LOOP.do],
  ["guards.loop.stops", String(DEFAULT_LOOP.stops)],
  ["guards.loop.within", formatDuration(DEFAULT_LOOP.withinSecs)],
  ["guards.staleAfter", formatDuration(DEFAULT_STALE_AFTER_SECS)],
  ...Object.entries(DEFAULT_MAX_ABORTS).map(
    ([guard, allowed]) => [`guards.maxAborts.${guard}`, String(allowed)] as const,
  ),
]);

const wordsOf = (rule: unknown): string =>
  leavesOf(rule)
    .filter(([key]) => key !== "id")
    .map(([key, value]) => `${key}: ${showValue(value)}`)
    .join("; ");

/** One difference in a line that begins with `+`, `-` or `~`: `~ no-run-over-5-usd  limit.usageTotalUsd: 5 → 2`. */
export function describeChange(change: PolicyChange): string {
  if (change.kind !== "changed")
    return `${change.kind === "added" ? "+" : "-"} ${change.ruleId}  ${wordsOf(change.rule)}`;
  const { ruleId, key, before, after } = change;
  if (ruleId === undefined) {
    const held = DEFAULTS.get(key);
    const absent = held === undefined ? "default" : `${held} (the default)`;
    return `~ ${key}: ${showValue(before, absent)} → ${showValue(after, absent)}`;
  }
  return `~ ${ruleId}  ${key}: ${showValue(before)} → ${showValue(after)}`;
}
