import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { retrying } from "../../../src/adapters/dynamodb/retry.ts";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import { controlState, sealed } from "../../contracts/samples.ts";
import { type Engine, engineMissing } from "../../support/engines/engine.ts";
import type { Fate } from "../../support/proxy.ts";
import { ACCOUNT, firstOf, startTables, storesOver, through } from "./support.ts";

const THROTTLED: Fate = { kind: "error", status: 400, type: "ProvisionedThroughputExceededException" };
const CROWDED: Fate = {
  kind: "error",
  status: 400,
  type: "TransactionCanceledException",
  more: { CancellationReasons: [{ Code: "None" }, { Code: "TransactionConflict" }] },
};
const LOST: Fate = { kind: "lose" };

describe.skipIf(engineMissing)(`stores on a busy DynamoDB ${engineMissing ?? ""}`, () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await startTables();
  });
  afterEach(() => engine?.stop());

  describe("throttled or crowded out", () => {
    it("try again after growing waits, and succeed", async () => {
      await through(engine, firstOf("Query", THROTTLED, 4), async ({ state, waits }, requests) => {
        expect((await state.readControl()).version).toBe(0);
        expect(waits).toEqual([50, 100, 200, 400]);
        expect(requests).toHaveLength(5);
      });
    });

    it("give up after five tries, with the error as it was", async () => {
      await through(engine, firstOf("Query", THROTTLED, 99), async ({ state }, requests) => {
        await expect(state.readControl()).rejects.toThrow("ProvisionedThroughputExceeded");
        expect(requests).toHaveLength(5);
      });
    });

    it.each([
      "InternalServerError",
      "ThrottlingException",
      "RequestLimitExceeded",
      "TransactionConflictException",
    ])("try again after %s", async (type) => {
      const fate: Fate = { kind: "error", status: type === "InternalServerError" ? 500 : 400, type };
      await through(engine, firstOf("UpdateItem", fate), async ({ state }) => {
        await state.writeControl(controlState(), 0);
        expect((await state.readControl()).version).toBe(1);
      });
    });

    it("repeat a crowded transaction with the same token", async () => {
      await through(engine, firstOf("TransactWriteItems", CROWDED, 2), async ({ audit }, requests) => {
        await audit.append({ sealed: sealed(ACCOUNT) });
        expect(await audit.readChain("run#run-1")).toHaveLength(1);
        const tokens = requests.flatMap(({ body }) => body.ClientRequestToken ?? []);
        expect(tokens).toHaveLength(3);
        expect(new Set(tokens).size).toBe(1);
      });
    });

    it("call a transaction that stays crowded a conflict: nothing was written", async () => {
      await through(engine, firstOf("TransactWriteItems", CROWDED, 99), async ({ audit }) => {
        await expect(audit.append({ sealed: sealed(ACCOUNT) })).rejects.toThrow(ConflictError);
        expect(await audit.readChain("run#run-1")).toEqual([]);
      });
    });

    it("never try a failed condition again", async () => {
      await storesOver(engine.client()).audit.append({ sealed: sealed(ACCOUNT) });
      await through(
        engine,
        () => ({ kind: "pass" }),
        async ({ audit, waits }, requests) => {
          const error: Error = await audit.append({ sealed: sealed(ACCOUNT) }).then(
            () => expect.unreachable(),
            (reason) => reason,
          );
          expect(error).toBeInstanceOf(ConflictError);
          expect(error.cause).toMatchObject({ name: "TransactionCanceledException" });
          expect([requests.length, waits.length]).toEqual([1, 0]);
        },
      );
    });
  });

  describe("with little time left", () => {
    const leaving = (leftMs: () => number) => ({ random: () => 1, sleep: async () => undefined, leftMs });

    it("try again only while that leaves time for what comes after", async () => {
      let left = 20_000;
      let tries = 0;
      const slow = async () => {
        tries += 1;
        left -= 3_000;
        throw new Error("no answer");
      };
      await expect(
        retrying(
          slow,
          () => true,
          leaving(() => left),
        ),
      ).rejects.toThrow("no answer");
      expect(tries).toBe(5);
      [left, tries] = [12_000, 0];
      await expect(
        retrying(
          slow,
          () => true,
          leaving(() => left),
        ),
      ).rejects.toThrow("no answer");
      expect([left, tries]).toEqual([6_000, 2]);
    });

    it("wait for no answer until the very end", async () => {
      const asked = retrying(
        () => new Promise(() => undefined),
        () => true,
        leaving(() => 3_000),
      );
      await expect(asked).rejects.toThrow("DynamoDB did not answer in the time that was left");
    });
  });

  describe("whose answer is lost after the write was done", () => {
    it("find their own append done, and no conflict", async () => {
      await through(engine, firstOf("TransactWriteItems", LOST), async ({ audit }) => {
        await audit.append({
          sealed: sealed(ACCOUNT),
          control: { next: controlState(), expectedVersion: 0 },
        });
        expect(await audit.readChain("run#run-1")).toHaveLength(1);
      });
    });

    it("find their own control state and live index written, and no conflict", async () => {
      await through(engine, firstOf("UpdateItem", LOST), async ({ state }) => {
        await state.writeControl(controlState({ revision: 1 }), 0);
        expect(await state.readControl()).toMatchObject({ version: 1, revision: 1 });
      });
      await through(engine, firstOf("PutItem", LOST), async ({ state }) => {
        await state.writeLive({ version: 0, runs: new Map() });
        expect((await state.readLive()).version).toBe(1);
      });
    });
  });
});
