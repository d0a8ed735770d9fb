import type { MicroUsd } from "../../policy/index.ts";

/** What lies between the two, both included. */
export type Range<T> = { readonly from: T; readonly to: T };

export const NONE: Range<MicroUsd> = { from: 0, to: 0 };

export const sumOf = (ranges: Iterable<Range<MicroUsd>>): Range<MicroUsd> => {
  let { from, to } = NONE;
  for (const each of ranges) {
    from += each.from;
    to += each.to;
  }
  return { from, to };
};
