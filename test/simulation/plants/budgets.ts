import { addSpend } from "../../../src/policy/index.ts";
import type { Live } from "../../../src/watchdog/model/live.ts";
import type { LedgerWrite, Ports } from "../../../src/watchdog/model/ports.ts";
import type { Plant } from "../process/ports.ts";

/** Planted bugs about the ledger and its budgets. */

const withState = (ports: Ports, state: Partial<Ports["state"]>): Ports => ({
  ...ports,
  state: { ...ports.state, ...state },
});

/** Has a process write other things of what runs spent than those that it found. */
const misrecording =
  (distort: (write: LedgerWrite) => LedgerWrite) =>
  (ports: Ports): Ports =>
    withState(ports, { writeLedger: (writes) => ports.state.writeLedger(writes.map(distort)) });

/** Has a process see another live index than the one that stands. */
const misremembering =
  (distort: (live: Live, ports: Ports) => Live) =>
  (ports: Ports): Ports =>
    withState(ports, { readLive: async () => distort(await ports.state.readLive(), ports) });

const countingTwice = (ports: Ports): Ports =>
  withState(ports, {
    async readSpend(spans) {
      const reading = await ports.state.readSpend(spans);
      return { ...reading, cells: reading.cells.map((cell) => ({ ...cell, microUsd: 2 * cell.microUsd })) };
    },
  });

/** Says that the ledger has always been there, though nobody has filled it. */
const ignoringTheUnfilled = (ports: Ports): Ports =>
  withState(ports, {
    async readLedger() {
      const state = await ports.state.readLedger();
      return state.completeSince ? { ...state, completeSince: new Date(0) } : state;
    },
  });

/** Counts what runs spend into another window than the one that is now. */
const forgettingWindows = (ports: Ports): Ports =>
  withState(ports, {
    async readSpend(spans) {
      const early = spans.map(({ from, to }) => ({ from: `2000${from.slice(4)}`, to }));
      const reading = await ports.state.readSpend(early);
      const latest = spans.at(-1)?.to ?? "";
      const cells = reading.cells.map((cell) => ({ ...cell, slot: latest.slice(0, cell.slot.length) }));
      return { ...reading, cells };
    },
  });

/** Goes on counting what it has just written down as not yet written. */
const keepingTheUnrecorded = (ports: Ports): Ports => {
  let before: Live["runs"] = new Map();
  return withState(ports, {
    async readLive() {
      const live = await ports.state.readLive();
      before = live.runs;
      return live;
    },
    writeLive(live) {
      const runs = [...live.runs].map(([id, run]) => {
        const kept = run.unrecorded === undefined ? before.get(id)?.unrecorded : undefined;
        return [id, kept ? { ...run, unrecorded: addSpend(kept, {}) } : run] as const;
      });
      return ports.state.writeLive({ ...live, runs: new Map(runs) });
    },
  });
};

/** Bugs that the oracle must notice, as in `plants.ts`. */
export const BUDGET_PLANTS: Readonly<Record<string, Plant>> = {
  "spend-lost": {
    about: "records runs, and not what they spent",
    ports: misrecording((write) => ({ ...write, spend: {} })),
  },
  "cells-counted-twice": { about: "takes the spend of cells for double", ports: countingTwice },
  "windows-forgotten": { about: "counts what was ever spent into this window", ports: forgettingWindows },
  "unrecorded-kept": { about: "counts what is recorded as unrecorded, too", ports: keepingTheUnrecorded },
  "unfilled-ignored": { about: "takes a ledger for filled that is not", ports: ignoringTheUnfilled },
  "stale-ledger-ignored": {
    about: "takes every tick for one that saw all",
    ports: misremembering((live, { clock }) => ({ ...live, completeAt: clock.now() })),
  },
};
