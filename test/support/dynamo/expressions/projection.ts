import type { Item } from "../values.ts";
import type { Bindings } from "./bindings.ts";
import { Tokens } from "./tokens.ts";

/** The names of a projection expression. */
export function projected(text: string, bindings: Bindings): readonly string[] {
  const tokens = new Tokens(text);
  const names: string[] = [];
  do names.push(tokens.placeholder("#"));
  while (tokens.take(","));
  tokens.end();
  bindings.use(names);
  return names.map((name) => bindings.name(name));
}

export const pick = (item: Item, names: readonly string[] | undefined): Item =>
  names === undefined
    ? item
    : Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
