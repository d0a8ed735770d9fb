import type { MicroUsd } from "../../policy/index.ts";
import { type Range, savedByAll } from "../learn/stops.ts";

export const NONE: Range<MicroUsd> = { from: 0, to: 0 };

/** What those save together of which it is known; `undefined` where there are stops, and of none of them it is known. */
export function savedBy(
  stops: readonly { readonly savedMicroUsd?: Range<MicroUsd> }[],
): Range<MicroUsd> | undefined {
  const known = stops.flatMap(({ savedMicroUsd }) => (savedMicroUsd ? [{ savedMicroUsd }] : []));
  return known.length === 0 && stops.length > 0 ? undefined : savedByAll(known);
}
