/** Something that happens at an instant unless something else comes before it. */
export type Due = { readonly atMs: number; readonly happen: () => void };

/** The one that comes first; of several at one instant the first of the list. */
export function firstOf(dues: readonly (Due | undefined)[]): Due | undefined {
  let first: Due | undefined;
  for (const due of dues) if (due && (!first || due.atMs < first.atMs)) first = due;
  return first;
}
