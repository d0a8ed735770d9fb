import { data, NOON, type Respond, run, type Seen } from "./support.ts";

export type Item = { readonly id: string; readonly startedAt: string };
export const at = (seconds: number): string => new Date(NOON.getTime() + seconds * 1_000).toISOString();
export const item = (id: string, seconds: number): Item => ({ ...run({ id }), id, startedAt: at(seconds) });
export const ids = (listing: { readonly runs: readonly { readonly id: string }[] }) =>
  listing.runs.map(({ id }) => id);

/** A list as the API documents it: ascending, both bounds inclusive, at most `cap` at once. */
export const api =
  (all: (index: number) => readonly Item[], cap: number): Respond =>
  ({ query }: Seen, index) => {
    const after = query.get("startedAfter") ?? "";
    const before = query.get("startedBefore") ?? "9999";
    const offset = Number(query.get("offset") ?? 0);
    const limit = Math.min(Number(query.get("limit")), cap);
    const matching = all(index).filter(({ startedAt }) => startedAt >= after && startedAt <= before);
    const items = matching.slice(offset, offset + limit);
    return data({ total: matching.length, offset, limit, desc: false, count: items.length, items });
  };
