import {
  type Control,
  type ControlState,
  EMPTY_CONTROL,
  type TamperingMark,
} from "../../watchdog/model/control.ts";
import { EMPTY_LIVE, type Live } from "../../watchdog/model/live.ts";
import type { Tampering } from "../../watchdog/model/notice.ts";
import type {
  ActorOrTask,
  Awaited,
  Capacity,
  KnownTypical,
  Name,
  NamedKind,
  StateStore,
} from "../../watchdog/model/ports.ts";
import {
  decodeControl,
  decodeExemption,
  decodeLive,
  decodeName,
  decodePolicy,
  decodeTypical,
  encodeControl,
  encodeLive,
  encodeName,
  encodeTypical,
} from "../../watchdog/stored/codec.ts";
import type { AccountRows } from "./database.ts";
import { MemoryLedger } from "./ledger.ts";
import type { Meter } from "./meter.ts";
import { requireVersion } from "./require-version.ts";

/** Longer than anything that came due is still asked for. */
const AWAITED_KEPT_MS = 4 * 24 * 60 * 60_000;

const keyOf = (kind: NamedKind, id: string): string => `${kind}#${id}`;

/** A twin of the state table. Each method does its work at once and returns a resolved promise. */
export class MemoryStateStore extends MemoryLedger implements StateStore {
  readonly #rows: AccountRows;
  readonly #meter: Meter;
  readonly #accounts: () => readonly string[];

  constructor(rows: AccountRows, meter: Meter, accounts: () => readonly string[]) {
    super(rows, meter);
    this.#rows = rows;
    this.#meter = meter;
    this.#accounts = accounts;
  }

  async readAccounts(): Promise<readonly string[]> {
    this.#meter.read();
    return this.#accounts();
  }

  async readControl(): Promise<Control> {
    const { control, exemptions: planted, tampering } = this.#rows;
    this.#meter.read(control?.text);
    const exemptions = [...planted].sort(byKey).map(([key, text]) => decodeExemption(key, text));
    const marked = tampering && { tampering: { ...tampering } };
    if (!control) return { ...EMPTY_CONTROL, exemptions, ...marked };
    const { version, text, head } = control;
    return {
      version,
      ...decodeControl(text, "The control item"),
      exemptions,
      ...(head && { head: { ...head } }),
      ...marked,
    };
  }

  async writeControl(next: ControlState, expectedVersion: number): Promise<void> {
    const { control } = this.#rows;
    requireVersion("control state", control, expectedVersion);
    const text = encodeControl(next);
    this.#rows.control = { version: expectedVersion + 1, text, ...(control?.head && { head: control.head }) };
    this.#meter.write(text);
  }

  async markTampering(seen: readonly [Tampering, ...Tampering[]]): Promise<void> {
    const { tampering: { first, seen: before } = { first: JSON.stringify(seen[0]), seen: 0 } } = this.#rows;
    this.#rows.tampering = { first, seen: before + seen.length };
    this.#meter.write();
  }

  async unmarkTampering({ first, seen }: TamperingMark): Promise<void> {
    const { tampering } = this.#rows;
    if (tampering?.first === first && tampering.seen === seen) delete this.#rows.tampering;
    this.#meter.write();
  }

  async readLive(): Promise<Live> {
    const { live } = this.#rows;
    this.#meter.read(live?.text);
    return live
      ? { version: live.version, ...decodeLive(live.text, "The live item") }
      : { ...EMPTY_LIVE, runs: new Map() };
  }

  async writeLive(live: Live): Promise<void> {
    requireVersion("live index", this.#rows.live, live.version);
    const text = encodeLive(live);
    this.#rows.live = { version: live.version + 1, text };
    this.#meter.write(text);
  }

  async writeAwaited({ due, runIds }: Awaited): Promise<void> {
    const { awaited } = this.#rows;
    const dueMs = due.getTime();
    for (const each of awaited.keys()) if (each < dueMs - AWAITED_KEPT_MS) awaited.delete(each);
    awaited.set(dueMs, [...new Set([...(awaited.get(dueMs) ?? []), ...runIds])]);
    this.#meter.write();
  }

  async readAwaited({ after, until }: { readonly after: Date; readonly until: Date }): Promise<Awaited[]> {
    this.#meter.read();
    return [...this.#rows.awaited]
      .filter(([dueMs]) => dueMs > after.getTime() && dueMs <= until.getTime())
      .sort(([a], [b]) => a - b)
      .map(([dueMs, runIds]) => ({ due: new Date(dueMs), runIds: [...runIds] }));
  }

  async readPolicy(version: number): Promise<unknown> {
    const text = this.#rows.policies.get(version);
    this.#meter.read(text);
    return text === undefined ? undefined : decodePolicy(text, `Policy version ${version}`);
  }

  async readNames(kind: NamedKind, ids: readonly string[]): Promise<ReadonlyMap<string, Name>> {
    return this.#readKept(this.#rows.names, kind, ids, decodeName);
  }

  async writeNames(kind: NamedKind, names: ReadonlyMap<string, Name>): Promise<void> {
    this.#keep(this.#rows.names, kind, names, encodeName);
  }

  async readTypical(kind: ActorOrTask, ids: readonly string[]): Promise<ReadonlyMap<string, KnownTypical>> {
    return this.#readKept(this.#rows.typical, kind, ids, decodeTypical);
  }

  async writeTypical(kind: ActorOrTask, typical: ReadonlyMap<string, KnownTypical>): Promise<void> {
    this.#keep(this.#rows.typical, kind, typical, encodeTypical);
  }

  #readKept<T>(
    rows: ReadonlyMap<string, string>,
    kind: NamedKind,
    ids: readonly string[],
    decode: (text: unknown) => T | undefined,
  ): ReadonlyMap<string, T> {
    const found = new Map<string, T>();
    for (const id of new Set(ids)) {
      const each = decode(rows.get(keyOf(kind, id)));
      this.#meter.read();
      if (each) found.set(id, each);
    }
    return found;
  }

  #keep<T>(
    rows: Map<string, string>,
    kind: NamedKind,
    found: ReadonlyMap<string, T>,
    encode: (each: T) => string,
  ): void {
    for (const [id, each] of found) {
      rows.set(keyOf(kind, id), encode(each));
      this.#meter.write();
    }
  }

  takeConsumedCapacity(): Capacity {
    return this.#meter.take();
  }
}

const byKey = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);
