import type { TrueRun } from "../../../emulator/index.ts";
import { ControlPlane } from "./control-plane.ts";
import type { EntryFields } from "./entry-text.ts";
import type { History, SeenCall, SeenEntry } from "./history.ts";
import { isCountUntold, lifeIndexAt, lifeShown, Readings } from "./readings.ts";
import { Intents } from "./stops/intents.ts";

/** What the oracle has made of the history so far. */
export class Knowledge {
  readonly history: History;
  readonly readings: Readings;
  readonly intents = new Intents();
  readonly control: ControlPlane;
  readonly aborts: SeenCall[] = [];
  /** Operators' calls for another life, each with the intent that it undoes. */
  readonly resurrects: (SeenCall & { readonly intentId?: string })[] = [];

  constructor(history: History) {
    this.history = history;
    this.readings = new Readings(history);
    this.control = new ControlPlane((version) => history.policyText(version));
  }

  /** What a process took for the time at an instant. */
  clockOf(by: string, atMs: number): number {
    return atMs + (this.history.aheadMs?.(by, atMs) ?? 0);
  }

  /** The latest that it took it for in a span, for its clock may have been set back within it. */
  latestOf(by: string, fromMs: number, toMs: number): number {
    const sets = this.history.clockSetsMs?.(by).filter((ms) => ms > fromMs && ms <= toMs) ?? [];
    return Math.max(...[fromMs, toMs, ...sets.map((ms) => ms - 1)].map((ms) => this.clockOf(by, ms)));
  }

  run(runId: string | undefined): TrueRun | undefined {
    return this.history.truth.runs().find(({ id }) => id === runId);
  }

  /** Which of a run's lives an entry is about: the one that its writer was shown last, unless he was told another number. */
  lifeMeant({ by, commitMs }: SeenEntry, { subject: { runId = "", life = -1 } }: EntryFields): number {
    const run = this.run(runId);
    const shown = this.readings
      .of(runId)
      .findLast((each) => each.by === by && each.detail && (each.call.deliveredAtMs ?? Infinity) <= commitMs);
    if (run === undefined || shown === undefined) return life;
    return lifeShown(run, shown) === life || isCountUntold(shown) ? lifeIndexAt(run, shown.asOfMs) : life;
  }

  /** The watchdog's own abort calls for a run, in the order in which they reached Apify. */
  abortsOf(runId: string): readonly SeenCall[] {
    return this.aborts.filter((call) => call.runId === runId);
  }
}
