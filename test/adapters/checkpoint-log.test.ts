import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, it } from "vitest";
import { cloudWatchLog } from "../../src/adapters/logs/checkpoint-log.ts";
import type { LoggedLine } from "../../src/watchdog/model/ports.ts";
import { at } from "../support/builders.ts";
import { serve } from "../support/serve.ts";

type Answer = { readonly error: string } | Readonly<Record<string, unknown>>;
type Asked = { readonly operation: string; readonly body: Readonly<Record<string, unknown>> };

/** A log group of CloudWatch Logs on loopback that answers as this says, and the log upon it. */
async function logsThat(answerTo: (asked: Asked, before: readonly Asked[]) => Answer) {
  const asked: Asked[] = [];
  const endpoint = await serve(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const operation = String(request.headers["x-amz-target"]).replace("Logs_20140328.", "");
    const one = { operation, body: JSON.parse(text) };
    const answer = answerTo(one, asked);
    asked.push(one);
    response.writeHead("error" in answer ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify("error" in answer ? { __type: answer.error, message: "no" } : answer));
  });
  const client = new CloudWatchLogsClient({
    endpoint,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  const clock = { now: () => at(0), monotonicMs: () => 0, sleep: async () => undefined };
  const log = cloudWatchLog({ logGroup: "checkpoints", account: "acme", clock }, client);
  return { log, asked };
}

async function all(lines: AsyncIterable<LoggedLine>): Promise<readonly LoggedLine[]> {
  const found: LoggedLine[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

const place = { logGroupName: "checkpoints", logStreamName: "acme" };
const missing = { error: "ResourceNotFoundException" };

describe("the log of checkpoints in CloudWatch Logs", () => {
  it("puts each line into the account's stream, and makes that with the first one", async () => {
    const { log, asked } = await logsThat(({ operation }, before) =>
      operation === "PutLogEvents" && before.length === 0 ? missing : {},
    );
    await log.append(["one", "two"]);
    expect(asked.map(({ operation }) => operation)).toEqual([
      "PutLogEvents",
      "CreateLogStream",
      "PutLogEvents",
      "PutLogEvents",
    ]);
    expect(asked[1]?.body).toEqual(place);
    expect(asked[3]?.body).toEqual({ ...place, logEvents: [{ message: "two", timestamp: at(0).getTime() }] });
  });

  it("goes on where another tick has made the stream meanwhile", async () => {
    const { log } = await logsThat(({ operation }, before) => {
      if (operation === "CreateLogStream") return { error: "ResourceAlreadyExistsException" };
      return before.length === 0 ? missing : {};
    });
    await expect(log.append(["one"])).resolves.toBeUndefined();
  });

  it.each([
    { why: "the group is gone", answer: missing, says: "no" },
    { why: "it may not", answer: { error: "AccessDeniedException" }, says: "no" },
    {
      why: "CloudWatch takes the request and not the line",
      answer: { rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } },
      says: "the log group checkpoints took no line",
    },
  ])("fails where a line was not written: $why", async ({ answer, says }) => {
    const { log } = await logsThat(() => answer);
    await expect(log.append(["one"])).rejects.toThrow(says);
  });

  it("reads every page, an empty one in between too, with the time at which CloudWatch took each line", async () => {
    const pages: Record<string, Answer> = {
      first: { events: [{ message: "one", ingestionTime: 1_000, timestamp: 9 }], nextToken: "empty" },
      empty: { events: [], nextToken: "last" },
      last: { events: [{ message: "two", ingestionTime: 2_000, timestamp: 9 }] },
    };
    const { log, asked } = await logsThat(({ body }) => pages[String(body.nextToken ?? "first")] ?? missing);
    expect(await all(log.lines())).toEqual([
      { text: "one", loggedAt: new Date(1_000) },
      { text: "two", loggedAt: new Date(2_000) },
    ]);
    expect(asked[0]?.body).toEqual({ logGroupName: "checkpoints", logStreamNames: ["acme"] });
  });

  it("has no lines where there is no stream, and says what is needed where it may not be read", async () => {
    const none = await logsThat(() => missing);
    expect(await all(none.log.lines())).toEqual([]);
    const denied = await logsThat(() => ({ error: "AccessDeniedException" }));
    await expect(all(denied.log.lines())).rejects.toThrow(/needs logs:FilterLogEvents.*grantReadAudit/);
  });
});
