import {
  type BudgetRule,
  type Cell,
  daySlot,
  endOfSlot,
  groupFor,
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
  startOfSlot,
  type Window,
  windowAt,
} from "../../policy/index.ts";

type Names = LedgerView["recorded"]["nameOf"];
type Booked = { -readonly [K in keyof Cell]: Cell[K] };

/** Does each of its windows begin and end with a UTC day? */
const isOfDays = ({ rule: { budget } }: Watched): boolean =>
  budget.per !== "hour" && budget.timeZone === "UTC";

function spenderOf({ actorId, actorTaskId, origin, scheduleId }: Run): Spender {
  return {
    actorId,
    ...(actorTaskId !== undefined && { actorTaskId }),
    ...(origin !== undefined && { origin }),
    ...(scheduleId !== undefined && { scheduleId }),
  };
}

/** A budget, and the bound below which it says nothing. */
type Watched = { readonly rule: BudgetRule; readonly least: MicroUsd };

/** What runs would have spent, as the ledger would have had it: what is stopped spends no more. */
export class Bookings {
  readonly #budgets: readonly Watched[];
  readonly #since: Date;
  readonly #nameOf: Names;
  readonly #cells = new Map<string, Booked>();
  /** By spender, its group in each budget. */
  readonly #groups = new Map<string, readonly (string | undefined)[]>();
  /** By budget, group and window. */
  readonly #sums = new Map<string, MicroUsd>();
  readonly #windows = new Map<Slot, readonly (Window | undefined)[]>();
  #recorded: { readonly hour: Slot; readonly recorded: LedgerView["recorded"] } | undefined;

  /** Before `since` nothing is known: a window that begins before it is not filled. */
  constructor({ rules }: Policy, since: Date, nameOf: Names) {
    this.#budgets = rules.filter(isBudgetRule).map((rule) => {
      const [first] = rule.steps;
      return { rule, least: ((first?.at ?? 100) * rule.budget.microUsd) / 100 };
    });
    this.#since = since;
    this.#nameOf = nameOf;
  }

  #windowsAt(now: Date): readonly (Window | undefined)[] {
    const hour = hourSlot(now);
    const known = this.#windows.get(hour);
    if (known) return known;
    const all = this.#budgets.map(({ rule }) => windowAt(rule.budget, now, undefined));
    this.#windows.set(hour, all);
    return all;
  }

  /** The sums that a spender's money goes into now. */
  #keysOf(spender: Spender, now: Date): readonly (string | undefined)[] {
    const key = spenderKey(spender);
    const groups =
      this.#groups.get(key) ??
      this.#budgets.map(({ rule }) => groupFor(rule, { ...spender, ...this.#nameOf(spender) }));
    this.#groups.set(key, groups);
    const windows = this.#windowsAt(now);
    return groups.map((group, i) => {
      const from = windows[i]?.from;
      return group === undefined || from === undefined ? undefined : `${i}|${from.getTime()}|${group}`;
    });
  }

  add(run: Run, at: Date, microUsd: MicroUsd): void {
    if (microUsd === 0 || this.#budgets.length === 0) return;
    const spender = spenderOf(run);
    for (const key of this.#keysOf(spender, at))
      if (key !== undefined) this.#sums.set(key, (this.#sums.get(key) ?? 0) + microUsd);
    for (const slot of [hourSlot(at), daySlot(at)]) {
      const key = `${slot}|${spenderKey(spender)}`;
      const cell = this.#cells.get(key) ?? { ...spender, slot, microUsd: 0 };
      cell.microUsd += microUsd;
      this.#cells.set(key, cell);
    }
    this.#recorded = undefined;
  }

  /** Has any budget that a run falls under come to its first step? Where not, there is nothing to decide. */
  saysSomething(run: Run, now: Date): boolean {
    return this.#keysOf(spenderOf(run), now).some((key, i) => {
      const sum = key === undefined ? 0 : (this.#sums.get(key) ?? 0);
      return sum > 0 && sum >= (this.#budgets[i]?.least ?? 0);
    });
  }

  /** All that budgets are judged by at an instant. */
  view(now: Date): LedgerView {
    const hour = hourSlot(now);
    if (this.#recorded?.hour !== hour)
      this.#recorded = { hour, recorded: { cells: this.#cellsAt(now), nameOf: this.#nameOf } };
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
   * The cells of the windows that are now; others are asked for no more. Where all windows are of whole UTC days, what lies
   * between the beginnings of two of them is one cell of each spender, and hours are left out.
   */
  #cellsAt(now: Date): readonly Cell[] {
    const windows = this.#windowsAt(now).filter((window) => window !== undefined);
    const starts = windows.map(({ from }) => from.getTime()).toSorted((a, b) => a - b);
    const [first = Number.POSITIVE_INFINITY] = starts;
    const byDay = this.#budgets.every(isOfDays);
    for (const [key, cell] of [...this.#cells]) {
      const at = startOfSlot(cell.slot).getTime();
      if (endOfSlot(cell.slot).getTime() <= first || (byDay && isHourSlot(cell.slot)))
        this.#cells.delete(key);
      else if (byDay) this.#fold(key, cell, daySlot(new Date(starts.findLast((start) => start <= at) ?? at)));
    }
    return [...this.#cells.values()];
  }

  #fold(key: string, cell: Booked, slot: Slot): void {
    if (slot === cell.slot) return;
    const into = `${slot}|${spenderKey(cell)}`;
    const found = this.#cells.get(into) ?? { ...cell, slot, microUsd: 0 };
    found.microUsd += cell.microUsd;
    this.#cells.delete(key);
    this.#cells.set(into, found);
  }
}
