import type { EntryFields } from "../entry-text.ts";

type Finding = readonly [promise: string, text: string];

const SAID_ONCE: readonly string[] = ["step.notified", "abort.held", "abort.observed"];

/** A notice, an observed and a held stop: once per subject, rule, share, limit value and kind, whatever guard holds it. */
export class Once {
  readonly #said = new Set<string>();

  *check(entry: EntryFields): Generator<Finding> {
    if (!SAID_ONCE.includes(entry.kind)) return;
    const { subject, ruleId, step, evidence, kind } = entry;
    // Steps at one share differ in what they rest on.
    const said = [step?.at, step?.basis, evidence?.metric, evidence?.limit, kind];
    // A budget is another one in each window, and so is what it holds against a run.
    const whose = [subject.runId, subject.life, subject.group, evidence?.budget?.per, evidence?.budget?.from];
    const fact = [...whose, ruleId, ...said].filter((each) => each !== undefined).join(" ");
    if (this.#said.has(fact)) yield ["P3", `the same was said before: ${fact}`];
    this.#said.add(fact);
  }
}
