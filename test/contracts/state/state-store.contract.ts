import { expect, it } from "vitest";
import { EMPTY_CONTROL } from "../../../src/watchdog/model/control.ts";
import { EMPTY_LEDGER } from "../../../src/watchdog/model/ledger-store.ts";
import { EMPTY_LIVE } from "../../../src/watchdog/model/live.ts";
import type { Backend } from "../backends.ts";
import { collect, controlState, ledgerWrite, liveRun, NOON, sealed } from "../samples.ts";
import { describeOn, type SuiteOptions } from "../suite.ts";
import { describeAwaited } from "./awaited.contract.ts";
import { describeControl } from "./control.contract.ts";
import { describeCounts } from "./counts.contract.ts";
import { describeExactness } from "./exactness.contract.ts";
import { describeExemptions } from "./exemptions.contract.ts";
import { describeLedgerState } from "./ledger-state.contract.ts";
import { describeLive } from "./live.contract.ts";
import { describeRecords } from "./records.contract.ts";
import { describeRuns } from "./runs.contract.ts";
import { describeSpend } from "./spend.contract.ts";

/** What every state store promises, with the audit store beside it. */
export function describeStateStore(
  name: string,
  start: () => Promise<Backend>,
  options: SuiteOptions = {},
): void {
  describeOn(`state store: ${name}`, start, options, (suite) => {
    describeControl(suite);
    describeExemptions(suite);
    describeLive(suite);
    describeAwaited(suite);
    describeRecords(suite);
    describeRuns(suite);
    describeSpend(suite);
    describeCounts(suite);
    describeExactness(suite);
    describeLedgerState(suite);

    it("counts the capacity of both stores until it is taken", async () => {
      await suite.state.writeControl(controlState(), 0);
      suite.state.takeConsumedCapacity();
      await suite.state.readControl();
      const reading = suite.state.takeConsumedCapacity();
      expect(reading.readUnits).toBeGreaterThan(0);
      expect(reading.writeUnits).toBe(0);

      await suite.state.writeLive({ version: 0, runs: new Map() });
      const one = suite.state.takeConsumedCapacity();
      expect(one).toEqual({ readUnits: 0, writeUnits: expect.any(Number) });
      expect(one.writeUnits).toBeGreaterThan(0);

      await suite.audit.append({ sealed: sealed(suite.account) });
      expect(suite.state.takeConsumedCapacity().writeUnits).toBeGreaterThan(one.writeUnits);
      expect(suite.state.takeConsumedCapacity()).toEqual({ readUnits: 0, writeUnits: 0 });
    });

    it("never shows an item of another account", async () => {
      const other = suite.backend.open(`${suite.account}-other`);
      await other.state.writeControl(controlState({ revision: 1 }), 0);
      await other.state.writeLive({ version: 0, runs: new Map([["run-1", liveRun()]]) });
      await other.state.writeAwaited({ due: NOON, runIds: ["run-1"] });
      await other.state.writeLedger([ledgerWrite({}, { spend: { "2026-11-24T12": 7 } })]);
      await other.state.writeLedgerState({ version: 0, drift: [] });
      await other.state.writeNames("actor", new Map([["id-1", { readAt: NOON }]]));
      await other.state.writeTypical("actor", new Map([["id-1", { readAt: NOON }]]));
      await other.plantExemption("run#run-1", "{}");
      await other.audit.append({
        sealed: sealed(`${suite.account}-other`, undefined, {}, "control"),
        control: { next: controlState(), expectedVersion: 1 },
        policy: { version: 1, document: {} },
      });

      expect(await suite.state.readControl()).toEqual(EMPTY_CONTROL);
      expect(await suite.state.readLive()).toEqual(EMPTY_LIVE);
      const span = { after: new Date(NOON.getTime() - 1), until: NOON };
      expect(await suite.state.readAwaited(span)).toEqual([]);
      expect(await suite.state.readRun("run-1")).toBeUndefined();
      expect((await suite.state.readRuns(["run-1"])).size).toBe(0);
      expect(await collect(suite.state.allRuns())).toEqual([]);
      expect(await suite.state.readSpend([{ from: "2026-11-24", to: "2026-11-24" }])).toEqual({
        cells: [],
        recordings: 0,
      });
      expect(await suite.state.readLedger()).toEqual(EMPTY_LEDGER);
      expect(await suite.state.readPolicy(1)).toBeUndefined();
      expect(await suite.state.readNames("actor", ["id-1"])).toEqual(new Map());
      expect(await suite.state.readTypical("actor", ["id-1"])).toEqual(new Map());
    });
  });
}
