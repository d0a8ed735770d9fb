import { expect, it } from "vitest";
import { runChain } from "../../../src/watchdog/model/entry.ts";
import type { Backend } from "../backends.ts";
import { collect, later, NOON, sealed } from "../samples.ts";
import { describeOn, type SuiteOptions } from "../suite.ts";
import { describeAppend } from "./append.contract.ts";
import { describeAtomicity } from "./append-atomicity.contract.ts";
import { describeAuditReading } from "./audit-reading.contract.ts";

const CHAIN = runChain("run-1");

/** What every audit store promises, with the state store beside it. */
export function describeAuditStore(
  name: string,
  start: () => Promise<Backend>,
  options: SuiteOptions = {},
): void {
  describeOn(`audit store: ${name}`, start, options, (suite) => {
    describeAppend(suite);
    describeAtomicity(suite);
    describeAuditReading(suite);

    it("never shows an entry of another account", async () => {
      const other = suite.backend.open(`${suite.account}-other`);
      await other.audit.append({ sealed: sealed(`${suite.account}-other`) });
      expect(await suite.audit.readChain(CHAIN)).toEqual([]);
      expect(await collect(suite.audit.list({ from: NOON, to: later(1) }))).toEqual([]);
      expect(await collect(suite.audit.heads())).toEqual([]);
      expect(await collect(suite.audit.all())).toEqual([]);
    });

    it("shows every entry of all chains, however old or far ahead it is dated", async () => {
      const dates = ["2015-01-01T00:00:00.000Z", "2026-11-24T12:00:00.000Z", "9999-12-31T00:00:00.000Z"];
      for (const [index, at] of dates.entries()) {
        const entry = sealed(
          suite.account,
          undefined,
          { at, runId: `run-${index}` },
          runChain(`run-${index}`),
        );
        await suite.audit.append({ sealed: entry });
      }
      const chains = dates.map((_at, index) => runChain(`run-${index}`));
      const each = await Promise.all(chains.map((chain) => suite.audit.readChain(chain)));
      const all = await collect(suite.audit.all());
      expect(all.toSorted((a, b) => a.chain.localeCompare(b.chain))).toEqual(each.flat());
      expect(all).toHaveLength(dates.length);
    });
  });
}
