import type { Counted } from "../model/ledger-store.ts";
import { unreadable } from "./codec.ts";

/** How often the run failed, and when it did last in epoch milliseconds: an attribute of its item, which older versions leave alone. */
export const countedFigures = ({ failures, failedAt }: Counted): readonly number[] => [
  failures,
  ...(failedAt ? [failedAt.getTime()] : []),
];

export function decodeCounted(stored: unknown, where: string): Counted {
  const [failures, failedAtMs, ...others] = Array.isArray(stored) ? stored : [];
  const isReadable =
    Number.isSafeInteger(failures) &&
    failures >= 0 &&
    (failedAtMs === undefined ? failures === 0 : Number.isSafeInteger(failedAtMs));
  if (!isReadable || others.length > 0) throw unreadable(where, "what is counted of it is no row of numbers");
  return { failures, ...(failedAtMs !== undefined && { failedAt: new Date(failedAtMs) }) };
}
