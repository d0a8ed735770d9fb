/** What a watchdog was deployed as, in the words of AWS, as far as a check-up asks for it. Nothing here changes anything. */

/** What AWS answered; or why it is not known, and what to do so that it is. */
export type Fact<T> =
  | { readonly kind: "known"; readonly value: T }
  | { readonly kind: "unknown"; readonly why: string; readonly fix: string };

export type TableFacts = {
  readonly status: string;
  readonly arn: string;
  readonly isDeletionProtected: boolean;
  /** What the table's stream shows, where it has one: `NEW_AND_OLD_IMAGES`. */
  readonly stream?: string;
};

export type FunctionFacts = {
  readonly arn: string;
  /** `Active`, `Inactive`, `Failed`, `Pending`. */
  readonly state: string;
  /** Of its last update: `Successful`, `Failed`, `InProgress`. */
  readonly lastUpdate: string;
  readonly timeoutSecs: number;
  /** The variables that say which watchdog it is; no other is kept. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Reserved concurrency; absent: none is reserved. With 0 it never runs. */
  readonly reserved?: number;
};

/** How a function fared in the last hour, by its own metrics. */
export type Invocations = { readonly count: number; readonly errors: number; readonly throttles: number };

export type ScheduleFacts = {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly expression: string;
  readonly target: string;
};

export type AlarmFacts = {
  readonly name: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  readonly since?: Date;
  readonly isSilenced: boolean;
  /** Does it notify anybody by itself? */
  readonly hasActions: boolean;
  readonly description: string;
};

/** What reads the audit's stream for notifications. */
export type ReaderFacts = { readonly state: string; readonly lastResult?: string };

export type Subscribers = { readonly confirmed: number; readonly pending: number };

/** Where another watchdog of this AWS account and region has its things. */
export type OtherPlaces = {
  readonly stack: string;
  readonly account: string;
  readonly stateTable: string;
  readonly auditTable: string;
};

export type OtherWatchdog = OtherPlaces & {
  /** Absent where no tick of it has seen its Apify user yet. */
  readonly apifyUserId?: string;
};

/** Asks AWS about a deployment. No method throws for what AWS refuses or can't answer: that is a fact, too. */
export interface Deployment {
  /** `undefined`: there is no such table. */
  table(name: string): Promise<Fact<TableFacts | undefined>>;
  /** Is point-in-time recovery on? */
  hasRecovery(table: string): Promise<Fact<boolean>>;
  /** The JSON of the policy that is attached to a table; `undefined`: none. */
  tablePolicy(arn: string): Promise<Fact<string | undefined>>;
  /** `undefined`: there is no such function. */
  function(name: string): Promise<Fact<FunctionFacts | undefined>>;
  invocations(functionName: string): Promise<Fact<Invocations>>;
  /** Every schedule of the stack. */
  schedules(): Promise<Fact<readonly ScheduleFacts[]>>;
  /** Every alarm of the stack. */
  alarms(): Promise<Fact<readonly AlarmFacts[]>>;
  readers(functionName: string): Promise<Fact<readonly ReaderFacts[]>>;
  subscribers(topic: string): Promise<Fact<Subscribers>>;
  /** The channels that the courier sends to and that are no topic, by their names. */
  channels(courierName: string): Promise<Fact<readonly string[]>>;
  /** The other watchdogs that stacks of this AWS account and region point to. */
  others(): Promise<Fact<readonly OtherWatchdog[]>>;
}

/** Every way to change or remove an entry of the audit except an overwrite, which to IAM is a put like any other. */
export const AUDIT_CHANGES = [
  "dynamodb:UpdateItem",
  "dynamodb:DeleteItem",
  "dynamodb:BatchWriteItem",
  "dynamodb:PartiQLInsert",
  "dynamodb:PartiQLUpdate",
  "dynamodb:PartiQLDelete",
  "dynamodb:UpdateTimeToLive",
] as const;
