import { ConflictError } from "../../watchdog/model/errors.ts";

/** What a conditional write asks of the item that it replaces. */
export function requireVersion(
  what: string,
  item: { readonly version: number } | undefined,
  expected: number,
): void {
  if ((item?.version ?? 0) === expected) return;
  throw new ConflictError(`the ${what} has moved on from version ${expected}`);
}
