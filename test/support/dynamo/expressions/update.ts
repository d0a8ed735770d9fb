import { invalid, NotModelled } from "../errors.ts";
import { type Item, sum, type Value } from "../values.ts";
import type { Bindings } from "./bindings.ts";
import type { Parsed } from "./condition.ts";
import { checkOperators, Tokens } from "./tokens.ts";

type Operand =
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "attribute"; readonly name: string }
  | { readonly kind: "if-missing"; readonly name: string; readonly otherwise: Operand }
  | { readonly kind: "append"; readonly left: Operand; readonly right: Operand };

type Action =
  | { readonly kind: "set"; readonly name: string; readonly to: Operand }
  | { readonly kind: "remove"; readonly name: string }
  | { readonly kind: "add"; readonly name: string; readonly value: string };

/** DynamoDB guide: "Using update expressions", as far as it is modelled. */
export type Update = readonly Action[];

/** The cells of a slot give each expression its length, so there are many; the latest are kept. */
const known = new Map<string, Parsed<Update>>();
const MOST_KNOWN = 500;

export function parseUpdate(text: string): Parsed<Update> {
  const before = known.get(text);
  if (before) return before;
  const tokens = new Tokens(text);
  const tree: Action[] = [];
  const clauses = new Set<string>();
  while (tokens.peek() !== "") {
    const clause = tokens.peek().toUpperCase();
    if (clauses.has(clause))
      throw invalid(`Invalid UpdateExpression: The "${clause}" section can only be used once`);
    clauses.add(clause);
    tree.push(...clauseOf(tokens));
  }
  checkOperators(tree.length + tree.filter((action) => "to" in action && "left" in action.to).length);
  const parsed = { tree, placeholders: new Set(text.match(/[#:]\w+/g)) };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, parsed);
  return parsed;
}

function clauseOf(tokens: Tokens): readonly Action[] {
  if (tokens.take("SET")) return list(tokens, setting);
  if (tokens.take("REMOVE")) return list(tokens, () => ({ kind: "remove", name: tokens.placeholder("#") }));
  if (tokens.take("ADD")) {
    return list(tokens, () => ({
      kind: "add",
      name: tokens.placeholder("#"),
      value: tokens.placeholder(":"),
    }));
  }
  throw new NotModelled(`the clause "${tokens.peek()}" of an update`);
}

function list(tokens: Tokens, action: (tokens: Tokens) => Action): readonly Action[] {
  const actions = [action(tokens)];
  while (tokens.take(",")) actions.push(action(tokens));
  return actions;
}

function setting(tokens: Tokens): Action {
  const name = tokens.placeholder("#");
  tokens.expect("=");
  return { kind: "set", name, to: operand(tokens) };
}

function operand(tokens: Tokens): Operand {
  if (tokens.takeFunction("if_not_exists")) {
    const name = tokens.placeholder("#");
    tokens.expect(",");
    const found: Operand = { kind: "if-missing", name, otherwise: operand(tokens) };
    tokens.expect(")");
    return found;
  }
  if (tokens.takeFunction("list_append")) {
    const left = operand(tokens);
    tokens.expect(",");
    const found: Operand = { kind: "append", left, right: operand(tokens) };
    tokens.expect(")");
    return found;
  }
  return tokens.peek().startsWith(":")
    ? { kind: "value", value: tokens.placeholder(":") }
    : { kind: "attribute", name: tokens.placeholder("#") };
}

/** What is wrong with it whatever the item: that is looked at before any condition. */
export function checkUpdate(update: Update, keys: readonly string[], bindings: Bindings): void {
  const seen = new Set<string>();
  for (const action of update) {
    const name = bindings.name(action.name);
    if (keys.includes(name))
      throw invalid(`Cannot update attribute ${name}. This attribute is part of the key`);
    if (seen.has(name))
      throw invalid(`Two document paths overlap with each other; path one: [${name}], path two: [${name}]`);
    seen.add(name);
    if (action.kind === "add" && bindings.value(action.value).N === undefined)
      throw new NotModelled("ADD of anything but a number");
  }
}

/** The item as it will be. Every operand is read from the item as it was: the order of actions is of no matter. */
export function updated(update: Update, item: Item, bindings: Bindings): Item {
  const next: Record<string, Value> = { ...item };
  for (const action of update) {
    const name = bindings.name(action.name);
    if (action.kind === "remove") delete next[name];
    else if (action.kind === "add") next[name] = added(item[name], bindings.value(action.value));
    else next[name] = result(action.to, item, bindings);
  }
  return next;
}

/** "If the item doesn't exist … 0 is used as the initial value", and for an attribute that is missing too. */
function added(found: Value | undefined, { N: more = "0" }: Value): Value {
  const { N = "0" } = found ?? {};
  if (found && found.N === undefined)
    throw invalid("An operand in the update expression has an incorrect data type");
  return { N: sum(N, more) };
}

function result(of: Operand, item: Item, bindings: Bindings): Value {
  switch (of.kind) {
    case "value":
      return bindings.value(of.value);
    case "attribute":
      return existing(item[bindings.name(of.name)]);
    case "if-missing":
      return item[bindings.name(of.name)] ?? result(of.otherwise, item, bindings);
    case "append": {
      const [left, right] = [result(of.left, item, bindings).L, result(of.right, item, bindings).L];
      if (left && right) return { L: [...left, ...right] };
      throw invalid("An operand in the update expression has an incorrect data type");
    }
  }
}

function existing(value: Value | undefined): Value {
  if (value) return value;
  throw invalid("The provided expression refers to an attribute that does not exist in the item");
}
