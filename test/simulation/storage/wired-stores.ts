import type { Process } from "../process/process.ts";
import type { Weather } from "../process/weather.ts";
import type { Look, Stores } from "./storage.ts";

/** Stores of this process behind the wire: a call of theirs is one call on it. */
export function wiredStores(
  process: Process,
  weather: Weather,
  look: Look,
  { state, audit }: Stores,
): Stores {
  const error = (fails: "before" | "after"): Error =>
    new Error(`the store did not answer (${fails} the effect)`);
  /** The memory stores do their work at once when called: that is the instant of the effect. */
  const wired = <T>(what: string, work: () => Promise<T>): Promise<T> =>
    process.send({
      what,
      passage: weather.store(),
      error,
      effect: () => {
        const value = work();
        look(process.id, what);
        return { value };
      },
    });
  return {
    state: {
      readControl: () => wired("readControl", () => state.readControl()),
      writeControl: (next, version) => wired("writeControl", () => state.writeControl(next, version)),
      markTampering: (seen) => state.markTampering(seen),
      unmarkTampering: (mark) => wired("unmarkTampering", () => state.unmarkTampering(mark)),
      readLive: () => wired("readLive", () => state.readLive()),
      writeLive: (live) => wired("writeLive", () => state.writeLive(live)),
      writeAwaited: (awaited) => wired("writeAwaited", () => state.writeAwaited(awaited)),
      readAwaited: (span) => wired("readAwaited", () => state.readAwaited(span)),
      readPolicy: (version) => wired("readPolicy", () => state.readPolicy(version)),
      writeLedger: (writes) => wired("writeLedger", () => state.writeLedger(writes)),
      readRun: (runId) => wired("readRun", () => state.readRun(runId)),
      readRuns: (runIds) => wired("readRuns", () => state.readRuns(runIds)),
      allRuns: () => state.allRuns(),
      readSpend: (spans) => wired("readSpend", () => state.readSpend(spans)),
      readLedger: () => wired("readLedger", () => state.readLedger()),
      writeLedgerState: (next) => wired("writeLedgerState", () => state.writeLedgerState(next)),
      readNames: (kind, ids) => wired("readNames", () => state.readNames(kind, ids)),
      writeNames: (kind, names) => wired("writeNames", () => state.writeNames(kind, names)),
      readTypical: (kind, ids) => wired("readTypical", () => state.readTypical(kind, ids)),
      writeTypical: (kind, typical) => wired("writeTypical", () => state.writeTypical(kind, typical)),
      readAccounts: () => state.readAccounts(),
      takeConsumedCapacity: () => state.takeConsumedCapacity(),
    },
    audit: {
      readChain: (chain) => wired(`readChain ${chain}`, () => audit.readChain(chain)),
      isTaken: (chain, sequence) => wired(`isTaken ${chain}`, () => audit.isTaken(chain, sequence)),
      readHead: (chain) => wired(`readHead ${chain}`, () => audit.readHead(chain)),
      append: (append) =>
        wired(`append ${append.sealed.entry.kind} to ${append.sealed.entry.chain}`, () =>
          audit.append(append),
        ),
      list: (span) => audit.list(span),
      all: () => audit.all(),
      heads: () => audit.heads(),
    },
  };
}
