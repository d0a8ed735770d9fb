import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { AWS_CLIENT } from "../../../src/adapters/notify/aws-client.ts";
import { EVENT_SOURCE, EVENT_TYPE, eventBus } from "../../../src/adapters/notify/event-bus.ts";
import { deadLettersIn, outboxIn } from "../../../src/adapters/notify/outbox.ts";
import { Queue } from "../../../src/adapters/notify/queue.ts";
import { snsTopic } from "../../../src/adapters/notify/sns-topic.ts";
import type { Notice } from "../../../src/watchdog/model/notice.ts";
import { noticeOf } from "../../../src/watchdog/notify/notice-of.ts";
import { held, nameOf, PLACE, stopped, warned } from "../../support/notices/notice-entries.ts";
import { PretendAws } from "../../support/notices/pretend-aws.ts";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:stops";
const notices = [noticeOf(stopped, nameOf, PLACE), noticeOf(warned(80), nameOf, PLACE)];
const [first] = notices as [Notice];
const test: Notice = { ...first, kind: "test" };

const optionsFor = ({ url }: PretendAws) => ({
  ...AWS_CLIENT,
  endpoint: url,
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

describe("snsTopic()", () => {
  it("publishes notices as one mail, with what a subscription may filter by", async () => {
    const aws = await PretendAws.start();
    await snsTopic(TOPIC, new SNSClient(optionsFor(aws))).send(notices);
    expect(aws.published).toHaveLength(1);
    const [published] = aws.published;
    expect(published?.get("TopicArn")).toBe(TOPIC);
    expect(published?.get("Subject")).toBe("[acme] 2 notices: 1 STOPPED, 1 NOTICE");
    expect(published?.get("Message")).toContain("STOPPED: acme/shop-products, run iOIRSSnkEYKwhMeAJ");
    expect([...(published?.values() ?? [])]).toEqual(
      expect.arrayContaining(["kind", "abort.confirmed", "acme"]),
    );
  });

  it("says of a test how many it reaches, where that may be read", async () => {
    const aws = await PretendAws.start();
    const topic = snsTopic(TOPIC, new SNSClient(optionsFor(aws)));
    aws.confirmed = 0;
    expect(await topic.send([test])).toEqual({ said: "Amazon SNS took it as message m-1", reaches: 0 });
    aws.refusals.set("GetTopicAttributes", { error: "AuthorizationError" });
    expect(await topic.send([test])).toEqual({ said: "Amazon SNS took it as message m-1" });
  });

  it("throws what Amazon SNS refuses", async () => {
    const aws = await PretendAws.start();
    aws.refusals.set("Publish", { error: "NotFound" });
    await expect(snsTopic(TOPIC, new SNSClient(optionsFor(aws))).send([first])).rejects.toThrow();
  });
});

describe("eventBus()", () => {
  it("puts each notice on the bus as an event of its own, whose detail it is", async () => {
    const aws = await PretendAws.start();
    await eventBus("default", new EventBridgeClient(optionsFor(aws))).send(notices);
    expect(
      aws.events.map(({ Source, DetailType, EventBusName }) => [Source, DetailType, EventBusName]),
    ).toEqual([
      [EVENT_SOURCE, EVENT_TYPE, "default"],
      [EVENT_SOURCE, EVENT_TYPE, "default"],
    ]);
    expect(aws.events.map(({ Detail }) => JSON.parse(String(Detail)))).toEqual(notices);
    expect(aws.events[0]?.Time).toBe(Date.parse(first.at) / 1_000);
  });

  it("takes an answer that refuses single events for a refusal, though it says 200", async () => {
    const aws = await PretendAws.start();
    const sending = eventBus("full", new EventBridgeClient(optionsFor(aws))).send(notices);
    await expect(sending).rejects.toThrow("EventBridge refused 2 of 2 events: ThrottlingException");
  });
});

describe("an outbox in a queue", () => {
  const settings = {
    name: "mail",
    kinds: new Set(["abort.confirmed"] as const),
    mostTogether: 40,
    forPeople: true,
  };

  it("holds messages that say whose they are, in as many requests as SQS wants", async () => {
    const aws = await PretendAws.start();
    const outbox = outboxIn(new Queue(aws.queueUrl("mail"), new SQSClient(optionsFor(aws))), settings);
    const messages = Array.from({ length: 25 }, (_none, index) => [noticeOf(held(index), nameOf, PLACE)]);
    expect(await outbox.put(messages)).toEqual({ left: [] });
    const bodies = aws.bodiesIn("mail").map((body) => JSON.parse(body));
    expect(bodies).toHaveLength(25);
    expect(bodies.map(({ channel }) => channel)).toEqual(Array(25).fill("mail"));
    expect(bodies.flatMap((body) => body.notices)).toEqual(expect.arrayContaining(messages.flat()));
  });

  it("gives back what the queue does not take, and why", async () => {
    const aws = await PretendAws.start();
    aws.refusals.set("mail", { error: "QueueDoesNotExist" });
    const outbox = outboxIn(new Queue(aws.queueUrl("mail"), new SQSClient(optionsFor(aws))), settings);
    const { left, why } = await outbox.put([[first]]);
    expect(left).toEqual([[first]]);
    expect(why).toContain("QueueDoesNotExist");
  });

  it("is dead letters' last place: what it does not take is an error", async () => {
    const aws = await PretendAws.start();
    aws.refusals.set("untold", { error: "AccessDenied" });
    const letters = deadLettersIn(new Queue(aws.queueUrl("untold"), new SQSClient(optionsFor(aws))));
    await expect(letters.put([{ a: 1 }, { b: 2 }])).rejects.toThrow("does not take 2: AccessDenied");
  });

  it("knows about how many are in it, and moves back what was given up", async () => {
    const aws = await PretendAws.start();
    const queue = new Queue(aws.queueUrl("mail-given-up"), new SQSClient(optionsFor(aws)));
    aws.sizes.set("mail-given-up", 3);
    expect(await queue.size()).toBe(3);
    await queue.moveBack();
    expect(aws.movedBack).toEqual(["mail-given-up"]);
  });
});
