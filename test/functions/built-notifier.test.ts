import { marshall } from "@aws-sdk/util-dynamodb";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { buildFunctions } from "../../functions/build.ts";
import { TAMPERING_METRIC } from "../../functions/contract.ts";
import { readNotifierEnv } from "../../functions/notifier-contract.ts";
import { createDynamoStores } from "../../src/adapters/dynamodb/stores.ts";
import type { LetterBody } from "../../src/watchdog/model/notice.ts";
import { createTables, engineMissing, startEngine } from "../support/engines/engine.ts";
import { invokeBuilt, REQUEST } from "../support/notices/invoke-built.ts";
import { PretendAws } from "../support/notices/pretend-aws.ts";
import { fiveUsd } from "../support/policies.ts";
import { watch } from "../support/watch.ts";
import { OVER_5_USD, worldOf } from "../support/world.ts";

const TABLES = { stateTable: "state", auditTable: "audit" };

/** Pretend queues, a DynamoDB with a watchdog's tables, and what the function is told of them. */
async function deployed(kinds?: readonly string[]) {
  const aws = await PretendAws.start();
  const engine = await startEngine();
  onTestFinished(() => engine.stop());
  const client = engine.client();
  onTestFinished(() => client.destroy());
  await createTables(client, TABLES);
  const options = { client, ...TABLES, account: "default", random: () => 0.5, sleep: async () => undefined };
  const outboxes = [
    { name: "mail", channel: "sns", queueUrl: aws.queueUrl("mail"), ...(kinds && { kinds }) },
    { name: "hook", channel: "webhook", queueUrl: aws.queueUrl("hook") },
  ];
  const env = {
    ...aws.env,
    AWS_ENDPOINT_URL_DYNAMODB: engine.url,
    STATE_TABLE: "state",
    AUDIT_TABLE: "audit",
    STACK_NAME: "RunWatchdog",
    RUNNER: "npx apify-run-watchdog",
    OUTBOXES: JSON.stringify(outboxes),
    DEAD_LETTER_QUEUE: aws.queueUrl("untold"),
  };
  return {
    aws,
    env,
    stores: createDynamoStores(options),
    /** The messages that were put into a queue. */
    messages: (queue: string): readonly LetterBody[] => aws.bodiesIn(queue).map((body) => JSON.parse(body)),
    invoke: (event: unknown) => invokeBuilt("notifier", event, env),
  };
}

type Deployed = Awaited<ReturnType<typeof deployed>>;

/** A record of the stream, as DynamoDB writes it. */
const recordOf = (text: string, index = 0) => ({
  eventName: "INSERT",
  eventSource: "aws:dynamodb",
  dynamodb: {
    SequenceNumber: String(index + 1),
    ApproximateCreationDateTime: 1_795_521_791,
    Keys: marshall({ pk: "default#run#abc", sk: index + 1 }),
    NewImage: marshall({ text, kind: "abort.confirmed", hash: "new" }),
  },
});

/** The records of a run that costs 7 USD and is stopped by this watchdog, whose names the tables know. */
async function story({ stores }: Deployed) {
  const { ticks, ports, runIds } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
  await ticks(3);
  const [runId = ""] = runIds();
  const chain = await ports.audit.readChain(`run#${runId}`);
  const actorId = chain[0]?.copies.actorId ?? "";
  await stores.state.writeNames("actor", new Map([[actorId, { name: "acme/shop", readAt: new Date() }]]));
  return { runId, records: chain.map(({ text }, index) => recordOf(text, index)) };
}

