import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  DynamoDBServiceException,
  ResourceNotFoundException,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb";
import type { Answered, Sent } from "./client.ts";

type Command = { readonly input: object };

/**
 * A client that leaves out what the AWS SDK does between a command and its request, and takes a tenth of its time: for a
 * simulation, whose seconds go there. The contracts of a service hold it to the same outcomes as the SDK's own client.
 */
export function directClient(send: (request: Sent) => Promise<Answered>): DynamoDBClient {
  const client = {
    async send(command: Command): Promise<object> {
      const operation = command.constructor.name.replace(/Command$/, "");
      const { status, output } = await send({ operation, input: toWire(command.input) as object });
      const read = fromWire(output) as object;
      if (status !== 200) throw errorOf(status, read);
      return { $metadata: { httpStatusCode: status }, ...read };
    },
    config: { region: async () => "us-east-1" },
    destroy() {},
  };
  return client as unknown as DynamoDBClient;
}

type ErrorOutput = { readonly __type?: string; readonly message?: string };

/** Bytes are in base64 on the wire, and what is `undefined` is not there. */
function toWire(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (Array.isArray(value)) return value.map(toWire);
  const wire: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) if (each !== undefined) wire[name] = toWire(each);
  return wire;
}

/** The only text under a name `B` is a value's bytes. */
function fromWire(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(fromWire);
  const read: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    read[name] = name === "B" && typeof each === "string" ? Buffer.from(each, "base64") : fromWire(each);
  }
  return read;
}

const MODELLED = { ConditionalCheckFailedException, ResourceNotFoundException, TransactionCanceledException };

function errorOf(status: number, { __type, ...more }: ErrorOutput): Error {
  const name = String(__type).replace(/^.*#/, "");
  const options = { ...more, message: String(more.message), $metadata: { httpStatusCode: status } };
  const Modelled = MODELLED[name as keyof typeof MODELLED];
  if (Modelled) return new Modelled(options);
  return new DynamoDBServiceException({ ...options, name, $fault: status < 500 ? "client" : "server" });
}
