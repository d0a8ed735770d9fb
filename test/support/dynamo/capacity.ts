import { NotModelled } from "./errors.ts";

/** DynamoDB guide: "DynamoDB read and write operations": what a request takes, in units. */

const READ_BYTES = 4096;
const WRITE_BYTES = 1024;

/** Of what one read found: an eventually consistent one takes half of it; one that found nothing takes the least. */
export const readUnits = (bytes: number, isConsistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / READ_BYTES)) * (isConsistent ? 1 : 0.5);

/** Of the larger of what was there and what is there now; for the table, and for each index that it is in. */
export const writeUnits = (bytes: number, indexes: number): number =>
  Math.max(1, Math.ceil(bytes / WRITE_BYTES)) * (1 + indexes);

type Wish = { readonly ReturnConsumedCapacity?: string };
type Consumed = { readonly TableName: string; readonly CapacityUnits: number };

const wants = ({ ReturnConsumedCapacity: wish = "NONE" }: Wish): boolean => {
  if (wish !== "NONE" && wish !== "TOTAL") throw new NotModelled(`ReturnConsumedCapacity ${wish}`);
  return wish === "TOTAL";
};

/** How an answer about one table says it. */
export const consumed = (wish: Wish, table: string, units: number) =>
  wants(wish) ? { ConsumedCapacity: { TableName: table, CapacityUnits: units } } : {};

/** How one about several tables does. */
export function consumedBy(wish: Wish, units: ReadonlyMap<string, number>) {
  if (!wants(wish)) return {};
  const all: Consumed[] = [...units].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits }));
  return { ConsumedCapacity: all };
}
