import { beforeAll, describe, expect, it } from "vitest";
import { buildFunctions } from "../../functions/build.ts";
import { readCourierEnv } from "../../functions/notifier-contract.ts";
import type { Notice } from "../../src/watchdog/model/notice.ts";
import { noticeOf } from "../../src/watchdog/notify/notice-of.ts";
import { invokeBuilt, REQUEST } from "../support/notices/invoke-built.ts";
import { held, nameOf, PLACE, stopped } from "../support/notices/notice-entries.ts";
import { PretendAws } from "../support/notices/pretend-aws.ts";
import { receiver } from "../support/notices/receiver.ts";

const KEY = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDC2FVsBQIhrs=";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:stops";

const first = noticeOf(stopped, nameOf, PLACE);
const second = noticeOf(held(1), nameOf, PLACE);

/** All four channels, to receivers of this machine and to pretend services, with secrets where they belong. */
async function deployed() {
  const aws = await PretendAws.start();
  const [slack, hook] = [await receiver(), await receiver()];
  aws.secrets.set("arn:slack", `${slack.url}/services/s3cret`);
  aws.parameters.set("/hook", JSON.stringify({ url: `${hook.url}/s3cret`, key: KEY }));
  const targets = {
    mail: { kind: "sns", topicArn: TOPIC },
    events: { kind: "eventbridge", bus: "default" },
    slack: { kind: "slack", secretArn: "arn:slack" },
    webhook: { kind: "webhook", parameterName: "/hook" },
  };
  const channels = Object.entries(targets).map(([name, target]) => ({
    name,
    queueUrl: aws.queueUrl(name),
    givenUpUrl: aws.queueUrl(`${name}-given-up`),
    target,
  }));
  const env = {
    ...aws.env,
    ACCOUNT: "acme",
    STACK_NAME: "RunWatchdog-acme",
    CHANNELS: JSON.stringify(channels),
  };
  return { aws, slack, hook, env, invoke: (event: unknown) => invokeBuilt("courier", event, env) };
}

/** A message of a channel's queue, as Lambda hands it over. */
const message = (channel: string, notices: readonly Notice[], messageId = `m-${channel}`) => ({
  messageId,
  eventSource: "aws:sqs",
  body: JSON.stringify({ channel, notices }),
});

const CHANNELS = ["mail", "events", "slack", "webhook"] as const;

describe("the built courier", () => {
  beforeAll(() => buildFunctions());

  it("sends what waits to each channel in its own form", async () => {
    const { aws, slack, hook, invoke } = await deployed();
    const Records = [
      message("mail", [first, second]),
      message("events", [first, second]),
      message("slack", [first, second]),
      message("webhook", [first]),
    ];
    const { answer, output } = await invoke({ Records });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(aws.published[0]?.get("Subject")).toBe("[acme] 2 notices: 1 STOPPED, 1 HELD");
    expect(aws.events.map(({ Detail }) => JSON.parse(String(Detail)))).toEqual([first, second]);
    expect(JSON.parse(slack.received[0]?.body ?? "").blocks[0].text.text).toContain("2 notices");
    expect(hook.received.map(({ body }) => JSON.parse(body))).toEqual([first]);
    expect(hook.received[0]?.headers["webhook-signature"]).toMatch(/^v1,/);
    expect(output).not.toMatch(/s3cret|whsec|overshoot/);
  });

  it("leaves in its queue what a channel does not take, and sends the rest", async () => {
    const { aws, slack, hook, invoke } = await deployed();
    slack.answer = { status: 500, body: "an answer that says s3cret" };
    aws.refusals.set("Publish", { error: "NotFound" });
    const { answer, logged, output } = await invoke({
      Records: CHANNELS.map((name) => message(name, [first])),
    });
    expect(answer).toEqual({
      batchItemFailures: [{ itemIdentifier: "m-mail" }, { itemIdentifier: "m-slack" }],
    });
    expect([aws.events.length, hook.received.length]).toEqual([1, 1]);
    expect(logged).toContainEqual(
      expect.objectContaining({ message: "a message could not be sent", why: "the answer was HTTP 500" }),
    );
    expect(output).not.toContain("s3cret");
  });

  it("gives up a receiver that hangs, and sends what is behind it", async () => {
    const { slack, hook, invoke } = await deployed();
    slack.answer = "hangs";
    const { answer } = await invoke({ Records: [message("slack", [first]), message("webhook", [second])] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m-slack" }] });
    expect(hook.received).toHaveLength(1);
  });

  it.each([
    { body: "no JSON, a s3cret", what: "no JSON" },
    { body: '{"channel":"fax","notices":[]}', what: "of a channel that is not there" },
  ])("leaves a message that is $what to its queue, which gives it up", async ({ body }) => {
    const { hook, invoke } = await deployed();
    const bad = { messageId: "bad", eventSource: "aws:sqs", body };
    const { answer, output } = await invoke({ Records: [bad, message("webhook", [first])] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
    expect(hook.received).toHaveLength(1);
    expect(output).not.toContain("s3cret");
  });

  it("says which secret can't be read, and never what is in one", async () => {
    const { aws, invoke } = await deployed();
    aws.secrets.clear();
    const { logged } = await invoke({ Records: [message("slack", [first])] });
    expect(new Set(logged.map(({ requestId }) => requestId))).toEqual(new Set([REQUEST]));
    expect(JSON.stringify(logged)).toContain("the secret arn:slack does not exist");
  });

  it("tries every channel past its queue, and says what came of each and what waits there", async () => {
    const { aws, slack, hook, invoke } = await deployed();
    aws.confirmed = 0;
    hook.answer = { status: 403 };
    aws.sizes.set("slack-given-up", 3);
    const { answer, output } = await invoke({ test: "1234" });
    const empty = { waiting: 0, givenUp: 0 };
    expect(answer).toEqual({
      channels: [
        {
          channel: "mail",
          taken: true,
          says: "Amazon SNS took it as message m-1",
          reaches: 0,
          backlog: empty,
        },
        {
          channel: "events",
          taken: true,
          says: "EventBridge took it for the bus default; its rules say who gets it",
          backlog: empty,
        },
        { channel: "slack", taken: true, says: "Slack answered 200", backlog: { waiting: 0, givenUp: 3 } },
        { channel: "webhook", taken: false, says: "the answer was HTTP 403", backlog: empty },
      ],
    });
    expect(JSON.parse(String(aws.events[0]?.Detail))).toMatchObject({
      kind: "test",
      id: "test-1234",
      account: "acme",
    });
    expect(slack.received[0]?.body).toContain("TEST: notices arrive here");
    expect(output).not.toContain("s3cret");
  });

  it("puts back what channels gave up, where they gave up something", async () => {
    const { aws, invoke } = await deployed();
    aws.sizes.set("slack-given-up", 3);
    const { answer } = await invoke({ resend: true });
    expect(answer.channels.map(({ channel, again }: Record<string, unknown>) => [channel, again])).toEqual([
      ["mail", 0],
      ["events", 0],
      ["slack", 3],
      ["webhook", 0],
    ]);
    expect(aws.movedBack).toEqual(["slack-given-up"]);
  });
});

describe("readCourierEnv()", () => {
  it("says what a channel lacks, by its place", () => {
    const CHANNELS = JSON.stringify([
      { name: "mail", queueUrl: "q", givenUpUrl: "g", target: { kind: "sns" } },
    ]);
    expect(() => readCourierEnv({ CHANNELS })).toThrow("CHANNELS.0.target.topicArn is missing");
  });
});
