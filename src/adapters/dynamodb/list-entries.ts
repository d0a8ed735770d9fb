import type { AuditSpan, StoredEntry } from "../../watchdog/model/ports.ts";
import type { Connection } from "./connection.ts";
import { storedEntryOf } from "./entry-item.ts";
import { namesIn, toItem } from "./items.ts";
import { itemsOf } from "./pages.ts";
import { lastPlaceAt, monthPartition, TIME_INDEX } from "./table.ts";

/** One query for each month that the span touches. */
export async function* listEntries(
  connection: Connection,
  { from, to, latestFirst = false }: AuditSpan,
): AsyncGenerator<StoredEntry> {
  const months = [...monthsOf(from, to)];
  for (const month of latestFirst ? months.toReversed() : months) {
    const items = itemsOf(connection, {
      TableName: connection.auditTable,
      IndexName: TIME_INDEX,
      KeyConditionExpression: "#month = :month AND #place BETWEEN :from AND :to",
      ExpressionAttributeNames: namesIn("#month #place"),
      ExpressionAttributeValues: toItem({
        ":month": monthPartition(connection.account, month.toISOString()),
        ":from": from.toISOString(),
        ":to": lastPlaceAt(to.toISOString()),
      }),
      ScanIndexForward: !latestFirst,
    });
    for await (const item of items) yield storedEntryOf(connection.account, item);
  }
}

/** The first instant of each month, in UTC. */
function* monthsOf(from: Date, to: Date): Generator<Date> {
  const year = from.getUTCFullYear();
  for (let month = from.getUTCMonth(); ; month++) {
    const start = new Date(Date.UTC(year, month));
    if (!(start <= to)) return;
    yield start;
  }
}
