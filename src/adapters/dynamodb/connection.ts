import { type DynamoDBClient, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { ConfigError } from "../../watchdog/model/errors.ts";
import type { Capacity } from "../../watchdog/model/ports.ts";
import { isTransient, type Patience, retrying } from "./retry.ts";
import { chainPartition, SEPARATOR } from "./table.ts";

export type DynamoOptions = Patience & {
  readonly client: DynamoDBClient;
  readonly stateTable: string;
  readonly auditTable: string;
  /** Must not hold `#`. */
  readonly account: string;
};

type Consumed = { readonly CapacityUnits?: number | undefined };
type Answer = { readonly ConsumedCapacity?: Consumed | readonly Consumed[] | undefined };

/** Every request passes here: it is tried again while that may help, and its capacity is counted. */
export class Connection {
  readonly client: DynamoDBClient;
  readonly stateTable: string;
  readonly auditTable: string;
  readonly account: string;
  readonly #options: DynamoOptions;
  #readUnits = 0;
  #writeUnits = 0;

  constructor(options: DynamoOptions) {
    const { account } = options;
    if (account === "" || account.includes(SEPARATOR)) {
      throw new ConfigError(
        `ACCOUNT must be a name of at least one character without "${SEPARATOR}", got "${account}".`,
      );
    }
    this.client = options.client;
    this.stateTable = options.stateTable;
    this.auditTable = options.auditTable;
    this.account = account;
    this.#options = options;
  }

  /** The key of one of the account's items in the state table. */
  stateKey(sk: string): { readonly pk: string; readonly sk: string } {
    return { pk: this.account, sk };
  }

  /** How a message names one of the account's items in the state table. */
  where(sk: string): string {
    return `The item "${sk}" of account "${this.account}" in table "${this.stateTable}"`;
  }

  chainPartition(chain: string): string {
    return chainPartition(this.account, chain);
  }

  /** `isTransientToo`: what else than throttling and faults of the service is worth another try. */
  async read<A extends Answer>(
    request: () => Promise<A>,
    isTransientToo: (error: unknown) => boolean = () => false,
  ): Promise<A> {
    const answer = await this.#send(request, isTransientToo);
    this.#readUnits += unitsOf(answer);
    return answer;
  }

  async write<A extends Answer>(
    request: () => Promise<A>,
    isTransientToo: (error: unknown) => boolean = () => false,
  ): Promise<A> {
    const answer = await this.#send(request, isTransientToo);
    this.#writeUnits += unitsOf(answer);
    return answer;
  }

  takeCapacity(): Capacity {
    const taken = { readUnits: this.#readUnits, writeUnits: this.#writeUnits };
    this.#readUnits = 0;
    this.#writeUnits = 0;
    return taken;
  }

  sleep(ms: number): Promise<void> {
    return this.#options.sleep(ms);
  }

  async #send<A>(request: () => Promise<A>, isTransientToo?: (error: unknown) => boolean): Promise<A> {
    const worthAnother = (error: unknown) => isTransient(error) || isTransientToo?.(error) === true;
    try {
      return await retrying(request, worthAnother, this.#options);
    } catch (error) {
      if (error instanceof ResourceNotFoundException) throw await this.#missingTable(error);
      throw error;
    }
  }

  async #missingTable(cause: unknown): Promise<ConfigError> {
    const region = await this.client.config.region();
    const endpoint = await this.client.config.endpoint?.();
    const place = endpoint
      ? `at ${endpoint.protocol}//${endpoint.hostname}:${endpoint.port ?? ""}`
      : `in ${region}`;
    return new ConfigError(
      `The state table "${this.stateTable}" or the audit table "${this.auditTable}" does not exist ${place}. ` +
        "Set STATE_TABLE and AUDIT_TABLE to the names of the tables that were deployed, and AWS_REGION " +
        "(or AWS_ENDPOINT_URL_DYNAMODB) to where they are.",
      { cause },
    );
  }
}

function unitsOf({ ConsumedCapacity: consumed }: Answer): number {
  const all = consumed === undefined ? [] : Array.isArray(consumed) ? consumed : [consumed];
  return all.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}
