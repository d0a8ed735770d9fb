import { describe, expect, it } from "vitest";
import type { Cell } from "../../../src/policy/index.ts";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import type { LedgerWrite } from "../../../src/watchdog/model/ports.ts";
import { later, ledgerWrite } from "../samples.ts";
import type { Suite } from "../suite.ts";

const HOUR = "2026-11-24T12";
const STARTED = { counts: { runs: { [HOUR]: 1 } }, counted: { failures: 0 } };
const FAILED = {
  counts: { failures: { "2026-11-24T13": 1 } },
  counted: { failures: 1, failedAt: later(3_600_000) },
};

/** How many runs started and failed, by whom and when. */
export function describeCounts(suite: Suite): void {
  const read = async (from: string, to = from): Promise<readonly Cell[]> =>
    (await suite.state.readSpend([{ from, to }])).cells;
  const write = (id: string, more: Partial<LedgerWrite>) =>
    suite.state.writeLedger([ledgerWrite({ id }, more)]);

  describe("counts", () => {
    it("lie beside the money, in their hours and days", async () => {
      await suite.state.writeLedger([
        ledgerWrite({ id: "a" }, { ...STARTED, spend: { [HOUR]: 5 } }),
        ledgerWrite({ id: "b" }, STARTED),
      ]);
      await write("a", { ...FAILED, expectedVersion: 1 });
      const who = { actorId: "actor-1", origin: "API" };
      expect(await read(HOUR, "2026-11-24T13")).toEqual([
        { ...who, slot: HOUR, microUsd: 5, runs: 2 },
        { ...who, slot: "2026-11-24T13", microUsd: 0, failures: 1 },
      ]);
      expect(await read("2026-11-24")).toEqual([
        { ...who, slot: "2026-11-24", microUsd: 5, runs: 2, failures: 1 },
      ]);
    });

    it("are told apart by Actor, task, schedule and origin, as money is", async () => {
      const of = { actorId: "actor|1", actorTaskId: "t", origin: "SCHEDULER", scheduleId: "s%7C" };
      await suite.state.writeLedger([ledgerWrite({ id: "a", ...of }, STARTED)]);
      expect(await read(HOUR)).toEqual([{ ...of, slot: HOUR, microUsd: 0, runs: 1 }]);
    });

    it("stand in the run's item, and stay there when it is recorded again without them", async () => {
      await write("a", STARTED);
      expect((await suite.state.readRun("a"))?.counted).toEqual({ failures: 0 });
      await write("a", { ...FAILED, expectedVersion: 1 });
      await write("a", { expectedVersion: 2 });
      expect((await suite.state.readRuns(["a"])).get("a")?.counted).toEqual(FAILED.counted);
    });

    it("take a start once, though somebody who counts nothing recorded the run since", async () => {
      await write("a", STARTED);
      await write("a", { expectedVersion: 1 });
      const again = [
        ledgerWrite({ id: "a" }, { ...STARTED, expectedVersion: 2 }),
        ledgerWrite({ id: "b" }, STARTED),
      ];
      expect((await suite.state.writeLedger(again)).stale).toEqual(["a"]);
      expect((await read(HOUR)).map(({ runs }) => runs)).toEqual([2]);
    });

    it("take a start once when ten writers bring it", async () => {
      await Promise.all(
        Array.from({ length: 10 }, () =>
          write("a", STARTED).catch((error) => {
            if (!(error instanceof ConflictError)) throw error;
          }),
        ),
      );
      expect((await read(HOUR)).map(({ runs }) => runs)).toEqual([1]);
    });

    it("of a hundred runs and their money go in together", async () => {
      const many = Array.from({ length: 100 }, (_, i) =>
        ledgerWrite(
          { id: `run-${i}`, actorId: `a${i}` },
          {
            counts: { ...STARTED.counts, failures: { [HOUR]: 1 } },
            counted: FAILED.counted,
            spend: { [HOUR]: 7 },
          },
        ),
      );
      await suite.state.writeLedger(many);
      const cells = await read(HOUR);
      expect(cells).toHaveLength(100);
      expect(cells.every((each) => each.runs === 1 && each.failures === 1 && each.microUsd === 7)).toBe(true);
    });

    it.each([0, -1, 0.5])("of %s are refused", async (n) => {
      await expect(write("a", { ...STARTED, counts: { runs: { [HOUR]: n } } })).rejects.toThrow(
        `run a is counted ${n} times`,
      );
    });
  });
}
