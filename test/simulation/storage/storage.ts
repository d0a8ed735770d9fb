import type { AuditStore, StateStore } from "../../../src/watchdog/model/ports.ts";
import type { Process } from "../process/process.ts";
import type { Weather } from "../process/weather.ts";

export type Stores = { readonly state: StateStore; readonly audit: AuditStore };

/** Called at the instant at which a call of this process has had its effect on what is stored. */
export type Look = (by: string, what: string) => void;

/** Where the watchdog of a world keeps what it knows. */
export type Storage = {
  readonly rows: Rows;
  /** How often it refused what; it must be seen that it does. */
  readonly refused: ReadonlyMap<string, number>;
  /** What of it can be put back as it is now. */
  backup(): Backup;
  /** Makes what is there what an older release would have left. */
  age(): void;
  /** The stores as a process meets them: behind a wire that takes time, breaks, and loses answers. */
  stores(process: Process, weather: Weather, look: Look): Stores;
  /** The same without a wire, for who looks at what is left of a world. Absent where there is always one. */
  readonly left?: Stores;
};

/** What is put back: all but the audit, or the control item alone. */
export type Restored = "table" | "control";

/** Puts back what was kept; what is there is gone. */
export type Backup = (what: Restored) => void;

/** What lies in it, as a bystander reads it who asks no store. */
export type Rows = {
  policyText(version: number): string | undefined;
  /** How many recordings the cells hold. */
  recordings(): number;
  controlVersion(): number | undefined;
  live(): { readonly version: number; readonly text: () => string } | undefined;
  /** Micro-dollars by slot and spender, a list of Actor, task and origin in JSON. A slot may come in several parts. */
  cells(): Iterable<readonly [slot: string, spenders: ReadonlyMap<string, number>]>;
  /** Each recorded run's text. */
  runs(): Iterable<readonly [runId: string, text: string]>;
  /** Each chain's entries, ascending by sequence. */
  chains(): Iterable<readonly [chain: string, entries: readonly RowEntry[]]>;
};

export type RowEntry = { readonly sequence: number; readonly text: string; readonly hash: string };
