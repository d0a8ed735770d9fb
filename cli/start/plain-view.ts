import { budgetLines, entryLines, runTable, summaryLine } from "../lines/lines.ts";
import { type Terminal, wrap } from "../show/terminal.ts";
import type { Moment, View } from "./view.ts";

/** A log: the live runs once, a line an hour on all of them, and a line for each entry. */
export class PlainView implements View {
  readonly #terminal: Pick<Terminal, "columns" | "out">;
  #shownAt = 0;

  constructor(terminal: Pick<Terminal, "columns" | "out">) {
    this.#terminal = terminal;
  }

  say(line: string): void {
    for (const each of wrap(line, this.#terminal.columns)) this.#terminal.out(each);
  }

  entry(...[entry, name]: Parameters<View["entry"]>): void {
    for (const each of entryLines(entry, name, this.#terminal.columns)) this.#terminal.out(each);
  }

  moment({ now, runs, budgets, nameOf, report, ticks }: Moment): void {
    if (ticks % 60 !== 1 || ticks === this.#shownAt) return;
    this.#shownAt = ticks;
    const live = runs.map((view) => view.live);
    const name = (each: (typeof live)[number]): string => nameOf(each.run.actorId);
    if (ticks === 1)
      for (const line of runTable(now, live, name, this.#terminal.columns)) this.#terminal.out(line);
    this.say(summaryLine(now, live, name));
    for (const line of budgetLines(now, budgets, nameOf, this.#terminal.columns)) this.#terminal.out(line);
    for (const [reason, times] of Object.entries(report.skipped)) {
      this.say(`       not covered ${times} × ${reason}`);
    }
  }

  end(): void {}
}
