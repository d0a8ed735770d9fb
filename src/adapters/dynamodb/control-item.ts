import { randomUUID } from "node:crypto";
import { type Update, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { type Control, type ControlState, EMPTY_CONTROL } from "../../watchdog/model/control.ts";
import type { Head } from "../../watchdog/model/entry.ts";
import { decodeControl, decodeExemption, encodeControl, unreadable } from "../../watchdog/stored/codec.ts";
import type { Connection } from "./connection.ts";
import { type Attributes, fromItem, headAttributes, headOf, namesIn, toItem, versionOf } from "./items.ts";
import { markIn } from "./notifier/tampering-mark.ts";
import { allItemsOf } from "./pages.ts";
import { CONTROL, type ControlItem, EXEMPTIONS, type ExemptionItem, type TamperingItem } from "./table.ts";
import { writeOnce } from "./transact.ts";

export type ControlWrite = {
  readonly next: ControlState;
  readonly expectedVersion: number;
  /** The head moves with entries alone, so that a plain write never sets it back. */
  readonly head?: Head;
  /** The key of the exemption that is granted in the same transaction, or that it withdraws one. */
  readonly exemption?: { readonly granted: string } | "withdrawn";
  readonly writeId?: string;
};

const isFirst = "attribute_not_exists(#pk)";
const isAsSeen = "#version = :seen";

export function controlUpdate(connection: Connection, write: ControlWrite) {
  const { next, expectedVersion, head, exemption, writeId } = write;
  const version = expectedVersion + 1;
  const attributes: Partial<ControlItem> = {
    version,
    text: encodeControl(next),
    ...(head && headAttributes(head)),
    ...(typeof exemption === "object" && { grantedKey: exemption.granted, grantedVersion: version }),
    ...(writeId !== undefined && { writeId }),
  };
  const sets = Object.keys(attributes).map((name) => `#${name} = :${name}`);
  const removal = exemption === "withdrawn" ? " REMOVE #grantedKey, #grantedVersion" : "";
  const expression = `SET ${sets.join(", ")}${removal}`;
  const condition = expectedVersion === 0 ? isFirst : isAsSeen;
  const values = Object.entries(attributes).map(([name, value]) => [`:${name}`, value]);
  return {
    TableName: connection.stateTable,
    Key: toItem(connection.stateKey(CONTROL)),
    UpdateExpression: expression,
    ConditionExpression: condition,
    ExpressionAttributeNames: namesIn(expression, condition),
    ExpressionAttributeValues: toItem({
      ...Object.fromEntries(values),
      ...(condition === isAsSeen && { ":seen": expectedVersion }),
    }),
  } satisfies Update;
}

export const controlMoved = (expectedVersion: number): string =>
  `the control state has moved on from version ${expectedVersion}`;

export async function writeControl(connection: Connection, next: ControlState, expectedVersion: number) {
  const writeId = randomUUID();
  const command = new UpdateItemCommand({
    ...controlUpdate(connection, { next, expectedVersion, writeId }),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    ReturnConsumedCapacity: "TOTAL",
  });
  await writeOnce(connection, writeId, controlMoved(expectedVersion), () => connection.client.send(command));
}

const MAX_READS = 3;
const BETWEEN_READS_MS = 20;

/**
 * The control item and the exemptions beside it. The query reads item after item, and a transaction may commit
 * between two of them. Old control with a new exemption does no harm: who writes on it meets the version. New
 * control without the exemption granted with it would let an exempt run be stopped: such a reading is repeated, and
 * at last the exemption that can't be seen protects its subject. An older one in its place is no longer so: by that
 * nobody may go.
 */
export async function readControl(connection: Connection): Promise<Control> {
  for (let reads = 1; ; reads++) {
    const { control, missing } = controlOf(connection, await queryControl(connection));
    if (missing === undefined) return control;
    if (reads === MAX_READS) {
      const lost = decodeExemption(missing, undefined);
      return { ...control, exemptions: [...control.exemptions, lost] };
    }
    await connection.sleep(BETWEEN_READS_MS);
  }
}

const queryControl = (connection: Connection): Promise<readonly Attributes[]> =>
  allItemsOf(connection, {
    TableName: connection.stateTable,
    KeyConditionExpression: "#pk = :account AND begins_with(#sk, :control)",
    ExpressionAttributeNames: namesIn("#pk #sk"),
    ExpressionAttributeValues: toItem({ ":account": connection.account, ":control": CONTROL }),
    ConsistentRead: true,
  });

type Row = { readonly sk?: unknown };
type Grant = { readonly key: string; readonly version: number };

function controlOf(
  connection: Connection,
  items: readonly Attributes[],
): { readonly control: Control; readonly missing: string | undefined } {
  const rows = items.map((item) => fromItem<ControlItem & ExemptionItem & TamperingItem>(item));
  const exempted = rows.filter(({ sk }) => String(sk).startsWith(EXEMPTIONS));
  const decoded = (those: typeof exempted) =>
    those.map(({ sk, text }) => decodeExemption(String(sk).slice(EXEMPTIONS.length), text));
  const item = rows.find(({ sk }) => sk === CONTROL);
  const tampering = markIn(rows);
  const marked = tampering && { tampering };
  if (!item)
    return { control: { ...EMPTY_CONTROL, exemptions: decoded(exempted), ...marked }, missing: undefined };

  const version = versionOf(item);
  if (version === undefined) throw unreadable(connection.where(CONTROL), "its version is no whole number");
  const head = headOf(item);
  const state = decodeControl(item.text, connection.where(CONTROL));
  const granted: Grant | undefined =
    typeof item.grantedKey === "string"
      ? { key: item.grantedKey, version: Number(item.grantedVersion) }
      : undefined;
  const isGranted = ({ sk }: Row) => granted !== undefined && sk === `${EXEMPTIONS}${granted.key}`;
  const current = exempted.filter(
    (row) => !(granted && isGranted(row) && Number(row.version) < granted.version),
  );
  const isThere = granted === undefined || current.some(isGranted);
  const control = { version, ...state, exemptions: decoded(current), ...(head && { head }), ...marked };
  return { control, missing: isThere ? undefined : granted.key };
}
