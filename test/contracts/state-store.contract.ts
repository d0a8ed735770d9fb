import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EMPTY_CONTROL } from "../../src/watchdog/control.ts";
import { ConflictError } from "../../src/watchdog/errors.ts";
import { EMPTY_LIVE, type Live } from "../../src/watchdog/live.ts";
import { controlStates, lives, records } from "./arbitraries.ts";
import type { Backend, Opened } from "./backends.ts";
import {
  controlState,
  headOf,
  later,
  liveRun,
  NOON,
  openIntent,
  outcomes,
  record,
  run,
  sealed,
} from "./samples.ts";

type Suite = { readonly skip?: boolean; readonly runs?: number };

/** What every state store promises. `runs`: how many generated values each round trip is tried with. */
export function describeStateStore(
  name: string,
  start: () => Promise<Backend>,
  { skip = false, runs = 20 }: Suite = {},
) {
  describe.skipIf(skip)(`state store: ${name}`, () => {
    let backend: Backend;
    let account: string;
    let store: Opened;

    beforeAll(async () => {
      backend = await start();
    });
    afterAll(() => backend?.stop());
    beforeEach(() => {
      account = `account-${crypto.randomUUID()}`;
      store = backend.open(account);
    });

    describe("control", () => {
      it("is empty, at version 0, before the first write", async () => {
        expect(await store.state.readControl()).toEqual(EMPTY_CONTROL);
      });

      it("comes back as it was written, at the next version", async () => {
        const next = controlState({ revision: 3, openIntents: [openIntent()] });
        await store.state.writeControl(next, 0);
        expect(await store.state.readControl()).toEqual({ ...next, version: 1, exemptions: [] });
        await store.state.writeControl(controlState({ revision: 4 }), 1);
        expect(await store.state.readControl()).toMatchObject({ revision: 4, version: 2, openIntents: [] });
      });

      it("refuses a write on a version that is not the stored one, and keeps what is stored", async () => {
        await store.state.writeControl(controlState({ revision: 1 }), 0);
        await expect(store.state.writeControl(controlState({ revision: 2 }), 0)).rejects.toThrow(
          ConflictError,
        );
        await expect(store.state.writeControl(controlState({ revision: 2 }), 2)).rejects.toThrow(
          "the control state has moved on from version 2",
        );
        expect(await store.state.readControl()).toMatchObject({ revision: 1, version: 1 });
      });

      it("lets exactly one of 20 writers win each version", async () => {
        for (const version of [0, 1, 2]) {
          const attempts = Array.from({ length: 20 }, (_, index) =>
            store.state.writeControl(controlState({ apifyUserId: `writer-${index}` }), version),
          );
          const { done, errors } = await outcomes(attempts);
          expect(done).toBe(1);
          expect(errors.every((error) => error instanceof ConflictError)).toBe(true);
          expect((await store.state.readControl()).version).toBe(version + 1);
        }
      });

      it("lets exactly one of 20 writers of the same words win", async () => {
        const attempts = Array.from({ length: 20 }, () => store.state.writeControl(controlState(), 0));
        expect((await outcomes(attempts)).done).toBe(1);
      });

      it("keeps the head of its chain whatever a plain write says of it", async () => {
        const entry = sealed(account, undefined, { kind: "control.paused" }, "control");
        await store.audit.append({ sealed: entry, control: { next: controlState(), expectedVersion: 0 } });
        await store.state.writeControl(controlState({ head: { sequence: 9, hash: "wrong" } }), 1);
        expect((await store.state.readControl()).head).toEqual(headOf(entry));
      });

      it("round trips every field", async () => {
        let version = 0;
        await fc.assert(
          fc.asyncProperty(controlStates, async (next) => {
            await store.state.writeControl(next, version);
            version += 1;
            expect(await store.state.readControl()).toStrictEqual({ version, ...next, exemptions: [] });
          }),
          { numRuns: runs },
        );
      });

      it("refuses what would not come back as it was", async () => {
        const next = controlState({ openIntents: [openIntent({ at: new Date(Number.NaN) })] });
        await expect(store.state.writeControl(next, 0)).rejects.toThrow(Error);
        expect(await store.state.readControl()).toEqual(EMPTY_CONTROL);
      });
    });

    describe("exemptions", () => {
      const VALID = JSON.stringify({ until: NOON.toISOString(), owner: "ops", reason: "import" });

      it("are read with control, their subjects taken from their keys", async () => {
        await store.plantExemption("run#run-1", VALID);
        await store.plantExemption(
          "actor#acme#x",
          JSON.stringify({ ...JSON.parse(VALID), ceilingMicroUsd: 5 }),
        );
        const { exemptions } = await store.state.readControl();
        expect(exemptions).toEqual([
          {
            kind: "valid",
            subject: { kind: "actor", id: "acme#x" },
            until: NOON,
            ceilingMicroUsd: 5,
            owner: "ops",
            reason: "import",
          },
          {
            kind: "valid",
            subject: { kind: "run", id: "run-1" },
            until: NOON,
            owner: "ops",
            reason: "import",
          },
        ]);
      });

      it.each([
        ["no JSON", "{"],
        ["another kind of JSON", "null"],
        ["no end", JSON.stringify({ owner: "ops", reason: "import" })],
        ["an end in words", VALID.replace(NOON.toISOString(), "tomorrow")],
        ["an end that only looks like a date", VALID.replace(NOON.toISOString(), "1")],
        ["a ceiling in words", VALID.replace("}", ',"ceilingMicroUsd":"5 USD"}')],
      ])("are malformed with %s, and keep their subject", async (_what, text) => {
        await store.plantExemption("rule#rule-1", text);
        const { exemptions } = await store.state.readControl();
        expect(exemptions).toEqual([
          { kind: "malformed", subject: { kind: "rule", id: "rule-1" }, problem: expect.any(String) },
        ]);
      });

      it.each(["ruin#run-1", "run#", "run", "actor"])(
        "without a subject in their key, as in %s, are malformed and protect every run",
        async (key) => {
          await store.plantExemption(key, VALID);
          const { exemptions } = await store.state.readControl();
          expect(exemptions).toEqual([{ kind: "malformed", problem: expect.stringContaining(key) }]);
        },
      );
    });

    describe("live", () => {
      const liveOf = (runs: readonly string[], version = 0): Live => ({
        version,
        runs: new Map(runs.map((id) => [id, liveRun({ id })])),
      });

      it("is empty, at version 0, before the first write", async () => {
        expect(await store.state.readLive()).toEqual(EMPTY_LIVE);
      });

      it("comes back as it was written, at the next version, without the detail of its runs", async () => {
        const detailed = liveRun({ detail: { stats: { memAvgBytes: 1 } } });
        await store.state.writeLive({ version: 0, runs: new Map([["run-1", detailed]]) });
        expect(await store.state.readLive()).toEqual({ version: 1, runs: new Map([["run-1", liveRun()]]) });
      });

      it("lets exactly one of 20 writers win each version", async () => {
        for (const version of [0, 1]) {
          const attempts = Array.from({ length: 20 }, (_, index) =>
            store.state.writeLive(liveOf([`writer-${index}`], version)),
          );
          const { done, errors } = await outcomes(attempts);
          expect(done).toBe(1);
          expect(errors.every((error) => error instanceof ConflictError)).toBe(true);
          expect((await store.state.readLive()).version).toBe(version + 1);
        }
      });

      it("round trips every field", async () => {
        let version = 0;
        await fc.assert(
          fc.asyncProperty(lives, async (content) => {
            await store.state.writeLive({ version, ...content });
            version += 1;
            expect(await store.state.readLive()).toStrictEqual({ version, ...content });
          }),
          { numRuns: runs },
        );
      });

      it("round trips 2,000 runs, with characters of every width, and grows and shrinks again", async () => {
        const many = Array.from({ length: 2_000 }, (_, index) => `run-${index}-é漢😀`);
        const large = liveOf(many);
        await store.state.writeLive(liveOf(["run-1"]));
        await store.state.writeLive({ ...large, version: 1 });
        expect(await store.state.readLive()).toEqual({ ...large, version: 2 });
        await store.state.writeLive({ ...large, version: 2, cursor: NOON });
        expect(await store.state.readLive()).toEqual({ ...large, version: 3, cursor: NOON });
        await store.state.writeLive(liveOf(["run-1"], 3));
        expect(await store.state.readLive()).toEqual(liveOf(["run-1"], 4));
      });

      it("refuses a large write on a version that is not the stored one, and keeps what is stored", async () => {
        const large = liveOf(Array.from({ length: 2_000 }, (_, index) => `run-${index}`));
        await store.state.writeLive(large);
        const { done, errors } = await outcomes([store.state.writeLive(large), store.state.writeLive(large)]);
        expect(done).toBe(0);
        expect(errors.every((error) => error instanceof ConflictError)).toBe(true);
        expect(await store.state.readLive()).toEqual({ ...large, version: 1 });
      });

      it("never shows a mixture of two large writes", async () => {
        const largeBy = (writer: string) => Array.from({ length: 2_000 }, (_, index) => `${writer}-${index}`);
        await store.state.writeLive(liveOf(largeBy("writer-0")));
        const writing = (async () => {
          for (const version of [1, 2, 3, 4]) {
            await store.state.writeLive(liveOf(largeBy(`writer-${version}`), version));
          }
        })();
        for (let read = 0; read < 8; read++) {
          const { version, runs: seen } = await store.state.readLive();
          expect([...seen.keys()]).toEqual(largeBy(`writer-${version - 1}`));
        }
        await writing;
      });
    });

    describe("runs", () => {
      it("are unknown until they are written", async () => {
        expect(await store.state.readRun("run-1")).toBeUndefined();
      });

      it("round trip every field", async () => {
        await fc.assert(
          fc.asyncProperty(records, async (each) => {
            const fresh = backend.open(`account-${crypto.randomUUID()}`);
            await fresh.state.writeRuns([each]);
            expect(await fresh.state.readRun(each.run.id)).toStrictEqual(each);
          }),
          { numRuns: runs },
        );
      });

      it("keep the newest record whatever the order of the writes, and drop an older one silently", async () => {
        const [old, young] = [record({ recordedAt: NOON }), record({ recordedAt: later(1), life: 1 })];
        await store.state.writeRuns([young]);
        await store.state.writeRuns([old]);
        expect(await store.state.readRun("run-1")).toEqual(young);
        const same = record({ recordedAt: later(1), life: 2 });
        await store.state.writeRuns([same]);
        expect(await store.state.readRun("run-1")).toEqual(same);
      });

      it("are all written when one of them is dropped", async () => {
        await store.state.writeRuns([record({ recordedAt: later(1) })]);
        const others = Array.from({ length: 30 }, (_, index) =>
          record({ run: run({ id: `other-${index}` }) }),
        );
        await store.state.writeRuns([record(), ...others]);
        for (const other of others) expect(await store.state.readRun(other.run.id)).toEqual(other);
      });

      it.each(["before", "after"] as const)(
        "keep the head of their chain that came %s the record",
        async (order) => {
          const entry = sealed(account);
          if (order === "after") await store.state.writeRuns([record()]);
          await store.audit.append({ sealed: entry });
          await store.state.writeRuns([record({ life: 1 })]);
          expect(await store.state.readRun("run-1")).toEqual({ ...record({ life: 1 }), head: headOf(entry) });
        },
      );

      it("with a chain and no record read as unknown", async () => {
        await store.audit.append({ sealed: sealed(account) });
        expect(await store.state.readRun("run-1")).toBeUndefined();
      });
    });

    describe("names and policies", () => {
      it("gives the names it knows, by kind", async () => {
        await store.state.writeNames("actor", new Map([["id-1", { name: "acme/x", readAt: NOON }]]));
        await store.state.writeNames("task", new Map([["id-2", { readAt: NOON }]]));
        expect(await store.state.readNames("actor", ["id-1", "id-1", "id-2"])).toEqual(
          new Map([["id-1", { name: "acme/x", readAt: NOON }]]),
        );
        expect(await store.state.readNames("task", ["id-2"])).toEqual(new Map([["id-2", { readAt: NOON }]]));
        expect(await store.state.readNames("task", [])).toEqual(new Map());
      });

      it("gives 250 names at once, and the later of two", async () => {
        const names = new Map(
          Array.from({ length: 250 }, (_, index) => [`id-${index}`, { name: `n${index}`, readAt: NOON }]),
        );
        await store.state.writeNames("actor", new Map([["id-0", { name: "old", readAt: NOON }]]));
        await store.state.writeNames("actor", names);
        expect(await store.state.readNames("actor", [...names.keys()])).toEqual(names);
      });

      it("knows no policy that was not pushed", async () => {
        expect(await store.state.readPolicy(1)).toBeUndefined();
      });
    });

    it("counts the capacity of both stores until it is taken", async () => {
      await store.state.writeControl(controlState(), 0);
      store.state.takeConsumedCapacity();
      await store.state.readControl();
      const reading = store.state.takeConsumedCapacity();
      expect(reading.readUnits).toBeGreaterThan(0);
      expect(reading.writeUnits).toBe(0);

      await store.state.writeLive({ version: 0, runs: new Map() });
      const one = store.state.takeConsumedCapacity();
      expect(one).toEqual({ readUnits: 0, writeUnits: expect.any(Number) });
      expect(one.writeUnits).toBeGreaterThan(0);

      await store.audit.append({ sealed: sealed(account) });
      expect(store.state.takeConsumedCapacity().writeUnits).toBeGreaterThan(one.writeUnits);
      expect(store.state.takeConsumedCapacity()).toEqual({ readUnits: 0, writeUnits: 0 });
    });

    it("never shows an item of another account", async () => {
      const other = backend.open(`${account}-other`);
      await other.state.writeControl(controlState({ revision: 1 }), 0);
      await other.state.writeLive({ version: 0, runs: new Map([["run-1", liveRun()]]) });
      await other.state.writeRuns([record()]);
      await other.state.writeNames("actor", new Map([["id-1", { readAt: NOON }]]));
      await other.plantExemption("run#run-1", "{}");
      await other.audit.append({
        sealed: sealed(`${account}-other`, undefined, {}, "control"),
        control: { next: controlState(), expectedVersion: 1 },
        policy: { version: 1, document: {} },
      });

      expect(await store.state.readControl()).toEqual(EMPTY_CONTROL);
      expect(await store.state.readLive()).toEqual(EMPTY_LIVE);
      expect(await store.state.readRun("run-1")).toBeUndefined();
      expect(await store.state.readPolicy(1)).toBeUndefined();
      expect(await store.state.readNames("actor", ["id-1"])).toEqual(new Map());
    });
  });
}
