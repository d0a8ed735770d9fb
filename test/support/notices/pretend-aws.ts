import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { serve } from "../serve.ts";

/** A queue message as it was put, with the name of its queue. */
type Put = { readonly queue: string; readonly body: string };

/** What a service does instead of answering. */
type Refusal = { readonly error: string } | "hangs";

type Answer = { readonly status: number; readonly type: string; readonly body: string };

const json = (body: object, status = 200): Answer => ({
  status,
  type: "application/x-amz-json-1.0",
  body: JSON.stringify(body),
});
/** What lies under a name, or the error that it is missing. */
const found = (value: string | undefined, missing: string, told: (value: string) => object): Answer =>
  value === undefined ? json({ __type: missing, message: "no" }, 400) : json(told(value));
const xml = (body: string, status = 200): Answer => ({ status, type: "text/xml", body });

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}

type Entry = { readonly Id: string; readonly MessageBody: string };

/** The AWS services that send notices, over HTTP: Amazon SNS and SQS, EventBridge, Secrets Manager, parameters. */
export class PretendAws {
  readonly published: URLSearchParams[] = [];
  readonly events: Record<string, string | number>[] = [];
  readonly messages: Put[] = [];
  /** The queues whose messages are being moved back. */
  readonly movedBack: string[] = [];
  /** By name. */
  readonly secrets = new Map<string, string>();
  readonly parameters = new Map<string, string>();
  /** How many messages are in a queue, by its name. */
  readonly sizes = new Map<string, number>();
  /** By the name of an operation, or of a queue. */
  readonly refusals = new Map<string, Refusal>();
  /** How many have confirmed that they want to hear of a topic. */
  confirmed = 1;
  url = "";

  static async start(): Promise<PretendAws> {
    const aws = new PretendAws();
    aws.url = await serve(async (request, response) => {
      const answer = aws.#answer(request, await bodyOf(request));
      if (answer === undefined) return;
      response.writeHead(answer.status, { "content-type": answer.type });
      response.end(answer.body);
    });
    return aws;
  }

  /** What a function or a client needs to find these services, and none of the real ones. */
  get env(): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    };
  }

  queueUrl(name: string): string {
    return `${this.url}/123456789012/${name}`;
  }

  /** The bodies that were put into a queue. */
  bodiesIn(queue: string): readonly string[] {
    return this.messages.filter((each) => each.queue === queue).map(({ body }) => body);
  }

  #answer(request: IncomingMessage, body: string): Answer | undefined {
    const target = String(request.headers["x-amz-target"] ?? "").split(".")[1];
    const form = new URLSearchParams(body);
    const operation = target ?? form.get("Action") ?? "";
    const asked = target === undefined ? {} : JSON.parse(body);
    const queue =
      String(asked.QueueUrl ?? "")
        .split("/")
        .at(-1) ?? "";
    const refusal = this.refusals.get(operation) ?? this.refusals.get(queue);
    if (refusal === "hangs") return undefined;
    if (refusal && target === undefined) {
      return xml(
        `<ErrorResponse><Error><Code>${refusal.error}</Code><Message>no</Message></Error></ErrorResponse>`,
        400,
      );
    }
    if (refusal) return json({ __type: refusal.error, message: "no" }, 400);
    switch (operation) {
      case "Publish":
        this.published.push(form);
        return xml(
          "<PublishResponse><PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>",
        );
      case "GetTopicAttributes":
        return xml(
          `<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes><entry><key>SubscriptionsConfirmed</key><value>${this.confirmed}</value></entry></Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>`,
        );
      case "SendMessageBatch":
        return this.#takeMessages(queue, asked.Entries);
      case "GetQueueAttributes":
        return json({
          Attributes: {
            ApproximateNumberOfMessages: String(this.sizes.get(queue) ?? 0),
            ApproximateNumberOfMessagesNotVisible: "0",
            QueueArn: `arn:aws:sqs:us-east-1:123456789012:${queue}`,
          },
        });
      case "StartMessageMoveTask":
        this.movedBack.push(String(asked.SourceArn).split(":").at(-1) ?? "");
        return json({ TaskHandle: "t-1" });
      case "PutEvents":
        return this.#takeEvents(asked.Entries);
      case "GetSecretValue":
        return found(this.secrets.get(asked.SecretId), "ResourceNotFoundException", (SecretString) => ({
          SecretString,
        }));
      case "GetParameter":
        return found(this.parameters.get(asked.Name), "ParameterNotFound", (Value) => ({
          Parameter: { Value },
        }));
      default:
        return json({ __type: "UnknownOperation", message: operation }, 400);
    }
  }

  #takeMessages(queue: string, entries: readonly Entry[]): Answer {
    for (const { MessageBody } of entries) this.messages.push({ queue, body: MessageBody });
    return json({
      Successful: entries.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: `m-${Id}`,
        MD5OfMessageBody: md5(MessageBody),
      })),
      Failed: [],
    });
  }

  /** Events of a bus called `full` are refused, one by one, in an answer that says 200. */
  #takeEvents(entries: readonly Record<string, string | number>[]): Answer {
    const isFull = entries.some(({ EventBusName }) => EventBusName === "full");
    if (!isFull) this.events.push(...entries);
    return json({
      FailedEntryCount: isFull ? entries.length : 0,
      Entries: entries.map(() => (isFull ? { ErrorCode: "ThrottlingException" } : { EventId: "e-1" })),
    });
  }
}
