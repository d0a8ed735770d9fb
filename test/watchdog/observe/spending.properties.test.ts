import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOfSlot, startOfSlot, totalOf } from "../../../src/policy/index.ts";
import { nextWrite } from "../../../src/watchdog/ledger/record.ts";
import { rebase, type Spending, spendingAfter } from "../../../src/watchdog/observe/spending.ts";
import { at, HOUR, liveRun, run, runOfUnknownCost } from "../../support/builders.ts";

/** Looks at a run that started an hour before noon: some seconds after the one before, at whatever figure Apify tells. */
type Looks = {
  readonly all: readonly { readonly afterSecs: number; readonly microUsd: number | undefined }[];
  readonly ended: boolean;
};

const looks: fc.Arbitrary<Looks> = fc
  .array(
    fc.record({
      afterSecs: fc.oneof(fc.nat({ max: 90 }), fc.nat({ max: 70 * HOUR })),
      microUsd: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .chain((all) => fc.record({ all: fc.constant(all), ended: fc.boolean() }));

/** All looks one after the other; the last one may be a while after its end. */
function lookedAt({ all, ended }: Looks) {
  let spending: Spending = {};
  let secs = 0;
  let told: number | undefined;
  let last = liveRun();
  for (const [i, { afterSecs, microUsd }] of all.entries()) {
    secs += afterSecs;
    const end =
      ended && i === all.length - 1 ? { status: "SUCCEEDED", finishedAt: at(secs - afterSecs / 2) } : {};
    const seen =
      microUsd === undefined ? runOfUnknownCost(end) : run({ ...end, usageTotalMicroUsd: microUsd });
    spending = spendingAfter({ ...spending, life: 0 }, { run: seen, observedAt: at(secs) }, { life: 0 });
    told = microUsd ?? told;
    last = liveRun({ run: seen, observedAt: at(secs), ...spending });
  }
  return { spending, told, last, until: last.run.finishedAt ?? at(secs) };
}

describe("what a run spends", () => {
  it("comes to the last figure that was told, to the micro-dollar, whatever was corrected in between", () => {
    fc.assert(
      fc.property(looks, (some) => {
        const { spending, told } = lookedAt(some);
        expect(spending.spent?.microUsd).toBe(told);
        expect(totalOf(spending.unrecorded ?? {})).toBe(told ?? 0);
      }),
    );
  });

  it("lies between its start and its last look, or its end", () => {
    fc.assert(
      fc.property(looks, (some) => {
        const { spending, last, until } = lookedAt(some);
        for (const slot of Object.keys(spending.unrecorded ?? {})) {
          expect(endOfSlot(slot).getTime()).toBeGreaterThan(last.run.startedAt.getTime());
          expect(startOfSlot(slot).getTime()).toBeLessThanOrEqual(until.getTime());
        }
      }),
    );
  });

  it("is recorded step by step without losing any of it: what is recorded and what is not make the figure", () => {
    fc.assert(
      fc.property(looks, (some) => {
        let { last: live } = lookedAt(some);
        let inCells = 0;
        for (let step = 0; step < 10; step++) {
          const { write, written } = nextWrite(live);
          inCells += totalOf(write.spend);
          expect(write.record.spent?.microUsd ?? 0).toBe(inCells);
          expect(inCells + totalOf(written.unrecorded ?? {})).toBe(written.spent?.microUsd ?? 0);
          live = written;
          if (live.unrecorded === undefined) break;
        }
        expect(live.unrecorded).toBeUndefined();
      }),
    );
  });

  it("is the same however much of it somebody else has recorded meanwhile", () => {
    fc.assert(
      fc.property(looks, fc.integer({ min: 0, max: 1_000_000 }), (some, microUsd) => {
        const { last } = lookedAt(some);
        const item = {
          run: run(),
          life: 0,
          recordedAt: at(0),
          version: 5,
          spent: { at: at(0), microUsd },
          curve: [],
        };
        const { unrecorded = {}, spent, recorded } = rebase(last, item, undefined, at(0));
        expect((recorded?.spentMicroUsd ?? 0) + totalOf(unrecorded)).toBe(spent?.microUsd);
        expect(spent?.microUsd).toBe(last.spent?.microUsd ?? microUsd);
        expect(recorded?.version).toBe(5);
      }),
    );
  });
});
