import type { MicroUsd } from "../../policy/index.ts";

/** What lies between the two, both included. */
export type Range<T> = { readonly from: T; readonly to: T };

export const NONE: Range<MicroUsd> = { from: 0, to: 0 };

/** What those that are known come to; `undefined` where there are some, and none of them is known. */
export const sumOf = (ranges: readonly (Range<MicroUsd> | undefined)[]): Range<MicroUsd> | undefined => {
  const known = ranges.filter((each) => each !== undefined);
  if (known.length === 0 && ranges.length > 0) return undefined;
  let { from, to } = NONE;
  for (const each of known) {
    from += each.from;
    to += each.to;
  }
  return { from, to };
};
