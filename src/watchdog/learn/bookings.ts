import {
  type BudgetRule,
  type Cell,
  DAY_MS,
  daySlot,
  endOfSlot,
  groupFor,
  HOUR_MS,
  hourSlot,
  isBudgetRule,
  isHourSlot,
  type LedgerView,
  type MicroUsd,
  type Policy,
  type Run,
  type Slot,
  type Spender,
  spenderKey,
  spenderOf,
  startOfSlot,
  type Window,
  windowAt,
} from "../../policy/index.ts";

type Names = LedgerView["recorded"]["nameOf"];
type Booked = { -readonly [K in keyof Cell]: Cell[K] };

/** Does each of its windows begin and end with a UTC day? */
const isOfDays = ({ rule: { budget } }: Watched): boolean =>
  budget.per !== "hour" && budget.timeZone === "UTC";

/** A budget, and the bound below which it says nothing. */
type Watched = { readonly rule: BudgetRule; readonly least: MicroUsd };

/** A spender, its key, and its group in each budget. */
export type Known = {
  readonly spender: Spender;
  readonly key: string;
  readonly groups: readonly (string | undefined)[];
};

/** An hour: its slots, and by budget its window with what each group has spent in it. */
type Hour = {
  readonly slots: readonly Slot[];
  readonly windows: readonly (Window | undefined)[];
  readonly sums: readonly (Map<string, MicroUsd> | undefined)[];
};

/** What runs would have spent, as the ledger would have had it: what is stopped spends no more. */
export class Bookings {
  readonly #budgets: readonly Watched[];
  readonly #since: Date;
  readonly #nameOf: Names;
  /** By slot and spender. */
  readonly #cells = new Map<Slot, Map<string, Booked>>();
  readonly #bySpender = new Map<string, Known>();
  /** By budget and the beginning of a window; by hours since 1970. */
  readonly #sums = new Map<string, Map<string, MicroUsd>>();
  readonly #hours = new Map<number, Hour>();
  /** The last one that anything was asked of. */
  #day = 0;
  #recorded: { readonly hour: Hour; readonly recorded: LedgerView["recorded"] } | undefined;

  /** Before `since` nothing is known: a window that begins before it is not filled. */
  constructor({ rules }: Policy, since: Date, nameOf: Names) {
    this.#budgets = rules.filter(isBudgetRule).map((rule) => {
      const [first] = rule.steps;
      return { rule, least: ((first?.at ?? 100) * rule.budget.limit) / 100 };
    });
    this.#since = since;
    this.#nameOf = nameOf;
  }

  #hourAt(at: Date): Hour {
    const since1970 = Math.floor(at.getTime() / HOUR_MS);
    const known = this.#hours.get(since1970);
    if (known) return known;
    const windows = this.#budgets.map(({ rule }) => windowAt(rule.budget, at, undefined));
    const sums = windows.map((window, i) => {
      if (window === undefined) return undefined;
      const key = `${i}|${window.from.getTime()}`;
      const found = this.#sums.get(key) ?? new Map<string, MicroUsd>();
      this.#sums.set(key, found);
      return found;
    });
    const hour = { slots: [hourSlot(at), daySlot(at)], windows, sums };
    this.#hours.set(since1970, hour);
    const day = Math.floor(at.getTime() / DAY_MS);
    if (day > this.#day) this.#forget(hour);
    this.#day = Math.max(this.#day, day);
    return hour;
  }

  /** Whose money a run's is. */
  spenderOf(run: Run): Known {
    const key = spenderKey(run);
    const known = this.#bySpender.get(key);
    if (known) return known;
    const spender = spenderOf(run);
    const groups = this.#budgets.map(({ rule }) => groupFor(rule, { ...spender, ...this.#nameOf(spender) }));
    const found = { spender, key, groups };
    this.#bySpender.set(key, found);
    return found;
  }

  add({ spender, key, groups }: Known, at: Date, microUsd: MicroUsd): void {
    if (microUsd === 0 || this.#budgets.length === 0) return;
    const { slots, sums } = this.#hourAt(at);
    for (const [i, group] of groups.entries()) {
      const spent = sums[i];
      if (group !== undefined) spent?.set(group, (spent.get(group) ?? 0) + microUsd);
    }
    for (const slot of slots) {
      const cells = this.#cells.get(slot) ?? new Map<string, Booked>();
      this.#cells.set(slot, cells);
      const cell = cells.get(key);
      if (cell) cell.microUsd += microUsd;
      else cells.set(key, { ...spender, slot, microUsd });
    }
    this.#recorded = undefined;
  }

  /** Has any budget that a spender falls under come to its first step? Where not, there is nothing to decide. */
  saysSomething({ groups }: Known, now: Date): boolean {
    if (this.#budgets.length === 0) return false;
    const { sums } = this.#hourAt(now);
    return groups.some((group, i) => {
      const sum = group === undefined ? 0 : (sums[i]?.get(group) ?? 0);
      return sum > 0 && sum >= (this.#budgets[i]?.least ?? 0);
    });
  }

  /** All that budgets are judged by at an instant. */
  view(now: Date): LedgerView {
    const hour = this.#hourAt(now);
    if (this.#recorded?.hour !== hour)
      this.#recorded = { hour, recorded: { cells: this.#cellsIn(hour), nameOf: this.#nameOf } };
    return {
      recorded: this.#recorded.recorded,
      live: [],
      readAt: now,
      completeSince: this.#since,
      lastCompleteAt: now,
      looks: {},
    };
  }

  /**
   * Keeps the cells of an hour's windows; others are asked for no more. Where all windows are of whole UTC days, what lies between the
   * beginnings of two of them is one cell of each spender, and hours are left out.
   */
  #forget({ windows }: Hour): void {
    const starts = windows
      .filter((window) => window !== undefined)
      .map(({ from }) => from.getTime())
      .toSorted((a, b) => a - b);
    const [first = Number.POSITIVE_INFINITY] = starts;
    const byDay = this.#budgets.every(isOfDays);
    for (const slot of [...this.#cells.keys()]) {
      const at = startOfSlot(slot).getTime();
      if (endOfSlot(slot).getTime() <= first || (byDay && isHourSlot(slot))) this.#cells.delete(slot);
      else if (byDay) this.#fold(slot, daySlot(new Date(starts.findLast((start) => start <= at) ?? at)));
    }
  }

  #cellsIn(hour: Hour): readonly Cell[] {
    this.#forget(hour);
    return [...this.#cells.values()].flatMap((cells) => [...cells.values()]);
  }

  #fold(from: Slot, slot: Slot): void {
    if (from === slot) return;
    const into = this.#cells.get(slot) ?? new Map<string, Booked>();
    for (const [key, cell] of this.#cells.get(from) ?? []) {
      const found = into.get(key);
      if (found) found.microUsd += cell.microUsd;
      else into.set(key, { ...cell, slot });
    }
    this.#cells.delete(from);
    this.#cells.set(slot, into);
  }
}
