import { invalid } from "../errors.ts";
import { compare, type Item, isEqual, type Value } from "../values.ts";
import type { Bindings } from "./bindings.ts";
import { checkOperators, Tokens } from "./tokens.ts";

/** DynamoDB guide: "Condition and filter expressions, operators, and functions", as far as it is modelled. */
export type Condition = Joined | Single;
type Joined = { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition };
type Single =
  | { readonly kind: "exists"; readonly name: string }
  | { readonly kind: "missing"; readonly name: string }
  | { readonly kind: "begins"; readonly name: string; readonly value: string }
  | { readonly kind: "between"; readonly name: string; readonly low: string; readonly high: string }
  | { readonly kind: Comparator; readonly name: string; readonly value: string };
type Comparator = (typeof COMPARATORS)[number];
const COMPARATORS = ["=", "<", "<=", ">", ">="] as const;

export type Parsed<T> = { readonly tree: T; readonly placeholders: ReadonlySet<string> };

/** Few expressions are written, and each many times. */
const known = new Map<string, Parsed<Condition>>();

export function parseCondition(text: string): Parsed<Condition> {
  const before = known.get(text);
  if (before) return before;
  const tokens = new Tokens(text);
  const tree = either(tokens);
  tokens.end();
  const parsed = { tree, placeholders: new Set(text.match(/[#:]\w+/g)) };
  checkOperators(operatorsIn(tree));
  known.set(text, parsed);
  return parsed;
}

function either(tokens: Tokens): Condition {
  let left = both(tokens);
  while (tokens.take("OR")) left = { kind: "or", left, right: both(tokens) };
  return left;
}

function both(tokens: Tokens): Condition {
  let left = single(tokens);
  while (tokens.take("AND")) left = { kind: "and", left, right: single(tokens) };
  return left;
}

function single(tokens: Tokens): Condition {
  if (tokens.take("(")) return closed(tokens, either(tokens));
  if (tokens.takeFunction("attribute_exists")) return existence(tokens, "exists");
  if (tokens.takeFunction("attribute_not_exists")) return existence(tokens, "missing");
  if (tokens.takeFunction("begins_with")) {
    const name = tokens.placeholder("#");
    tokens.expect(",");
    return closed(tokens, { kind: "begins", name, value: tokens.placeholder(":") });
  }
  const name = tokens.placeholder("#");
  if (tokens.take("BETWEEN")) {
    const low = tokens.placeholder(":");
    tokens.expect("AND");
    return { kind: "between", name, low, high: tokens.placeholder(":") };
  }
  const comparator = COMPARATORS.find((each) => tokens.take(each));
  if (comparator === undefined) tokens.expect("=");
  return { kind: comparator ?? "=", name, value: tokens.placeholder(":") };
}

const existence = (tokens: Tokens, kind: "exists" | "missing"): Condition =>
  closed(tokens, { kind, name: tokens.placeholder("#") });

function closed(tokens: Tokens, condition: Condition): Condition {
  tokens.expect(")");
  return condition;
}

const operatorsIn = (condition: Condition): number =>
  "left" in condition ? 1 + operatorsIn(condition.left) + operatorsIn(condition.right) : 1;

/** "The BETWEEN operator requires upper bound to be greater than or equal to lower bound" is looked at first. */
export function checkBounds(condition: Condition, bindings: Bindings): void {
  if ("left" in condition) {
    checkBounds(condition.left, bindings);
    checkBounds(condition.right, bindings);
  }
  if (condition.kind !== "between") return;
  const order = compare(bindings.value(condition.low), bindings.value(condition.high));
  if (order === undefined || order > 0)
    throw invalid(
      "Invalid expression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound",
    );
}

/** Does it hold of an item? An attribute that is missing, or of another type, compares with nothing. */
export function holds(condition: Condition, item: Item | undefined, bindings: Bindings): boolean {
  if ("left" in condition) {
    const left = holds(condition.left, item, bindings);
    return condition.kind === "and"
      ? left && holds(condition.right, item, bindings)
      : left || holds(condition.right, item, bindings);
  }
  const found = item?.[bindings.name(condition.name)];
  if (condition.kind === "missing") return found === undefined;
  if (found === undefined) return false;
  if (condition.kind === "exists") return true;
  if (condition.kind === "between")
    return isWithin(found, bindings.value(condition.low), bindings.value(condition.high));
  const value = bindings.value(condition.value);
  if (condition.kind === "begins") return begins(found, value);
  return condition.kind === "=" ? isEqual(found, value) : isOrdered(condition.kind, compare(found, value));
}

const isWithin = (value: Value, low: Value, high: Value): boolean =>
  isOrdered(">=", compare(value, low)) && isOrdered("<=", compare(value, high));

function begins(found: Value, value: Value): boolean {
  if (value.S === undefined && value.B === undefined)
    throw invalid(
      "Invalid expression: Incorrect operand type for operator or function; operator or function: begins_with",
    );
  if (found.S !== undefined && value.S !== undefined) return found.S.startsWith(value.S);
  const [bytes, prefix] = [found.B, value.B].map(
    (text) => text && Buffer.from(text, "base64").toString("latin1"),
  );
  return bytes !== undefined && prefix !== undefined && bytes.startsWith(prefix);
}

function isOrdered(comparator: Comparator, order: number | undefined): boolean {
  if (order === undefined) return false;
  if (comparator === "<") return order < 0;
  if (comparator === "<=") return order <= 0;
  return comparator === ">" ? order > 0 : order >= 0;
}
