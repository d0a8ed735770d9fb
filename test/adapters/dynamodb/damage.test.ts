import { createHash } from "node:crypto";
import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDynamoStores } from "../../../src/adapters/dynamodb/stores.ts";
import { ConfigError } from "../../../src/watchdog/model/errors.ts";
import {
  controlState,
  EXEMPTION,
  headOf,
  later,
  liveRun,
  NOON,
  outcomes,
  record,
  run,
  sealed,
} from "../../contracts/samples.ts";
import { type Engine, engineMissing, startEngine } from "../../support/engines/engine.ts";
import { ACCOUNT, plant, startTables, stateItem, storesOver, TABLES } from "./support.ts";

/** Ids that no packing makes smaller than half: two hundred runs' are more than an item holds. */
const unpackable = (seed: number): readonly string[] =>
  Array.from({ length: 8 }, (_, i) => createHash("sha512").update(`${seed}/${i}`).digest("hex"));

describe.skipIf(engineMissing)(`stores on damaged or missing tables ${engineMissing ?? ""}`, () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await startTables();
  });
  afterEach(() => engine?.stop());

  const getState = async (sk: string) => (await stateItem(engine, sk)) ?? {};

  describe("not set up", () => {
    it("say which tables are missing and what to set", async () => {
      const empty = await startEngine();
      const { state, audit } = storesOver(empty.client());
      const attempts = [
        state.readControl(),
        state.writeControl(controlState(), 0),
        state.readLive(),
        audit.readChain("control"),
        audit.append({ sealed: sealed(ACCOUNT) }),
      ];
      const { errors } = await outcomes(attempts);
      await empty.stop();
      expect(errors).toHaveLength(attempts.length);
      for (const error of errors) {
        expect(error).toBeInstanceOf(ConfigError);
        expect(error.message).toBe(
          `The state table "state" or the audit table "audit" does not exist at ${empty.url}. ` +
            "Set STATE_TABLE and AUDIT_TABLE to the names of the tables that were deployed, and AWS_REGION " +
            "(or AWS_ENDPOINT_URL_DYNAMODB) to where they are.",
        );
      }
    });

    it.each(["", "acme#shop"])("refuse the account %j, whose keys could be another's", (account) => {
      const options = { client: engine.client(), ...TABLES, account, random: () => 0, sleep: async () => {} };
      expect(() => createDynamoStores(options)).toThrow(ConfigError);
    });
  });

  describe("holding what can't be read", () => {
    it.each([
      ["text that is no JSON", { version: 1, text: "{" }],
      ["no text", { version: 1 }],
      ["another shape", { version: 1, text: JSON.stringify({ ...controlState(), openIntents: [{}] }) }],
      ["no version", { text: JSON.stringify(controlState()) }],
      ["a version in words", { version: "one", text: JSON.stringify(controlState()) }],
    ])("never take a control item with %s for empty", async (_what, content) => {
      await plant(engine, { sk: "control", ...content });
      const { state } = storesOver(engine.client());
      const reading = state.readControl();
      await expect(reading).rejects.toThrow(ConfigError);
      await expect(state.readControl()).rejects.toThrow(
        'The item "control" of account "acme" in table "state"',
      );
    });

    it.each([
      ["text that is no JSON", { version: 1, text: "" }],
      ["no version", { text: JSON.stringify({ runs: [] }) }],
      ["bytes that can't be unpacked", { version: 1, packed: new Uint8Array([1, 2, 3]) }],
      ["text where bytes belong", { version: 1, packed: "e30=" }],
      ["no parts at all", { version: 1, parts: 0 }],
      ["parts that are gone", { version: 1, parts: 2 }],
    ])("never take a live item with %s for empty", async (_what, content) => {
      await plant(engine, { sk: "live", ...content });
      const { state } = storesOver(engine.client());
      await expect(state.readLive()).rejects.toThrow('The item "live" of account "acme" in table "state"');
    });

    it("name the run whose record can't be read", async () => {
      await plant(engine, { sk: "run#run-1", text: "?", recordedAt: 1 });
      await expect(storesOver(engine.client()).state.readRun("run-1")).rejects.toThrow(
        'The item "run#run-1"',
      );
    });

    it("leave out a name that can't be read", async () => {
      await plant(engine, { sk: "name#actor#id-1", text: "?" });
      expect(await storesOver(engine.client()).state.readNames("actor", ["id-1"])).toEqual(new Map());
    });

    it("leave out what is typical and can't be read", async () => {
      await plant(engine, { sk: "typical#task#id-1", text: '{"typical":{"runTimeSecs":{"median":"1"}}}' });
      expect(await storesOver(engine.client()).state.readTypical("task", ["id-1"])).toEqual(new Map());
    });
  });

  describe("read in the middle of a transaction", () => {
    it("treat an exemption that control promises, and that does not show up, as malformed", async () => {
      const { state, audit, waits } = storesOver(engine.client());
      const control = { next: controlState(), expectedVersion: 0 };
      await audit.append({
        sealed: sealed(ACCOUNT, undefined, {}, "control"),
        control,
        exemption: { put: EXEMPTION },
      });
      const Key = marshall({ pk: ACCOUNT, sk: "control#exemption#run#run-1" });
      await engine.client().send(new DeleteItemCommand({ TableName: TABLES.stateTable, Key }));
      expect((await state.readControl()).exemptions).toEqual([
        { kind: "malformed", subject: EXEMPTION.subject, problem: expect.any(String) },
      ]);
      expect(waits).toHaveLength(2);
    });

    it("read control again until the exemption granted with it shows up", async () => {
      const { audit } = storesOver(engine.client());
      const control = { next: controlState(), expectedVersion: 0 };
      await audit.append({
        sealed: sealed(ACCOUNT, undefined, {}, "control"),
        control,
        exemption: { put: EXEMPTION },
      });
      const sk = "control#exemption#run#run-1";
      const granted = await getState(sk);
      await plant(engine, { ...granted, version: 0, text: "an older one" });
      const sleep = async () => {
        await plant(engine, granted);
      };
      const options = { client: engine.client(), ...TABLES, account: ACCOUNT, random: () => 0, sleep };
      expect((await createDynamoStores(options).state.readControl()).exemptions).toEqual([EXEMPTION]);
    });

    it("go by no exemption that a later one has replaced, and protect its subject instead", async () => {
      const { state, audit } = storesOver(engine.client());
      const control = { next: controlState(), expectedVersion: 0 };
      const exemption = { put: EXEMPTION };
      const first = sealed(ACCOUNT, undefined, {}, "control");
      await audit.append({ sealed: first, control, exemption });
      const older = await getState("control#exemption#run#run-1");
      await audit.append({
        sealed: sealed(ACCOUNT, headOf(first), { entryId: "entry-2" }, "control"),
        control: { ...control, expectedVersion: 1 },
        exemption: { put: { ...EXEMPTION, until: later(120_000) } },
      });
      await plant(engine, older);
      expect((await state.readControl()).exemptions).toEqual([
        { kind: "malformed", subject: EXEMPTION.subject, problem: expect.any(String) },
      ]);
    });

    it("read a live index again while its parts are of two versions, and say so when they stay so", async () => {
      const { state, waits } = storesOver(engine.client());
      const many = Array.from(
        { length: 2_000 },
        (_, index) =>
          [`run-${index}`, { ...liveRun({ id: `run-${index}` }), said: unpackable(index) }] as const,
      );
      await state.writeLive({ version: 0, runs: new Map(many) });
      const whole = await getState("live#0001");
      await plant(engine, { ...whole, version: 2 });
      await expect(state.readLive()).rejects.toThrow("not all of version 1");
      expect(waits).toHaveLength(4);
      const sleep = async () => {
        await plant(engine, whole);
      };
      const options = { client: engine.client(), ...TABLES, account: ACCOUNT, random: () => 0, sleep };
      expect((await createDynamoStores(options).state.readLive()).runs.size).toBe(2_000);
    });
  });

  it("read a live index as it was kept before it was packed, in one piece and in parts", async () => {
    const { state } = storesOver(engine.client());
    const text = '{"runs":[],"cursor":1000}';
    await plant(engine, { sk: "live", version: 4, text });
    expect(await state.readLive()).toEqual({ version: 4, runs: new Map(), cursor: new Date(1_000) });
    await plant(engine, { sk: "live", version: 5, parts: 2 });
    await plant(engine, { sk: "live#0000", version: 5, text: text.slice(0, 9) });
    await plant(engine, { sk: "live#0001", version: 5, text: text.slice(9) });
    expect(await state.readLive()).toEqual({ version: 5, runs: new Map(), cursor: new Date(1_000) });
    await state.writeLive({ version: 5, runs: new Map() });
    expect(await getState("live")).toMatchObject({ version: 6, packed: expect.any(Uint8Array) });
  });

  it("let a run's item expire 400 days after its end, and only while it is settled", async () => {
    const { state } = storesOver(engine.client());
    const ended = run({ status: "SUCCEEDED", finishedAt: NOON });
    const ending = (overrides: Parameters<typeof record>[0], expectedVersion: number) =>
      state.writeLedger([
        { record: record({ ...overrides, version: expectedVersion + 1 }), expectedVersion, spend: {} },
      ]);
    await ending({ run: ended }, 0);
    expect(await getState("run#run-1")).not.toHaveProperty("expiresAt");
    await ending({ run: ended, settledAt: later(1) }, 1);
    expect(await getState("run#run-1")).toHaveProperty("expiresAt", NOON.getTime() / 1000 + 400 * 86_400);
    await ending({ run: run(), life: 1 }, 2);
    expect(await getState("run#run-1")).not.toHaveProperty("expiresAt");
  });
});
