import type { EntryFields } from "../entry-text.ts";
import type { SeenCall, SeenEntry } from "../history.ts";
import type { Knowledge } from "../knowledge.ts";
import { checkChange } from "./changed.ts";
import { checkHoldsAtRest } from "./holds-at-rest.ts";
import { KnownHolds } from "./known-holds.ts";
import { checkClosing, checkPromise } from "./promised.ts";

type Finding = readonly [promise: string, text: string];

/** Schedules that are held and let go (P14): what was promised, what was changed, and what is left of it. */
export class Holds {
  readonly #holds = new KnownHolds();

  *entry(know: Knowledge, seen: SeenEntry, entry: EntryFields): Generator<Finding> {
    const check = entry.kind === "source.held" ? checkPromise : checkClosing;
    yield* check(know, this.#holds, seen, entry);
  }

  *call(know: Knowledge, call: SeenCall): Generator<Finding> {
    const { kind, schedule, by, scheduleId, leftAtMs, atMs } = call;
    if (schedule === undefined) return;
    if (kind === "schedule") this.#holds.reads.push(call);
    const { before, after } = schedule;
    const hasMoved = before.modifiedAtMs !== after.modifiedAtMs || before.isDeleted !== after.isDeleted;
    const isWrite = kind === "update-schedule" && !call.neverArrived && hasMoved;
    if (by !== "user" && isWrite) {
      yield* checkChange(know, this.#holds, call);
      const [hold] = this.#holds.openOf(scheduleId, leftAtMs, atMs);
      if (before.isEnabled && !after.isEnabled) hold?.disables.push(call);
      if (!before.isEnabled && after.isEnabled) hold?.enables.push(call);
    }
    // What a read finds changed, the account's people changed: their hands need no call that is seen.
    if (hasMoved) this.#holds.changes.push(isWrite ? call : { ...call, by: "user" });
  }

  atRest = (know: Knowledge, calmFromMs: number) => checkHoldsAtRest(know, this.#holds, calmFromMs);
}
