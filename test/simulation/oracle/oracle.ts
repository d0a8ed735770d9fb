import type { EntryFields } from "./entry-text.ts";
import { checkEvidence } from "./figures/evidence.ts";
import type { History, SeenCall, SeenEntry, Violation } from "./history.ts";
import { Holds } from "./holds/holds.ts";
import { Knowledge } from "./knowledge.ts";
import { Corrections, checkBooked } from "./money/booked.ts";
import { ToldBudgets } from "./money/budgets-at-rest.ts";
import { checkCells, checkRecorded, checkUnrecorded } from "./money/ledger.ts";
import { checkToldOfRuns } from "./reporting/at-least-once.ts";
import { checkAttentionAtRest, checkForbidden, checkWeakened } from "./reporting/attention.ts";
import { checkComplete } from "./reporting/complete.ts";
import { UncheckedTokens } from "./reporting/unchecked-token.ts";
import { checkBlast, checkPerTick } from "./stops/blast.ts";
import { checkCall } from "./stops/calls.ts";
import { Chains } from "./stops/chains.ts";
import { checkAtRest, checkIntentEntry } from "./stops/closings.ts";
import { checkCompleteAgain, checkEnded } from "./stops/in-time.ts";
import { checkLiveness, checkPursued, LONG_MS } from "./stops/liveness.ts";
import { Loops } from "./stops/loops.ts";
import { Once } from "./stops/once.ts";
import { checkKept, checkKeptAtRest } from "./stops/time-keeping.ts";
import { checkResurrect, checkUndone, undoneBy } from "./stops/undos.ts";

/**
 * Judges the watchdog by what it did, with a reading of the specification of its own. It knows the truth about the
 * pretend Apify and the text of the audit, and nothing of the watchdog's code.
 */
export class Oracle {
  readonly violations: Violation[] = [];
  readonly #know: Knowledge;
  readonly #chains: Chains;
  readonly #once = new Once();
  readonly #budgets = new ToldBudgets();
  readonly #tokens: UncheckedTokens;
  readonly #corrections = new Corrections();
  #calls = 0;
  #entries = 0;
  #recordings = 0;
  readonly #loops = new Loops();
  readonly #holds = new Holds();
  #restores = 0;

  constructor(history: History) {
    this.#know = new Knowledge(history);
    this.#chains = new Chains(history.account);
    this.#tokens = new UncheckedTokens(history);
  }

