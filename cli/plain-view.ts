import { entryLine, runTable, summaryLine } from "./lines.ts";
import type { Moment, View } from "./view.ts";

/** A log: the live runs once, a line an hour on all of them, and a line for each entry. */
export class PlainView implements View {
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  say(line: string): void {
    this.#write(line);
  }

  entry(...about: Parameters<View["entry"]>): void {
    this.#write(entryLine(...about));
  }

  moment({ now, runs, nameOf, report, ticks }: Moment): void {
    if (ticks % 60 !== 1) return;
    const live = runs.map((view) => view.live);
    const name = (each: (typeof live)[number]): string => nameOf(each.run.actorId);
    if (ticks === 1) for (const line of runTable(now, live, name)) this.#write(line);
    this.#write(summaryLine(now, live, name));
    for (const [reason, times] of Object.entries(report.skipped)) {
      this.#write(`       not judged  ${times} × ${reason}`);
    }
  }

  end(): void {}
}
