import { describeEntry } from "../src/watchdog/describe.ts";
import type { Entry } from "../src/watchdog/entry.ts";
import { entryLine } from "./lines.ts";
import { liveFrame } from "./live-frame.ts";
import { cut, type Paint, padTo, widthOf, wrap } from "./terminal.ts";
import type { Moment, View } from "./view.ts";
import { paintWord } from "./words.ts";

/** The part of a terminal's stream that the live view needs. */
type Screen = {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
};

/** Where an entry's words begin, behind its time and its kind. */
const INDENT = 19;

const HIDE_CURSOR = "\u001b[?25l";
export const SHOW_CURSOR = "\u001b[?25h";
const upAndWipe = (lines: number): string => (lines > 0 ? `\u001b[${lines}A\r\u001b[J` : "\r\u001b[J");

/** What happens scrolls by as in a log and stays; below it the live runs are drawn anew after each tick. */
export class LiveView implements View {
  readonly #screen: Screen;
  readonly #paint: Paint;
  #drawn = 0;
  #pending: string[] = [];
  #last: Moment | undefined;

  constructor(screen: Screen, paint: Paint) {
    this.#screen = screen;
    this.#paint = paint;
  }

  say(line: string): void {
    const lines = wrap(line, this.#screen.columns - 1);
    this.#screen.write(`${upAndWipe(this.#drawn)}${lines.join("\n")}\n`);
    this.#drawn = 0;
  }

  entry(entry: Entry, name: string): void {
    const { word, text } = describeEntry(entry);
    const line = entryLine(entry, name);
    const dress = (plain: string): string => plain.replace(word, paintWord(word, this.#paint));
    const { columns } = this.#screen;
    if (widthOf(line) < columns) this.#pending.push(dress(line));
    else {
      const head = line.slice(0, line.length - text.length).trimEnd();
      const told = wrap(text, columns - 1 - INDENT).map((each) => `${padTo("", INDENT)}${each.trimStart()}`);
      this.#pending.push(dress(cut(head, columns - 1)), ...told);
    }
    this.#draw();
  }

  moment(moment: Moment): void {
    this.#last = moment;
    this.#draw();
  }

  #draw(): void {
    if (this.#last === undefined) return;
    const { columns, rows } = this.#screen;
    const frame = liveFrame(this.#last, { columns, rows, paint: this.#paint });
    const lines = [...this.#pending, ...frame];
    // One write, so that nobody sees it half done.
    this.#screen.write(`${HIDE_CURSOR}${upAndWipe(this.#drawn)}${lines.join("\n")}\n`);
    this.#pending = [];
    this.#drawn = frame.length;
  }

  end(): void {
    const rest = this.#pending.map((line) => `${line}\n`).join("");
    this.#screen.write(`${upAndWipe(this.#drawn)}${rest}${SHOW_CURSOR}`);
    this.#pending = [];
    this.#drawn = 0;
  }
}
