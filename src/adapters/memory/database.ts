import type { TamperingMark } from "../../watchdog/model/control.ts";
import type { Head } from "../../watchdog/model/entry.ts";
import type { StoredEntry } from "../../watchdog/model/ports.ts";

type RunRow = {
  text?: string;
  /** How often it was recorded; absent in what was kept before there was a ledger. */
  recording?: number;
  /** Epoch seconds and micro-dollars, in turn. */
  curve?: readonly number[];
  watched?: string;
  /** How often it failed, and when last: absent while nothing is counted of it. */
  counted?: readonly number[];
  head?: Head;
};

/** What is counted in one slot of a spender's runs. */
export type SlotCounts = { runs?: number; failures?: number };

/** One account's items. Everything is text or a number, so nobody holds a reference into it. */
export type AccountRows = {
  control?: { readonly version: number; readonly text: string; readonly head?: Head };
  live?: { readonly version: number; readonly text: string };
  tampering?: TamperingMark;
  /** By `kind#id`. */
  exemptions: Map<string, string>;
  policies: Map<number, string>;
  runs: Map<string, RunRow>;
  /** Ids of ended runs by when they are to be read again, in epoch milliseconds. */
  awaited: Map<number, readonly string[]>;
  /** By `kind#id`. */
  names: Map<string, string>;
  /** By `kind#id`. */
  typical: Map<string, string>;
  /** Micro-dollars by slot and spender. */
  cells: Map<string, Map<string, number>>;
  /** How many runs started and failed, by slot and spender. */
  counts: Map<string, Map<string, SlotCounts>>;
  /** How many recordings the cells hold. */
  recordings: number;
  ledger?: { readonly version: number; readonly text: string };
  /** Where the chains of budgets stand, by chain. */
  budgetHeads: Map<string, Head>;
  /** Each chain's entries, frozen, ascending by sequence. */
  chains: Map<string, StoredEntry[]>;
};

/** JSON of a database: what `MemoryDatabase.fromJSON` reads. */
type MemoryDump = {
  readonly accounts: Readonly<Record<string, AccountDump>>;
};
type AccountDump = Pick<AccountRows, "control" | "live" | "ledger" | "tampering"> & {
  readonly exemptions: readonly (readonly [string, string])[];
  readonly policies: readonly (readonly [number, string])[];
  readonly runs: readonly (readonly [string, RunRow])[];
  readonly names: readonly (readonly [string, string])[];
  /** Absent in what was kept before there was any. */
  readonly awaited?: readonly (readonly [number, readonly string[]])[];
  /** Likewise. */
  readonly typical?: readonly (readonly [string, string])[];
  /** Absent in what was kept before there was a ledger, as is the rest of it. */
  readonly cells?: readonly (readonly [string, readonly (readonly [string, number])[]])[];
  readonly recordings?: number;
  /** Absent in what was kept before runs were counted. */
  readonly counts?: readonly (readonly [string, readonly (readonly [string, SlotCounts])[]])[];
  readonly budgetHeads?: readonly (readonly [string, Head])[];
  readonly chains: readonly (readonly [string, readonly StoredEntry[]])[];
};

/** What both memory stores share, for any number of accounts. It can be kept in a file as JSON. */
export class MemoryDatabase {
  readonly #accounts = new Map<string, AccountRows>();

  static fromJSON(dump: MemoryDump): MemoryDatabase {
    const database = new MemoryDatabase();
    const copy = structuredClone(dump);
    for (const [account, dumped] of Object.entries(copy.accounts)) {
      const {
        exemptions,
        policies,
        runs,
        awaited,
        names,
        typical,
        cells = [],
        counts = [],
        chains,
        ...items
      } = dumped;
      database.#accounts.set(account, {
        ...items,
        exemptions: new Map(exemptions),
        policies: new Map(policies),
        runs: new Map(runs),
        awaited: new Map(awaited),
        names: new Map(names),
        typical: new Map(typical),
        cells: new Map(cells.map(([slot, spenders]) => [slot, new Map(spenders)])),
        counts: new Map(counts.map(([slot, spenders]) => [slot, new Map(spenders)])),
        recordings: items.recordings ?? 0,
        budgetHeads: new Map(items.budgetHeads),
        chains: new Map(chains.map(([chain, entries]) => [chain, entries.map(freeze)])),
      });
    }
    return database;
  }

  toJSON(): MemoryDump {
    const accounts = [...this.#accounts].map(([account, rows]) => {
      const {
        exemptions,
        policies,
        runs,
        awaited,
        names,
        typical,
        cells,
        counts,
        budgetHeads,
        chains,
        ...items
      } = rows;
      const dump: AccountDump = {
        ...items,
        exemptions: [...exemptions],
        policies: [...policies],
        runs: [...runs],
        awaited: [...awaited],
        names: [...names],
        typical: [...typical],
        cells: [...cells].map(([slot, spenders]) => [slot, [...spenders]]),
        counts: [...counts].map(([slot, spenders]) => [slot, [...spenders]]),
        budgetHeads: [...budgetHeads],
        chains: [...chains],
      };
      return [account, dump];
    });
    return structuredClone({ accounts: Object.fromEntries(accounts) });
  }

  /** Those that have an item in the state table. */
  accountsWithState(): readonly string[] {
    const has = ({ control, live, ledger, tampering, ...rows }: AccountRows): boolean =>
      [control, live, ledger, tampering].some((item) => item !== undefined) ||
      [rows.exemptions, rows.policies, rows.runs, rows.names, rows.typical, rows.cells].some(
        ({ size }) => size > 0,
      );
    return [...this.#accounts].flatMap(([name, rows]) => (has(rows) ? [name] : [])).toSorted();
  }

  /** The account's items, to read and to change. */
  account(name: string): AccountRows {
    const known = this.#accounts.get(name);
    if (known) return known;
    const rows: AccountRows = {
      exemptions: new Map(),
      policies: new Map(),
      runs: new Map(),
      awaited: new Map(),
      names: new Map(),
      typical: new Map(),
      cells: new Map(),
      counts: new Map(),
      recordings: 0,
      budgetHeads: new Map(),
      chains: new Map(),
    };
    this.#accounts.set(name, rows);
    return rows;
  }
}

export const freeze = (entry: StoredEntry): StoredEntry =>
  Object.freeze({ ...entry, copies: Object.freeze({ ...entry.copies }) });
