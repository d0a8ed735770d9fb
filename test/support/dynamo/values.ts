import { invalid, NotModelled } from "./errors.ts";

/** An attribute's value as the JSON protocol has it: one type and what is in it. Bytes are in base64. */
export type Value = {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: true;
  readonly L?: readonly Value[];
  readonly M?: Item;
};
export type Item = Readonly<Record<string, Value>>;

const KINDS = ["S", "N", "B", "BOOL", "NULL", "L", "M"] as const;
type Kind = (typeof KINDS)[number];

export function kindOf(value: Value): Kind {
  const [kind, ...others] = Object.keys(value);
  if (kind === undefined || others.length > 0)
    throw invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one");
  const known = KINDS.find((each) => each === kind);
  if (known === undefined) throw new NotModelled(`values of type ${kind}`);
  return known;
}

/** "Numbers can have up to 38 digits of precision" (DynamoDB guide: Constraints). The model knows whole ones alone. */
const WHOLE = /^-?(?:0|[1-9]\d{0,37})$/;

export function checkValue(value: Value): void {
  const kind = kindOf(value);
  if (kind === "N" && !WHOLE.test(value.N ?? ""))
    throw new NotModelled(`the number "${value.N}", which is not whole`);
  for (const each of value.L ?? []) checkValue(each);
  for (const each of Object.values(value.M ?? {})) checkValue(each);
}

/** Whole numbers beyond what a double holds must still be exact. */
const asNumber = (text: string): number | bigint => {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
};

export const sum = (a: string, b: string): string => String(BigInt(a) + BigInt(b));

/** Text of which JavaScript's order is that of the UTF-8 bytes, which DynamoDB sorts strings by. */
const ASCII = /^[\x20-\x7e]*$/;
export const bytewise = (text: string): string =>
  ASCII.test(text) ? text : Buffer.from(text, "utf8").toString("latin1");

/** Below 0, 0, above 0; `undefined` for two types, or one that has no order. */
export function compare(a: Value, b: Value): number | undefined {
  const [left, right] = [ordered(a), ordered(b)];
  if (left === undefined || right === undefined || kindOf(a) !== kindOf(b)) return undefined;
  return left < right ? -1 : Number(left > right);
}

function ordered({ S, N, B }: Value): string | number | bigint | undefined {
  if (S !== undefined) return bytewise(S);
  if (N !== undefined) return asNumber(N);
  return B === undefined ? undefined : Buffer.from(B, "base64").toString("latin1");
}

export function isEqual(a: Value, b: Value): boolean {
  const order = compare(a, b);
  return order === undefined ? JSON.stringify(a) === JSON.stringify(b) : order === 0;
}

/** "The size of a number is approximately … 1 byte per two significant digits + 1 byte"; others by their bytes. */
function sizeOfValue(value: Value): number {
  const { S, N, B, L, M } = value;
  if (S !== undefined) return Buffer.byteLength(S);
  if (B !== undefined) return Buffer.byteLength(B, "base64");
  if (N !== undefined) return Math.ceil(N.replace("-", "").replace(/0+$/, "").length / 2) + 1;
  if (L !== undefined) return 3 + L.reduce((all, each) => all + 1 + sizeOfValue(each), 0);
  if (M !== undefined) return 3 + sizeOf(M) + Object.keys(M).length;
  return 1;
}

/** In bytes: names and values (DynamoDB guide: "DynamoDB item sizes and formats"). Nobody changes an item. */
export function sizeOf(item: Item): number {
  const known = sizes.get(item);
  if (known !== undefined) return known;
  const size = Object.entries(item).reduce(
    (all, [name, value]) => all + Buffer.byteLength(name) + sizeOfValue(value),
    0,
  );
  sizes.set(item, size);
  return size;
}

const sizes = new WeakMap<Item, number>();
