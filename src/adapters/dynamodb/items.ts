import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Head } from "../../watchdog/model/entry.ts";

export type Attributes = Record<string, AttributeValue>;

/** An item as DynamoDB takes it; absent attributes stay absent. */
export const toItem = (item: object): Attributes => marshall(item, { removeUndefinedValues: true });

/** An item as read. Anybody may have written anything into it: every attribute has yet to be looked at. */
export function fromItem<T extends object>(attributes: Attributes): { readonly [K in keyof T]?: unknown } {
  return unmarshall(attributes) as { readonly [K in keyof T]?: unknown };
}

/** `#version` stands for the attribute `version`, which spares a list of the 573 words that DynamoDB reserves. */
export const namesIn = (...expressions: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    expressions.flatMap((text) => text.match(/#\w+/g) ?? []).map((word) => [word, word.slice(1)]),
  );

export const headAttributes = (head: Head) => ({ headSequence: head.sequence, headHash: head.hash });

export function headOf(item: {
  readonly headSequence?: unknown;
  readonly headHash?: unknown;
}): Head | undefined {
  const { headSequence: sequence, headHash: hash } = item;
  return typeof sequence === "number" && typeof hash === "string" ? { sequence, hash } : undefined;
}

/** A version as stored: a whole number from 1 on. `undefined` for anything else. */
export const versionOf = (item: { readonly version?: unknown }): number | undefined =>
  Number.isSafeInteger(item.version) && Number(item.version) > 0 ? Number(item.version) : undefined;
