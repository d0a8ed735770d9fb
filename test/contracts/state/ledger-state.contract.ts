import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import { EMPTY_LEDGER } from "../../../src/watchdog/model/ledger-store.ts";
import { ledgers } from "../arbitraries.ts";
import { NOON, outcomes } from "../samples.ts";
import type { Suite } from "../suite.ts";

/** What is known of the ledger as a whole. */
export function describeLedgerState(suite: Suite): void {
  describe("the ledger's state", () => {
    it("is empty, at version 0, before the first write", async () => {
      expect(await suite.state.readLedger()).toEqual(EMPTY_LEDGER);
    });

    it("round trips every field", async () => {
      let version = 0;
      await fc.assert(
        fc.asyncProperty(ledgers, async (content) => {
          await suite.state.writeLedgerState({ version, ...content });
          version += 1;
          expect(await suite.state.readLedger()).toStrictEqual({ version, ...content });
        }),
        { numRuns: suite.runs },
      );
    });

    it("lets exactly one of 20 writers win each version", async () => {
      for (const version of [0, 1]) {
        const attempts = Array.from({ length: 20 }, () =>
          suite.state.writeLedgerState({ version, completeSince: NOON, drift: [] }),
        );
        const { done, errors } = await outcomes(attempts);
        expect(done).toBe(1);
        expect(errors.every((error) => error instanceof ConflictError)).toBe(true);
        expect((await suite.state.readLedger()).version).toBe(version + 1);
      }
    });
  });
}
