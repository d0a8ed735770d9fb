import { CONTROL_CHAIN, type SealedEntry } from "../../watchdog/model/entry.ts";
import type { Append } from "../../watchdog/model/ports.ts";
import { anotherStands } from "../../watchdog/stored/check-append.ts";
import { encodeExemption, encodePolicy, exemptionKey, grantKey } from "../../watchdog/stored/codec.ts";
import { headUpdate } from "./chain-heads.ts";
import type { Connection } from "./connection.ts";
import { type ControlWrite, controlMoved, controlUpdate } from "./control-item.ts";
import { entryItem } from "./entry-item.ts";
import { namesIn, toItem } from "./items.ts";
import { type ExemptionItem, exemptionSort, type PolicyItem, policySort } from "./table.ts";
import type { Part } from "./transact.ts";

/**
 * What one append writes, at most five items:
 *
 *     entry       new, or nothing happens: this is the lock on its place in the chain
 *     run         the head of its chain          | one of the two, by the chain
 *     control     as seen, with its chain's head |
 *     policy      new: a version is never written twice
 *     exemption   put or deleted, where that is asked for only as seen
 */
export function partsOf(connection: Connection, append: Append): readonly Part[] {
  return [
    { write: { Put: entryPut(connection, append.sealed) }, conflict: placeTaken(append.sealed) },
    ...headParts(connection, append),
    ...controlParts(connection, append),
    ...policyParts(connection, append),
    ...exemptionParts(connection, append),
  ];
}

const isNew = "attribute_not_exists(#pk)";
const onlyIfNew = { ConditionExpression: isNew, ExpressionAttributeNames: namesIn(isNew) };

const placeTaken = ({ entry }: SealedEntry): string =>
  `place ${entry.sequence} of chain "${entry.chain}" is taken`;

const entryPut = (connection: Connection, sealed: SealedEntry) => ({
  TableName: connection.auditTable,
  Item: entryItem(connection, sealed),
  ...onlyIfNew,
});

const headOf = ({ entry, hash }: SealedEntry) => ({ sequence: entry.sequence, hash });

function headParts(connection: Connection, { sealed }: Append): readonly Part[] {
  const { chain } = sealed.entry;
  if (chain === CONTROL_CHAIN) return [];
  const at = new Date(sealed.entry.at);
  return [{ write: { Update: headUpdate(connection, chain, headOf(sealed), at) } }];
}

function controlParts(connection: Connection, { sealed, control, exemption }: Append): readonly Part[] {
  if (!control) return [];
  const change: ControlWrite = {
    ...control,
    ...(sealed.entry.chain === CONTROL_CHAIN && { head: headOf(sealed) }),
    ...(exemption && {
      exemption: "put" in exemption ? { granted: exemptionKey(exemption.put.subject) } : "withdrawn",
    }),
  };
  const conflict = controlMoved(control.expectedVersion);
  return [{ write: { Update: controlUpdate(connection, change) }, conflict }];
}

function policyParts(connection: Connection, { policy }: Append): readonly Part[] {
  if (!policy) return [];
  const item: PolicyItem = {
    ...connection.stateKey(policySort(policy.version)),
    text: encodePolicy(policy.document),
  };
  const write = { Put: { TableName: connection.stateTable, Item: toItem(item), ...onlyIfNew } };
  return [{ write, conflict: `policy version ${policy.version} is taken` }];
}

const isThatGrant = "attribute_exists(#pk) AND (attribute_not_exists(#grant) OR #grant = :standing)";

function exemptionParts(connection: Connection, { exemption, control }: Append): readonly Part[] {
  if (!exemption || !control) return [];
  const { standing } = exemption;
  const condition = standing && {
    ConditionExpression: isThatGrant,
    ExpressionAttributeNames: namesIn(isThatGrant),
    ExpressionAttributeValues: toItem({ ":standing": grantKey(standing) }),
  };
  const subject = "put" in exemption ? exemption.put.subject : exemption.remove;
  const key = connection.stateKey(exemptionSort(exemptionKey(subject)));
  const conflict = anotherStands(subject);
  const TableName = connection.stateTable;
  if ("remove" in exemption) {
    return [{ write: { Delete: { TableName, Key: toItem(key), ...condition } }, conflict }];
  }
  const item: ExemptionItem = {
    ...key,
    text: encodeExemption(exemption.put),
    version: control.expectedVersion + 1,
    grant: grantKey(exemption.put),
  };
  return [{ write: { Put: { TableName, Item: toItem(item), ...condition } }, conflict }];
}