  /** Looks at every call and entry that is new since the last look. */
  look(): void {
    const { calls, entries } = this.#know.history;
    for (; this.#entries < entries.length; this.#entries++) {
      const entry = entries[this.#entries];
      if (entry) this.#takeEntry(entry);
    }
    const { restores = [] } = this.#know.history;
    for (; this.#restores < restores.length; this.#restores++) {
      const restore = restores[this.#restores];
      if (restore) this.#know.control.putBack(restore);
      this.#corrections.forget();
    }
    const { recordings } = this.#know.history;
    if (recordings() !== this.#recordings) {
      this.#recordings = recordings();
      const ledger = this.#know.history.ledger();
      for (const [promise, text] of checkCells(ledger, this.#know.history.truth.runs()))
        this.#blame(promise, "the ledger", text);
      const all = this.#know.history.truth.runs();
      for (const findings of [
        checkBooked(ledger, all, this.#know.history.nowMs()),
        this.#corrections.check(ledger, all),
      ]) {
        for (const [promise, text] of findings) this.#blame(promise, "the ledger", text);
      }
      for (const [promise, text, runId] of checkUnrecorded(ledger))
        this.#blame(promise, `run ${runId}`, text);
    }
    for (; this.#calls < calls.length; this.#calls++) {
      const call = calls[this.#calls];
      if (call && call.by !== "user") {
        for (const [promise, text] of this.#tokens.check(call))
          this.#blame(promise, `${call.kind} by ${call.by}`, text);
      }
      if (call?.scheduleId !== undefined) {
        for (const [promise, text] of this.#holds.call(this.#know, call))
          this.#blame(promise, `${call.kind} ${call.scheduleId} by ${call.by}`, text);
      }
      if (call?.kind === "abort" && call.by !== "user") this.#takeCall(call);
      if (call?.kind === "resurrect" && call.by !== "user") this.#takeResurrect(call);
    }
  }

  /** What can be said only when all is over and has long been calm. */
  end(calmFromMs: number): void {
    this.look();
    const know = this.#know;
    for (const findings of [
      checkPerTick(know),
      checkAtRest(know),
      checkLiveness(know, calmFromMs),
      checkPursued(know, calmFromMs),
      checkEnded(know, calmFromMs),
      checkToldOfRuns(know, calmFromMs),
    ]) {
      for (const [promise, text, runId] of findings) this.#blame(promise, `run ${runId}`, text);
    }
    for (const [promise, text, runId] of checkRecorded(know, calmFromMs))
      this.#blame(promise, `run ${runId}`, text);
    for (const findings of [
      checkKeptAtRest(know),
      this.#budgets.check(know, calmFromMs, LONG_MS),
      checkWeakened(know),
      checkForbidden(know),
      checkAttentionAtRest(know, calmFromMs),
      checkComplete(know),
      checkCompleteAgain(know, calmFromMs),
      this.#holds.atRest(know, calmFromMs),
    ]) {
      for (const [promise, text, whose] of findings) this.#blame(promise, whose, text);
    }
    // Whose first answer came to it in the calm, minutes after it began, has no time left.
    for (const { how, by, error, stoodStill, startedAtMs = 0 } of know.history.ticks.values()) {
      if (startedAtMs > calmFromMs && how !== "done" && !stoodStill) {
        this.#blame("liveness", `tick ${by}`, `it ${how ?? "hangs"} although all is calm: ${error ?? ""}`);
      }
    }
  }

  #takeEntry(seen: SeenEntry): void {
    const know = this.#know;
    const entry = JSON.parse(seen.text) as EntryFields;
    const what = `${entry.kind} (${seen.chain} ${seen.sequence}, by ${seen.by})`;
    const blame = (findings: Iterable<readonly [string, string]>): void => {
      for (const [promise, text] of findings) this.#blame(promise, what, text);
    };
    blame(this.#chains.check(seen, entry));
    if (seen.chain === "control") {
      if (entry.kind === "loop.begun") blame(this.#loops.check(know, seen.commitMs, entry));
      else if (entry.kind.startsWith("source.")) blame(this.#holds.entry(know, seen, entry));
      else blame(checkKept(know, seen, entry));
      know.control.take(seen.commitMs, entry);
      return;
    }
    blame(checkIntentEntry(know, seen, entry));
    blame(checkUndone(know, seen, entry));
    know.intents.take(seen.commitMs, seen.by, entry, know.lifeMeant(seen, entry));
    blame(this.#once.check(entry));
    this.#budgets.take(entry);
    if (entry.kind === "abort.intended") blame(checkBlast(know, seen));
    blame(checkEvidence(know, seen, entry));
  }

  #takeCall(call: SeenCall): void {
    this.#know.aborts.push(call);
    const what = `${call.gracefully ? "graceful" : "forced"} abort of run ${call.runId} by ${call.by}`;
    for (const [promise, text] of checkCall(this.#know, call)) this.#blame(promise, what, text);
  }

  #takeResurrect(call: SeenCall): void {
    const what = `resurrect of run ${call.runId} by ${call.by}`;
    for (const [promise, text] of checkResurrect(this.#know, call)) this.#blame(promise, what, text);
    this.#know.resurrects.push(undoneBy(this.#know, call));
  }

  #blame(promise: string, what: string, text: string): void {
    this.violations.push({ promise, atMs: this.#know.history.nowMs(), text: `${what}: ${text}` });
  }
}
