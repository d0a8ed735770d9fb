import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunItem, Watched } from "../../../src/watchdog/model/ports.ts";
import { records } from "../arbitraries.ts";
import { collect, headOf, later, ledgerWrite, NOON, record, run, sealed } from "../samples.ts";
import type { Suite } from "../suite.ts";

const GAP = { from: later(1), to: later(300_000) };
const itemOf = (written: ReturnType<typeof ledgerWrite>): RunItem => ({ ...written.record, curve: [] });

/** What is recorded of runs. */
export function describeRuns(suite: Suite): void {
  describe("runs", () => {
    it("are unknown until they are written", async () => {
      expect(await suite.state.readRun("run-1")).toBeUndefined();
      expect(await suite.state.readRuns(["run-1"])).toEqual(new Map());
      expect(await suite.state.readRuns([])).toEqual(new Map());
      expect(await collect(suite.state.allRuns())).toEqual([]);
    });

    it("round trip every field", async () => {
      await fc.assert(
        fc.asyncProperty(records, async (each) => {
          const fresh = suite.backend.open(`account-${crypto.randomUUID()}`);
          await fresh.state.writeLedger([{ record: each, expectedVersion: 0, spend: {} }]);
          expect(await fresh.state.readRun(each.run.id)).toStrictEqual({ ...each, curve: [] });
        }),
        { numRuns: suite.runs },
      );
    });

    it("keep the record of the version that was expected, and report another as stale", async () => {
      const first = ledgerWrite();
      expect(await suite.state.writeLedger([first])).toEqual({ stale: [], recordings: 1 });
      const late = ledgerWrite({ status: "SUCCEEDED" });
      expect(await suite.state.writeLedger([late])).toEqual({ stale: ["run-1"], recordings: 0 });
      const early = ledgerWrite({ status: "SUCCEEDED" }, { expectedVersion: 7 });
      expect(await suite.state.writeLedger([early])).toEqual({ stale: ["run-1"], recordings: 0 });
      expect(await suite.state.readRun("run-1")).toEqual(itemOf(first));
      const second = ledgerWrite({ status: "SUCCEEDED" }, { expectedVersion: 1 });
      expect(await suite.state.writeLedger([second])).toEqual({ stale: [], recordings: 1 });
      expect(await suite.state.readRun("run-1")).toEqual(itemOf(second));
    });

    it("are all written when some of them are stale", async () => {
      await suite.state.writeLedger([ledgerWrite({ id: "old-1" }), ledgerWrite({ id: "old-2" })]);
      const others = Array.from({ length: 30 }, (_, index) => ledgerWrite({ id: `other-${index}` }));
      const mixed = [
        ledgerWrite({ id: "old-1", status: "?" }),
        ...others,
        ledgerWrite({ id: "old-2", status: "?" }),
      ];
      expect(await suite.state.writeLedger(mixed)).toEqual({ stale: ["old-1", "old-2"], recordings: 1 });
      const found = await suite.state.readRuns(mixed.map((each) => each.record.run.id));
      for (const other of others) expect(found.get(other.record.run.id)).toEqual(itemOf(other));
      expect(found.get("old-1")?.run.status).toBe("RUNNING");
    });

    it("are written by the hundreds, and read back by their ids and all together", async () => {
      const many = Array.from({ length: 250 }, (_, index) => ledgerWrite({ id: `run-${index}` }));
      const { stale, recordings } = await suite.state.writeLedger(many);
      expect(stale).toEqual([]);
      expect((await suite.state.readSpend([])).recordings).toBe(recordings);
      const ids = many.map((each) => each.record.run.id);
      const found = await suite.state.readRuns([...ids, ...ids, "nobody"]);
      expect(found.size).toBe(250);
      for (const each of many) expect(found.get(each.record.run.id)).toEqual(itemOf(each));
      const all = await collect(suite.state.allRuns());
      expect(new Map(all.map((item) => [item.run.id, item]))).toEqual(found);
      expect(all).toHaveLength(250);
    });

    it("that come twice in one call are written once for each version", async () => {
      const twice = [ledgerWrite(), ledgerWrite({ status: "?" })];
      expect((await suite.state.writeLedger(twice)).stale).toEqual(["run-1"]);
      const next = [ledgerWrite({}, { expectedVersion: 1 }), ledgerWrite({}, { expectedVersion: 2 })];
      expect((await suite.state.writeLedger(next)).stale).toEqual([]);
      expect((await suite.state.readRun("run-1"))?.version).toBe(3);
    });

    it("keep the points of their curve that each write adds", async () => {
      const points = [0, 3_600_000, 7_200_000].map((ms) => ({ at: later(ms), microUsd: ms / 1000 }));
      await suite.state.writeLedger([ledgerWrite({}, { points: points.slice(0, 2) })]);
      await suite.state.writeLedger([ledgerWrite({}, { expectedVersion: 1 })]);
      await suite.state.writeLedger([ledgerWrite({}, { expectedVersion: 2, points: points.slice(2) })]);
      expect((await suite.state.readRun("run-1"))?.curve).toEqual(points);
      expect((await suite.state.readRuns(["run-1"])).get("run-1")?.curve).toEqual(points);
      const stale = { expectedVersion: 2, points: [{ at: later(1), microUsd: 1 }] };
      await suite.state.writeLedger([ledgerWrite({}, stale)]);
      expect((await suite.state.readRun("run-1"))?.curve).toEqual(points);
    });

    it("keep how they were watched until a write says otherwise", async () => {
      const [first, then] = [
        { from: NOON },
        { from: NOON, activeUntil: later(1), gaps: [GAP], untold: [GAP] },
      ];
      const watchedAfter = async (expectedVersion: number, watched?: Watched) => {
        await suite.state.writeLedger([ledgerWrite({}, { expectedVersion, ...(watched && { watched }) })]);
        return (await suite.state.readRun("run-1"))?.watched;
      };
      expect(await watchedAfter(0)).toBeUndefined();
      expect(await watchedAfter(1, first)).toEqual(first);
      expect(await watchedAfter(2, then)).toEqual(then);
      expect(await watchedAfter(3)).toEqual(then);
      expect((await collect(suite.state.allRuns())).map(({ watched }) => watched)).toEqual([then]);
    });

    it("recorded before there was a ledger are of version 0, without spend, and are recorded on", async () => {
      const { version: _version, ...old } = record({ run: run({ status: "SUCCEEDED" }), settledAt: NOON });
      await suite.plantRun("run-1", JSON.stringify(old));
      const expected = { ...old, version: 0, curve: [] };
      expect(await suite.state.readRun("run-1")).toStrictEqual(expected);
      expect((await suite.state.readRuns(["run-1"])).get("run-1")).toStrictEqual(expected);
      expect(await collect(suite.state.allRuns())).toStrictEqual([expected]);
      const early = await suite.state.writeLedger([ledgerWrite({}, { expectedVersion: 1 })]);
      expect(early).toEqual({ stale: ["run-1"], recordings: 0 });
      const spent = { at: NOON, microUsd: 5 };
      const write = { ...ledgerWrite({}, { points: [spent] }), record: record({ spent }) };
      expect(await suite.state.writeLedger([write])).toEqual({ stale: [], recordings: 1 });
      expect(await suite.state.readRun("run-1")).toEqual({ ...record({ spent }), curve: [spent] });
    });

    it.each(["before", "after"] as const)(
      "keep the head of their chain that came %s the record",
      async (order) => {
        const entry = sealed(suite.account);
        if (order === "after") await suite.state.writeLedger([ledgerWrite()]);
        await suite.audit.append({ sealed: entry });
        const expectedVersion = order === "after" ? 1 : 0;
        const write = ledgerWrite({ status: "SUCCEEDED" }, { expectedVersion });
        await suite.state.writeLedger([write]);
        const item = { ...itemOf(write), head: headOf(entry) };
        expect(await suite.state.readRun("run-1")).toEqual(item);
        expect(await collect(suite.state.allRuns())).toEqual([item]);
      },
    );

    it("with a chain and no record read as unknown", async () => {
      await suite.audit.append({ sealed: sealed(suite.account) });
      expect(await suite.state.readRun("run-1")).toBeUndefined();
      expect(await suite.state.readRuns(["run-1"])).toEqual(new Map());
      expect(await collect(suite.state.allRuns())).toEqual([]);
    });
  });
}
