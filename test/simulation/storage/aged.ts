/**
 * What is stored as the first release with a ledger would have left it: the same facts, without the fields that later ones
 * added. Each name is a path into an item's JSON text; `*` is each of a list or of a record.
 *
 *     live      figures asked for apart (costAt, askedAt, doubtful), corrections taken back (taken), where money is booked,
 *               when an ended run is read again, stats that stand still, how its cost went; what is amiss, renamed, selected,
 *               taken up, recalled, and what has called for a person
 *     control   what a stopped run had burnt, and which source had started it
 *     ledger    Apify's own figure of the account, and which runs moved
 *     name      under which policy a name was read, and what it was called before
 *     typical   how many of the runs behind it were stopped
 *
 * A run's item keeps where its money is booked: that release told it by a curve with a point at each hour, which curves no longer
 * have. An open intent keeps whether a call without grace was answered: one that is under way during the upgrade is sent again.
 */
const ADDED_SINCE = {
  live: [
    ...["costAt", "askedAt", "doubtful", "taken", "recorded.booked", "resting.againAt", "resting.moved"].map(
      (path) => `runs.*.${path}`,
    ),
    ...["trail", "activeUntil"].map((path) => `runs.*.${path}`),
    ...["samples.unmovedSince", "samples.base.stats", "samples.earlier.stats", "samples.latest.stats"].map(
      (path) => `runs.*.${path}`,
    ),
    ...["amiss", "renamed", "selecting", "takenUp", "called", "awaitedUpTo"],
    ...["heartbeat.attention", "heartbeat.blind", "heartbeat.heldStops"],
  ],
  control: [
    ...["source", "startedAt", "burnMicroUsdPerHour", "usageTotalMicroUsd"].map(
      (name) => `recentIntents.*.${name}`,
    ),
    "openIntents.*.policyHash",
  ],
  ledger: ["accountUsage", "drift.*.moved", "backfill.tries", "backfill.place.last"],
  name: ["readUnder", "knownAt", "ownerId", "unreadable", "goneUnder", "earlier", "former"],
  typical: ["typical.*.stopped"],
} as const;

export type AgedKind = keyof typeof ADDED_SINCE;

export const AGED_KINDS = Object.keys(ADDED_SINCE) as readonly AgedKind[];

function strip(value: unknown, [name = "", ...rest]: readonly string[]): void {
  if (typeof value !== "object" || value === null) return;
  const fields = value as Record<string, unknown>;
  if (name === "*") for (const each of Object.values(fields)) strip(each, rest);
  else if (rest.length > 0) strip(fields[name], rest);
  else delete fields[name];
}

/** The text of an item, older. */
export function aged(kind: AgedKind, text: string): string {
  const value: unknown = JSON.parse(text);
  for (const path of ADDED_SINCE[kind]) strip(value, path.split("."));
  return JSON.stringify(value);
}
