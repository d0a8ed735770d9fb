import { describe, expect, it } from "vitest";
import type { Cell, SpendBySlot } from "../../../src/policy/index.ts";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import { ledgerWrite, outcomes } from "../samples.ts";
import type { Suite } from "../suite.ts";

const HOURS = { from: "2026-11-24T00", to: "2026-11-25T23" };
const DAYS = { from: "2026-11-24", to: "2026-11-25" };

const byName = (cells: readonly Cell[]): Record<string, number> =>
  Object.fromEntries(
    cells.map(({ slot, actorId, actorTaskId = "", origin = "", microUsd }) => [
      `${slot} ${actorId}/${actorTaskId}/${origin}`,
      microUsd,
    ]),
  );

/** What was spent when, and by whom. */
export function describeSpend(suite: Suite): void {
  const read = async (...spans: readonly { from: string; to: string }[]) =>
    byName((await suite.state.readSpend(spans)).cells);
  const spend = (id: string, spend: SpendBySlot, expectedVersion = 0) =>
    ledgerWrite({ id }, { spend, expectedVersion });

  describe("spend", () => {
    it("is nothing, in no recording, before the first write", async () => {
      expect(await suite.state.readSpend([HOURS, DAYS])).toEqual({ cells: [], recordings: 0 });
      expect(await suite.state.writeLedger([])).toEqual({ stale: [], recordings: 0 });
      expect((await suite.state.readSpend([])).recordings).toBe(0);
    });

    it("of an hour is its hour's and its day's, that of a day its day's alone", async () => {
      await suite.state.writeLedger([spend("a", { "2026-11-24T12": 5, "2026-11-24": 7 })]);
      expect(await read(HOURS)).toEqual({ "2026-11-24T12 actor-1//API": 5 });
      expect(await read(DAYS)).toEqual({ "2026-11-24 actor-1//API": 12 });
    });

    it("adds up over runs of one transaction and of several, and corrections take from it", async () => {
      await suite.state.writeLedger([
        spend("a", { "2026-11-24T12": 5, "2026-11-25T00": 1 }),
        spend("b", { "2026-11-24T12": 10, "2026-11-24T13": 2 }),
      ]);
      await suite.state.writeLedger([spend("a", { "2026-11-24T12": -4, "2026-11-24T13": -3 }, 1)]);
      expect(await read(HOURS)).toEqual({
        "2026-11-24T12 actor-1//API": 11,
        "2026-11-24T13 actor-1//API": -1,
        "2026-11-25T00 actor-1//API": 1,
      });
      expect(await read(DAYS)).toEqual({ "2026-11-24 actor-1//API": 10, "2026-11-25 actor-1//API": 1 });
    });

    it("is told apart by Actor, task, schedule and origin, whatever their ids hold", async () => {
      const slot = { spend: { "2026-11-24T12": 1 } };
      const { origin: _none, ...bare } = ledgerWrite({ id: "d" }).record.run;
      const noOrigin = ledgerWrite({ id: "d" }, slot);
      await suite.state.writeLedger([
        ledgerWrite({ id: "a", actorTaskId: "t" }, slot),
        ledgerWrite({ id: "b", actorId: "actor|1", actorTaskId: "t%7C|" }, slot),
        ledgerWrite({ id: "c", origin: "a%25|b" }, slot),
        { ...noOrigin, record: { ...noOrigin.record, run: bare } },
        ledgerWrite({ id: "e", actorTaskId: "t", scheduleId: "s|%7C" }, slot),
        ledgerWrite({ id: "f", actorTaskId: "t", scheduleId: "s2" }, slot),
      ]);
      const { cells } = await suite.state.readSpend([HOURS]);
      const at = { slot: "2026-11-24T12", microUsd: 1 };
      expect(cells).toHaveLength(6);
      expect(cells).toEqual(
        expect.arrayContaining([
          { ...at, actorId: "actor-1", actorTaskId: "t", origin: "API" },
          { ...at, actorId: "actor|1", actorTaskId: "t%7C|", origin: "API" },
          { ...at, actorId: "actor-1", origin: "a%25|b" },
          { ...at, actorId: "actor-1" },
          { ...at, actorId: "actor-1", actorTaskId: "t", origin: "API", scheduleId: "s|%7C" },
          { ...at, actorId: "actor-1", actorTaskId: "t", origin: "API", scheduleId: "s2" },
        ]),
      );
    });

    it("is read by spans of hours and of days, both ends included", async () => {
      const slots = ["2026-11-23T23", "2026-11-24T00", "2026-11-24T23", "2026-11-25T00"];
      await suite.state.writeLedger([spend("a", Object.fromEntries(slots.map((slot) => [slot, 1])))]);
      expect(Object.keys(await read({ from: "2026-11-24T00", to: "2026-11-24T23" }))).toEqual([
        "2026-11-24T00 actor-1//API",
        "2026-11-24T23 actor-1//API",
      ]);
      expect(await read({ from: "2026-11-23", to: "2026-11-24" })).toEqual({
        "2026-11-23 actor-1//API": 1,
        "2026-11-24 actor-1//API": 2,
      });
      expect(await read({ from: "2026-11-25", to: "2026-11-24" })).toEqual({});
      expect(Object.keys(await read(DAYS, { from: "2026-11-24T00", to: "2026-11-24T00" }))).toHaveLength(3);
    });

    it("of a stale write is nowhere, and that of the others everywhere", async () => {
      await suite.state.writeLedger([spend("a", { "2026-11-24T12": 1 })]);
      const mixed = [spend("a", { "2026-11-24T12": 100 }), spend("b", { "2026-11-24T12": 10 })];
      expect((await suite.state.writeLedger(mixed)).stale).toEqual(["a"]);
      expect(await read(HOURS)).toEqual({ "2026-11-24T12 actor-1//API": 11 });
      expect((await suite.state.readSpend([])).recordings).toBe(2);
    });

    it("goes in exactly once when 20 writers expect the same version", async () => {
      const written = await Promise.all(
        Array.from({ length: 20 }, async () => {
          for (;;) {
            const attempt = suite.state.writeLedger([spend("a", { "2026-11-24T12": 3 })]);
            const answer = await attempt.catch((error) => {
              if (!(error instanceof ConflictError)) throw error;
            });
            if (answer) return answer;
          }
        }),
      );
      expect(written.filter(({ stale }) => stale.length === 0)).toHaveLength(1);
      expect(await read(HOURS)).toEqual({ "2026-11-24T12 actor-1//API": 3 });
      expect((await suite.state.readRun("a"))?.version).toBe(1);
    });

    it("of 120 runs of Actors of their own is in the cells, the counter moved by each transaction", async () => {
      const many = Array.from({ length: 120 }, (_, index) =>
        ledgerWrite({ id: `run-${index}`, actorId: `a${index}` }, { spend: { "2026-11-24T12": index + 1 } }),
      );
      const { recordings } = await suite.state.writeLedger(many);
      const reading = await suite.state.readSpend([DAYS]);
      expect(reading.recordings).toBe(recordings);
      expect(byName(reading.cells)).toEqual(
        Object.fromEntries(many.map((_, index) => [`2026-11-24 a${index}//API`, index + 1])),
      );
    });

    it("is written over as many as 98 hours and days at once, and refused, whole, beyond", async () => {
      const days = (count: number) =>
        Object.fromEntries(
          Array.from({ length: count }, (_, day) => [
            new Date(Date.UTC(2026, 0, day + 1)).toISOString().slice(0, 10),
            1,
          ]),
        );
      await expect(suite.state.writeLedger([spend("b", {}), spend("a", days(99))])).rejects.toThrow(
        "run a spent in 99 hours and days; write at most 98 at a time",
      );
      expect(await suite.state.readRun("b")).toBeUndefined();
      await suite.state.writeLedger([spend("a", days(98)), spend("b", days(98))]);
      const cells = await read({ from: "2026-01-01", to: "2026-12-31" });
      expect(Object.values(cells)).toEqual(Array.from({ length: 98 }, () => 2));
    });

    it.each([
      ["half a micro-dollar", { "2026-11-24T12": 0.5 }],
      ["no number", { "2026-11-24T12": Number.NaN }],
      ["a slot that is none", { "2026-11-24T12:30": 1 }],
      ["an hour that no day has", { "2026-11-24T24": 1 }],
    ])("of %s is refused, for nobody could read it", async (_what, wrong) => {
      await expect(suite.state.writeLedger([spend("a", wrong)])).rejects.toThrow("run a spent");
      expect(await suite.state.readRun("a")).toBeUndefined();
    });

    it("and its counter are of one moment, whoever writes meanwhile", async () => {
      let isWriting = true;
      const writing = (async () => {
        for (let version = 0; version < 15; version++) {
          await suite.state.writeLedger([spend("a", { "2026-11-24T12": 1, "2026-11-25T12": 1 }, version)]);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        isWriting = false;
      })();
      while (isWriting) {
        const [reading] = (await Promise.allSettled([suite.state.readSpend([DAYS, HOURS])])).values();
        if (reading?.status !== "fulfilled") continue;
        const { cells, recordings } = reading.value;
        expect(cells.every(({ microUsd }) => microUsd === recordings)).toBe(true);
        expect(cells).toHaveLength(recordings === 0 ? 0 : 4);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await writing;
      const { errors } = await outcomes([suite.state.readSpend([DAYS])]);
      expect(errors).toEqual([]);
    });
  });
}
