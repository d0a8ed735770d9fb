import {
  GetQueueAttributesCommand,
  type QueueAttributeName,
  SendMessageBatchCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { AWS_CLIENT } from "./aws-client.ts";

/** What Amazon SQS takes in one request: so many messages, and 256 KiB of them. */
const MOST_MESSAGES = 10;
const MOST_BYTES = 240_000;

const bytesOf = (body: string): number => Buffer.byteLength(body, "utf8");

/** Bodies in requests of a size that SQS takes, with the place of each among all. */
function requestsOf(bodies: readonly string[]) {
  const requests: { readonly at: number; readonly body: string }[][] = [];
  let bytes = 0;
  for (const [at, body] of bodies.entries()) {
    const size = bytesOf(body);
    const last = requests.at(-1);
    if (last === undefined || last.length === MOST_MESSAGES || bytes + size > MOST_BYTES) {
      requests.push([{ at, body }]);
      bytes = size;
    } else {
      last.push({ at, body });
      bytes += size;
    }
  }
  return requests;
}

/** One client serves all queues. */
export const queueClient = (): SQSClient => new SQSClient(AWS_CLIENT);

/** A queue in Amazon SQS. */
export class Queue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(url: string, client: SQSClient) {
    this.#url = url;
    this.#client = client;
  }

  /** Puts bodies there. Returns the places, among these, of those that it did not take, and why. Never throws. */
  async put(bodies: readonly string[]): Promise<{ readonly left: readonly number[]; readonly why?: string }> {
    const answers = await Promise.all(requestsOf(bodies).map((request) => this.#send(request)));
    const left = answers.flatMap((answer) => answer.left);
    const why = answers.find((answer) => answer.why !== undefined)?.why;
    return { left, ...(why !== undefined && { why }) };
  }

  async #send(request: readonly { readonly at: number; readonly body: string }[]) {
    const Entries = request.map(({ at, body }) => ({ Id: String(at), MessageBody: body }));
    try {
      const { Failed = [] } = await this.#client.send(
        new SendMessageBatchCommand({ QueueUrl: this.#url, Entries }),
      );
      const [first] = Failed;
      return { left: Failed.map(({ Id }) => Number(Id)), ...(first && { why: String(first.Code) }) };
    } catch (error) {
      const { name, message } = error as Error;
      return { left: request.map(({ at }) => at), why: `${name}: ${message}` };
    }
  }

  /** About how many messages are in it, those included that are being worked on. Throws when it can't be asked. */
  async size(): Promise<number> {
    const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const attributes = await this.#attributes(names);
    return names.reduce((sum, name) => sum + Number(attributes[name] ?? 0), 0);
  }

  /** Begins to move what was given up back to the queues that it came from. Throws when that can't be begun. */
  async moveBack(): Promise<void> {
    const { QueueArn } = await this.#attributes(["QueueArn"]);
    await this.#client.send(new StartMessageMoveTaskCommand({ SourceArn: QueueArn }));
  }

  async #attributes(names: readonly QueueAttributeName[]) {
    const { Attributes = {} } = await this.#client.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: [...names] }),
    );
    return Attributes;
  }
}
