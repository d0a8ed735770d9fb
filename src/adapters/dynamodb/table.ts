import type { CreateTableCommandInput, UpdateTimeToLiveCommandInput } from "@aws-sdk/client-dynamodb";
import type { ActorOrTask, NamedKind } from "../../watchdog/model/ports.ts";

/**
 * The two tables: their keys, the attributes of their items, their schemas. Nothing else knows these, except `cell-items.ts` what is in the items of cells.
 *
 *     state   pk account   sk control · control#exemption#<kind>#<id> · control#tampering · live · live#<part> · run#<runId>
 *                             policy#<version> · name#<kind>#<id> · typical#<kind>#<id> · ledger
 *                             spend · spend#hour#2026-11-25T06/3 · spend#day#2026-11-25/3
 *                             budget#<ruleId>#<group>#<window> · awaited#<due>#<which>
 *     audit   pk account#chain   sk sequence            index: month account#2026-11   place <at>#<entryId>
 */

export { AUDIT_CHANGES } from "../../watchdog/model/deployed/deployment.ts";

export const PARTITION = "pk";
export const SORT = "sk";
export const EXPIRES_AT = "expiresAt";
export const TIME_INDEX = "by-time";
export const INDEX_PARTITION = "month";
export const INDEX_SORT = "place";

type Key<S> = { readonly pk: string; readonly sk: S };
type HeadAttributes = { readonly headSequence?: number; readonly headHash?: string };

/** Attributes with a `text` hold JSON. `writeId` tells a writer whose answer was lost that the write was its own. */
export type ControlItem = Key<string> &
  HeadAttributes & {
    readonly version: number;
    readonly text: string;
    readonly writeId?: string;
    /** The exemption granted last and with which version, so that a reader knows when it must be there. */
    readonly grantedKey?: string;
    readonly grantedVersion?: number;
  };
/** `grant` tells it from others of its subject, for a write that must meet this one. */
export type ExemptionItem = Key<string> & {
  readonly text: string;
  readonly version: number;
  readonly grant?: string;
};
/** `tampered` is the first one in JSON. The notifier may write these two attributes alone. */
export type TamperingItem = Key<string> & { readonly tampered: string; readonly seen: number };
/** `packed` when it fits into one item, else the number of `parts`. `text` is how it was kept before it was packed. */
export type LiveItem = Key<string> & {
  readonly version: number;
  readonly packed?: Uint8Array;
  readonly text?: string;
  readonly parts?: number;
  readonly writeId?: string;
};
export type LivePartItem = Key<string> & {
  readonly version: number;
  readonly packed?: Uint8Array;
  readonly text?: string;
};
/** Ended runs that are to be read again at `due`. */
export type AwaitedItem = Key<string> & { readonly runIds: readonly string[]; readonly expiresAt: number };
/** `recordedAt` in epoch milliseconds; `expiresAt` in epoch seconds. */
export type RunTableItem = Key<string> &
  HeadAttributes & {
    readonly text?: string;
    readonly recordedAt?: number;
    /** How often it was recorded. Absent in what was recorded before there was a ledger. */
    readonly recording?: number;
    /** Its cost over time: epoch seconds and micro-dollars in turn. */
    readonly curve?: readonly number[];
    /** How it was watched, in JSON. */
    readonly watched?: string;
    /** How often it failed, and when last in epoch milliseconds. Absent while nothing is counted of it. */
    readonly counted?: readonly number[];
    readonly expiresAt?: number;
  };
/** How many recordings the cells hold. */
export type SpendItem = Key<string> & { readonly recordings: number };
export type LedgerItem = Key<string> & {
  readonly version: number;
  readonly text: string;
  readonly writeId: string;
};
/** Where the chain of a budget stands. */
export type BudgetHeadItem = Key<string> & HeadAttributes & { readonly expiresAt: number };
export type PolicyItem = Key<string> & { readonly text: string };
/** What is kept of an Actor or a task: its name, or what is typical of it. */
export type KeptItem = Key<string> & { readonly text: string };

/** `text` is what is hashed; all that follows it are copies. */
export type EntryItem = Key<number> & {
  readonly hash: string;
  readonly text: string;
  readonly entryId: string;
  readonly kind: string;
  readonly at: string;
  readonly runId?: string;
  readonly actorId?: string;
  readonly ruleId?: string;
  readonly month: string;
  readonly place: string;
};

export const CONTROL = "control";
export const EXEMPTIONS = "control#exemption#";
/** Read with control, which it begins like. */
export const TAMPERING = "control#tampering";
export const LIVE = "live";
export const RUNS = "run#";

export const SPEND = "spend";
export const LEDGER = "ledger";
/** A budget's head stands under its chain's name. */
export const BUDGETS = "budget#";

/** In ISO 8601, so that they sort by time. */
export const awaitedSort = (due: Date, which: string): string => `awaited#${due.toISOString()}#${which}`;
export const exemptionSort = (key: string): string => `${EXEMPTIONS}${key}`;
export const livePartSort = (part: number): string => `live#${String(part).padStart(4, "0")}`;
export const runSort = (runId: string): string => `${RUNS}${runId}`;
export const policySort = (version: number): string => `policy#${String(version).padStart(8, "0")}`;
export const nameSort = (kind: NamedKind, id: string): string => `name#${kind}#${id}`;
export const typicalSort = (kind: ActorOrTask, id: string): string => `typical#${kind}#${id}`;

/** What parts the parts of a key; an account's name must not hold it, or keys of two accounts could be equal. */
export const SEPARATOR = "#";
export const chainPartition = (account: string, chain: string): string => `${account}${SEPARATOR}${chain}`;
export const chainOf = (account: string, partition: string): string => partition.slice(account.length + 1);

/** `at` in ISO 8601, UTC. */
export const monthPartition = (account: string, at: string): string =>
  `${account}${SEPARATOR}${at.slice(0, "2026-11".length)}`;
export const placeOf = (at: string, entryId: string): string => `${at}#${entryId}`;
/** Sorts behind every place of this instant. */
export const lastPlaceAt = (at: string): string => `${at}~`;

const RETENTION_DAYS = 400;
const DAY_SECS = 86_400;
/** Epoch seconds. */
export const expiryOf = (end: Date): number => Math.floor(end.getTime() / 1000) + RETENTION_DAYS * DAY_SECS;

const AWAITED_DAYS = 3;
export const awaitedExpiryOf = (due: Date): number =>
  Math.floor(due.getTime() / 1000) + AWAITED_DAYS * DAY_SECS;

/** On demand, with a sort key. */
export const stateTable = (name: string): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: PARTITION, AttributeType: "S" },
    { AttributeName: SORT, AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: PARTITION, KeyType: "HASH" },
    { AttributeName: SORT, KeyType: "RANGE" },
  ],
});

export const stateTableExpiry = (name: string): UpdateTimeToLiveCommandInput => ({
  TableName: name,
  TimeToLiveSpecification: { AttributeName: EXPIRES_AT, Enabled: true },
});

/** The stream carries old images: it is what shows an entry that was overwritten or removed. */
export const auditTable = (name: string): CreateTableCommandInput => ({
  TableName: name,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: PARTITION, AttributeType: "S" },
    { AttributeName: SORT, AttributeType: "N" },
    { AttributeName: INDEX_PARTITION, AttributeType: "S" },
    { AttributeName: INDEX_SORT, AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: PARTITION, KeyType: "HASH" },
    { AttributeName: SORT, KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: TIME_INDEX,
      KeySchema: [
        { AttributeName: INDEX_PARTITION, KeyType: "HASH" },
        { AttributeName: INDEX_SORT, KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
});