describe.skipIf(engineMissing)(`the built notifier${engineMissing ? ` (${engineMissing})` : ""}`, () => {
  beforeAll(() => buildFunctions());

  it("puts what is to be known into the queue of each channel, together for people, with names and commands", async () => {
    const world = await deployed(["abort.*"]);
    const { runId, records } = await story(world);
    const { answer } = await world.invoke({ Records: records });
    expect(answer).toEqual({ batchItemFailures: [] });
    const [mail, ...more] = world.messages("mail");
    expect(more).toEqual([]);
    expect(mail?.notices.map(({ title }) => title)).toEqual(
      ["STOPPING", "ASKED", "STOPPED"].map((word) => `${word}: acme/shop, run ${runId} (no-run-over-5-usd)`),
    );
    expect(mail?.notices[2]?.command).toMatch(/^npx apify-run-watchdog undo \w+ .* --stack RunWatchdog$/);
    expect(world.messages("hook").map(({ channel, notices }) => [channel, notices.length])).toEqual(
      Array(3).fill(["hook", 1]),
    );
    expect(world.messages("untold")).toEqual([]);
  });

  it("notifies people of what they should know, where they don't say of what", async () => {
    const world = await deployed();
    const { records } = await story(world);
    await world.invoke({ Records: records });
    expect(world.messages("mail").flatMap(({ notices }) => notices.map(({ word }) => word))).toEqual([
      "STOPPED",
    ]);
  });

  it("keeps what it can't read for a person, says where it stood and never what it was", async () => {
    const world = await deployed();
    const { records } = await story(world);
    const { answer, output, logged } = await world.invoke({
      Records: [recordOf("no JSON, a s3cret"), ...records],
    });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(world.messages("untold")).toEqual([
      { unreadable: "default#run#abc 1, record 1", why: "it is no JSON" },
    ]);
    expect(world.messages("mail")).toHaveLength(1);
    expect(output).toContain("an entry can't be read and is passed over");
    expect(output).not.toContain("s3cret");
    expect(logged.map(({ requestId }) => requestId)).toEqual([REQUEST]);
  });

  it("keeps what one channel's queue refuses, and fills the others", async () => {
    const world = await deployed();
    world.aws.refusals.set("mail", { error: "AccessDenied" });
    const { records } = await story(world);
    const { answer } = await world.invoke({ Records: records });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(world.messages("untold")).toMatchObject([{ channel: "mail", notices: [{ word: "STOPPED" }] }]);
    expect(world.messages("hook")).toHaveLength(3);
  });

  it("asks for the whole batch again where nothing of it is safe anywhere", async () => {
    const world = await deployed();
    world.aws.refusals.set("SendMessageBatch", { error: "ServiceUnavailable" });
    const { records } = await story(world);
    const { answer } = await world.invoke({ Records: records });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }] });
  });

  it.each([
    { eventName: "MODIFY", change: "changed" },
    { eventName: "REMOVE", change: "removed" },
  ])("rings at a $eventName, and announces it", async ({ eventName, change }) => {
    const world = await deployed();
    const { dynamodb } = recordOf("{}", 2);
    const { NewImage, ...rest } = dynamodb;
    const OldImage = marshall({ text: "{}", kind: "abort.confirmed", hash: "old", entryId: "0a1b" });
    const record = {
      eventName,
      dynamodb: { ...rest, OldImage, ...(eventName === "MODIFY" && { NewImage }) },
    };
    const { answer, logged } = await world.invoke({ Records: [record] });
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(logged).toContainEqual(
      expect.objectContaining({ [TAMPERING_METRIC.dimension]: "default", [TAMPERING_METRIC.name]: 1 }),
    );
    expect(world.messages("mail")[0]?.notices[0]).toMatchObject({
      kind: "audit.tampered",
      title: `TAMPERED: entry 3 of run#abc was ${change}`,
    });
    const { tampering } = await world.stores.state.readControl();
    expect(tampering?.seen, "marked for the next tick").toBe(1);
    expect(JSON.parse(tampering?.first ?? "")).toMatchObject({ change, chain: "run#abc", sequence: 3 });
  });

  it("makes a digest of what the audit table says, for the day until then", async () => {
    const world = await deployed();
    const watched = await watch(worldOf(OVER_5_USD), {
      policy: fiveUsd(),
      stores: world.stores,
      on: "engine",
    });
    await watched.ticks(3);
    const time = new Date(watched.emulator.clock.now()).toISOString();
    const { answer } = await world.invoke({ digest: "daily", time });
    expect(answer).toBeNull();
    const [digest] = world.messages("mail").flatMap(({ notices }) => notices);
    expect(digest).toMatchObject({ kind: "digest", text: "1 run stopped" });
    expect(digest?.facts).toContainEqual(expect.objectContaining({ name: "Stopped" }));
    expect(digest?.facts.find(({ name }) => name === "Change")?.value).toContain("POLICY: version 1");
  });

  it("fails where a digest can't be made, so that it is tried again", async () => {
    const world = await deployed();
    const env = { ...world.env, AUDIT_TABLE: "gone" };
    const { answer } = await invokeBuilt("notifier", { digest: "weekly", time: "2026-11-30T07:00:00Z" }, env);
    expect(answer.name).toBe("ConfigError");
  });

  it("says which variable is missing", async () => {
    const { answer } = await invokeBuilt("notifier", { Records: [] }, { AWS_REGION: "us-east-1" });
    expect(answer).toMatchObject({ name: "ConfigError" });
    expect(answer.message).toContain("DEAD_LETTER_QUEUE is missing: wanted the URL of the queue");
  });
});

describe("readNotifierEnv()", () => {
  const env = { STATE_TABLE: "s", AUDIT_TABLE: "a", DEAD_LETTER_QUEUE: "https://sqs/untold" };
  const outbox = { name: "mail", channel: "sns", queueUrl: "https://sqs/mail" };

  it("reads the outboxes, none where there are none", () => {
    expect(readNotifierEnv(env)).toMatchObject({ ACCOUNT: "default", OUTBOXES: [] });
    expect(readNotifierEnv({ ...env, OUTBOXES: JSON.stringify([outbox]) }).OUTBOXES).toEqual([outbox]);
  });

  it.each([
    { OUTBOXES: "{", says: "OUTBOXES can't be used: wanted JSON" },
    { OUTBOXES: "{}", says: "OUTBOXES can't be used: wanted a list" },
    { OUTBOXES: JSON.stringify([{ ...outbox, channel: "fax" }]), says: "OUTBOXES.0.channel can't be used" },
    {
      OUTBOXES: JSON.stringify([{ ...outbox, kinds: ["abort.stopped"] }]),
      says: "wanted some of step.notified, ",
    },
  ])("says what is wrong with $OUTBOXES", ({ OUTBOXES, says }) => {
    expect(() => readNotifierEnv({ ...env, OUTBOXES })).toThrow(says);
  });
});
