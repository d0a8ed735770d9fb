import type { Cell, SlotSpan, Spender } from "../../policy/index.ts";
import {
  EMPTY_LEDGER,
  type LedgerState,
  type LedgerStore,
  type LedgerWrite,
  type LedgerWritten,
  type RunItem,
  type SpendReading,
} from "../../watchdog/model/ledger-store.ts";
import { checkLedgerWrites, itemsOfSlot } from "../../watchdog/stored/check-ledger.ts";
import {
  curveFigures,
  decodeCurve,
  decodeLedger,
  decodeRecord,
  decodeWatched,
  encodeLedger,
  encodeRecord,
  encodeWatched,
} from "../../watchdog/stored/codec.ts";
import { countedFigures, decodeCounted } from "../../watchdog/stored/counted.ts";
import type { AccountRows, SlotCounts } from "./database.ts";
import type { Meter } from "./meter.ts";
import { requireVersion } from "./require-version.ts";

const spenderOf = ({ actorId, actorTaskId = "", origin = "", scheduleId = "" }: Spender): string =>
  JSON.stringify([actorId, actorTaskId, origin, ...(scheduleId ? [scheduleId] : [])]);

function cellOf(slot: string, spender: string, amounts: Pick<Cell, "microUsd" | "runs" | "failures">): Cell {
  // The schedule is there where there is one: cells were kept without before.
  const [actorId = "", actorTaskId, origin, scheduleId] = JSON.parse(spender) as readonly string[];
  return {
    slot,
    actorId,
    ...(actorTaskId && { actorTaskId }),
    ...(origin && { origin }),
    ...(scheduleId && { scheduleId }),
    ...amounts,
  };
}

/** A twin of what the state table holds of the ledger. Each method does its work at once. */
export class MemoryLedger implements LedgerStore {
  readonly #rows: AccountRows;
  readonly #meter: Meter;

  constructor(rows: AccountRows, meter: Meter) {
    this.#rows = rows;
    this.#meter = meter;
  }

  async writeLedger(writes: readonly LedgerWrite[]): Promise<LedgerWritten> {
    checkLedgerWrites(writes);
    const stale: string[] = [];
    let isWritten = false;
    for (const write of writes) {
      const { run, version } = write.record;
      const row = this.#rows.runs.get(run.id) ?? {};
      const isCounted = write.counts?.runs !== undefined && row.counted !== undefined;
      if ((row.recording ?? 0) !== write.expectedVersion || isCounted) {
        stale.push(run.id);
        continue;
      }
      const text = encodeRecord(write.record);
      const { points = [], watched, counts = {}, counted } = write;
      const curve = [...(row.curve ?? []), ...curveFigures(points)];
      const seen = watched && { watched: encodeWatched(watched) };
      const count = counted && { counted: countedFigures(counted) };
      this.#rows.runs.set(run.id, { ...row, text, recording: version, curve, ...seen, ...count });
      this.#meter.write(text);
      for (const [slot, microUsd] of Object.entries(write.spend))
        this.#add(slot, spenderOf(write.spender ?? run), microUsd);
      for (const kind of ["runs", "failures"] as const)
        for (const [slot, n] of Object.entries(counts[kind] ?? {}))
          this.#count(slot, spenderOf(run), kind, n);
      isWritten = true;
    }
    if (isWritten) {
      this.#rows.recordings += 1;
      this.#meter.write();
    }
    return { stale, recordings: isWritten ? 1 : 0 };
  }

  /** An hour's spend is its day's, too. */
  #add(slot: string, spender: string, microUsd: number): void {
    for (const each of itemsOfSlot(slot)) {
      const spenders = this.#rows.cells.get(each) ?? new Map<string, number>();
      spenders.set(spender, (spenders.get(spender) ?? 0) + microUsd);
      this.#rows.cells.set(each, spenders);
      this.#meter.write();
    }
  }

  #count(slot: string, spender: string, of: keyof SlotCounts, n: number): void {
    for (const each of itemsOfSlot(slot)) {
      const spenders = this.#rows.counts.get(each) ?? new Map<string, SlotCounts>();
      const counts = spenders.get(spender) ?? {};
      spenders.set(spender, { ...counts, [of]: (counts[of] ?? 0) + n });
      this.#rows.counts.set(each, spenders);
      this.#meter.write();
    }
  }

  async readRun(runId: string): Promise<RunItem | undefined> {
    const row = this.#rows.runs.get(runId);
    this.#meter.read(row?.text);
    return this.#itemOf(runId);
  }

  #itemOf(runId: string): RunItem | undefined {
    const { text, curve = [], watched, counted, head } = this.#rows.runs.get(runId) ?? {};
    if (text === undefined) return undefined;
    const where = `The item of run ${runId}`;
    return {
      ...decodeRecord(text, where),
      curve: decodeCurve(curve, where),
      ...(watched !== undefined && { watched: decodeWatched(watched, where) }),
      ...(counted !== undefined && { counted: decodeCounted(counted, where) }),
      ...(head && { head: { ...head } }),
    };
  }

  async readRuns(runIds: readonly string[]): Promise<ReadonlyMap<string, RunItem>> {
    const found = new Map<string, RunItem>();
    for (const id of new Set(runIds)) {
      const item = await this.readRun(id);
      if (item) found.set(id, item);
    }
    return found;
  }

  async *allRuns(): AsyncGenerator<RunItem> {
    for (const id of [...this.#rows.runs.keys()].sort()) {
      const item = await this.readRun(id);
      if (item) yield item;
    }
  }

  async readSpend(spans: readonly SlotSpan[]): Promise<SpendReading> {
    const cells: Cell[] = [];
    const slots = [...new Set([...this.#rows.cells.keys(), ...this.#rows.counts.keys()])].sort();
    for (const { from, to } of spans) {
      for (const slot of slots) {
        if (slot.length !== from.length || slot < from || slot > to) continue;
        const spent = this.#rows.cells.get(slot) ?? new Map<string, number>();
        const counted = this.#rows.counts.get(slot) ?? new Map<string, SlotCounts>();
        for (const spender of new Set([...spent.keys(), ...counted.keys()])) {
          const amounts = { microUsd: spent.get(spender) ?? 0, ...counted.get(spender) };
          cells.push(cellOf(slot, spender, amounts));
        }
      }
      this.#meter.read();
    }
    this.#meter.read();
    return { cells, recordings: this.#rows.recordings };
  }

  async readLedger(): Promise<LedgerState> {
    const { ledger } = this.#rows;
    this.#meter.read(ledger?.text);
    return ledger
      ? { version: ledger.version, ...decodeLedger(ledger.text, "The ledger item") }
      : EMPTY_LEDGER;
  }

  async writeLedgerState(state: LedgerState): Promise<void> {
    requireVersion("ledger", this.#rows.ledger, state.version);
    const text = encodeLedger(state);
    this.#rows.ledger = { version: state.version + 1, text };
    this.#meter.write(text);
  }
}
