import { invalid } from "../errors.ts";
import { checkValue, type Item, type Value } from "../values.ts";

/** What the placeholders of a request's expressions stand for. */
export class Bindings {
  readonly #names: Readonly<Record<string, string>>;
  readonly #values: Item;
  readonly #used = new Set<string>();

  constructor(request: {
    readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
    readonly ExpressionAttributeValues?: Item;
  }) {
    this.#names = request.ExpressionAttributeNames ?? {};
    this.#values = request.ExpressionAttributeValues ?? {};
    for (const value of Object.values(this.#values)) checkValue(value);
  }

  /** Every placeholder of an expression must be bound, also one that is never looked at. */
  use(placeholders: Iterable<string>): void {
    for (const each of placeholders) {
      const isBound = each in (each.startsWith("#") ? this.#names : this.#values);
      if (!isBound)
        throw invalid(
          `Invalid expression: An expression attribute used in expression is not defined: ${each}`,
        );
      this.#used.add(each);
    }
  }

  name(placeholder: string): string {
    return this.#names[placeholder] ?? "";
  }

  value(placeholder: string): Value {
    return this.#values[placeholder] ?? {};
  }

  /** "Value provided in ExpressionAttributeValues unused in expressions" is an error, as is a name. */
  checkUsed(): void {
    for (const [what, all] of [
      ["Names", this.#names],
      ["Values", this.#values],
    ] as const) {
      const unused = Object.keys(all).filter((each) => !this.#used.has(each));
      if (unused.length > 0)
        throw invalid(
          `Value provided in ExpressionAttribute${what} unused in expressions: keys: {${unused.join(", ")}}`,
        );
    }
  }
}
