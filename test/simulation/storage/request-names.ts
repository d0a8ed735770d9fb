import type { Sent } from "../../support/dynamo/client.ts";
import type { Item } from "../../support/dynamo/values.ts";

/** What a bystander calls a request. Where a process may die is aimed at by these names, as the port's own calls are. */

type Write = { readonly Item?: Item; readonly Key?: Item };
type Input = Write & {
  readonly ExpressionAttributeValues?: Item;
  readonly TransactItems?: readonly { readonly Put?: Write; readonly Update?: Write }[];
  readonly RequestItems?: Readonly<Record<string, { readonly Keys: readonly Item[] }>>;
};

const NAMED: Readonly<Record<string, string>> = {
  "GetItem live": "readLive",
  "PutItem live": "writeLive",
  "UpdateItem control": "writeControl",
};

export function nameOf({ operation, input }: Sent): string {
  const { TransactItems = [], RequestItems = {}, ExpressionAttributeValues = {}, ...write } = input as Input;
  const parts = TransactItems.map(({ Put, Update }) => Put ?? Update ?? {});
  const entry = parts.find(({ Item }) => Item?.kind && Item.hash)?.Item;
  if (entry) return `append ${entry.kind?.S} to ${entry.pk?.S?.replace(/^[^#]*#/, "")}`;
  const sorts = parts.map(sortOf);
  if (sorts.includes("spend")) return "writeLedger";
  if (sorts.includes("live")) return "writeLive";
  const keys = Object.values(RequestItems).flatMap(({ Keys }) => Keys);
  const values = Object.values(ExpressionAttributeValues).map(({ S = "" }) => S);
  const about = sortOf(write) ?? keys[0]?.sk?.S ?? values.slice(0, 2).join(" ");
  const name = `${operation} ${about}`;
  return NAMED[name] ?? name;
}

const sortOf = ({ Item, Key }: Write): string | undefined => (Key ?? Item)?.sk?.S;
