import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

export type Sent = { readonly operation: string; readonly input: object };
export type Answered = { readonly status: number; readonly output: object };

const decoder = new TextDecoder();

type Handled = { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array | string };

/**
 * The AWS SDK's own client, whose requests go to a function of this process instead of a socket: all but the transport
 * is as it is on AWS, so that the SDK's reading of answers and errors is part of what is tried. Nothing is signed: that
 * takes half of the time, and nobody looks at it.
 */
export const clientOver = (send: (request: Sent) => Promise<Answered>): DynamoDBClient =>
  new DynamoDBClient({
    endpoint: "http://dynamodb.test",
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    signer: { sign: async (request) => request },
    maxAttempts: 1,
    requestHandler: {
      async handle({ headers, body }: Handled) {
        const operation = headers["x-amz-target"]?.split(".").at(-1) ?? "";
        const input = JSON.parse(typeof body === "string" ? body : decoder.decode(body)) as object;
        const { status, output } = await send({ operation, input });
        return {
          response: {
            statusCode: status,
            headers: { "content-type": "application/x-amz-json-1.0" },
            body: Buffer.from(JSON.stringify(output)),
          },
        };
      },
    },
  });
