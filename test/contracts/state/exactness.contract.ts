import fc from "fast-check";
import { expect, it } from "vitest";
import { addSpend, isHourSlot, type SpendBySlot, totalOf } from "../../../src/policy/index.ts";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import type { LedgerWrite, LedgerWritten, StateStore } from "../../../src/watchdog/model/ports.ts";
import { collect, later, record, run } from "../samples.ts";
import type { Suite } from "../suite.ts";

type Amount = { readonly runId: string; readonly spend: SpendBySlot };

const slots = fc.constantFrom("2026-11-23", "2026-11-24", "2026-11-24T00", "2026-11-24T01", "2026-11-25T00");
const spends = fc.dictionary(slots, fc.integer({ min: -1_000, max: 1_000_000 }), { maxKeys: 3 });
const runIds = fc.constantFrom("run-1", "run-2", "run-3");
const batches = fc.uniqueArray(fc.record({ runId: runIds, spend: spends }), {
  selector: ({ runId }) => runId,
  minLength: 1,
  maxLength: 3,
});
const writers = fc.array(batches, { minLength: 1, maxLength: 4 });

async function nextOf(state: StateStore, amounts: readonly Amount[]): Promise<readonly LedgerWrite[]> {
  const items = await state.readRuns(amounts.map(({ runId }) => runId));
  return amounts.map(({ runId, spend }) => {
    const item = items.get(runId);
    const expectedVersion = item?.version ?? 0;
    const spent = {
      at: later(expectedVersion * 1000),
      microUsd: (item?.spent?.microUsd ?? 0) + totalOf(spend),
    };
    const each = run({ id: runId, actorId: `actor-of-${runId}` });
    const version = expectedVersion + 1;
    return { record: record({ run: each, version, spent }), expectedVersion, spend, points: [spent] };
  });
}

/** Writes batch after batch as a tick does: what is stale is read again and written on top. */
async function writeAll(state: StateStore, work: readonly (readonly Amount[])[]): Promise<number> {
  let recordings = 0;
  for (const batch of work) {
    for (let open = batch; open.length > 0; ) {
      const writes = await nextOf(state, open);
      const written: LedgerWritten | undefined = await state.writeLedger(writes).catch((error) => {
        if (error instanceof ConflictError) return undefined;
        throw error;
      });
      if (written === undefined) continue;
      recordings += written.recordings;
      open = open.filter(({ runId }) => written.stale.includes(runId));
    }
  }
  return recordings;
}

/** To the micro-dollar, whoever writes at the same time. */
export function describeExactness(suite: Suite): void {
  it("holds in its cells what its runs spent, to the micro-dollar, after any writes by two writers", async () => {
    await fc.assert(
      fc.asyncProperty(writers, writers, async (one, other) => {
        const { state } = suite.backend.open(`account-${crypto.randomUUID()}`);
        const counts = await Promise.all([writeAll(state, one), writeAll(state, other)]);

        const due = [...one, ...other].flat();
        const runs = await collect(state.allRuns());
        const days = await state.readSpend([{ from: "2026-11-01", to: "2026-12-01" }]);
        const sum = (cells: typeof days.cells, actorId: string) =>
          cells.filter((cell) => cell.actorId === actorId).reduce((all, { microUsd }) => all + microUsd, 0);
        for (const { run: each, spent, version, curve } of runs) {
          const own = due.filter(({ runId }) => runId === each.id);
          expect(spent?.microUsd).toBe(totalOf(own.reduce((all, { spend }) => addSpend(all, spend), {})));
          expect(sum(days.cells, each.actorId)).toBe(spent?.microUsd);
          expect([version, curve.length]).toEqual([own.length, own.length]);
          expect(curve.at(-1)?.microUsd).toBe(spent?.microUsd);
        }
        expect(runs).toHaveLength(new Set(due.map(({ runId }) => runId)).size);

        const hours = await state.readSpend([{ from: "2026-11-01T00", to: "2026-12-01T00" }]);
        const ofHours = due
          .flatMap(({ spend }) => Object.entries(spend))
          .filter(([slot]) => isHourSlot(slot));
        expect(totalOf(Object.fromEntries(hours.cells.map((cell, i) => [i, cell.microUsd])))).toBe(
          ofHours.reduce((all, [, microUsd]) => all + microUsd, 0),
        );
        expect(days.recordings).toBe(counts[0] + counts[1]);
      }),
      { numRuns: suite.runs },
    );
  });
}
