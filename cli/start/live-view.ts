import { describeEntry } from "../../src/watchdog/audit/describe.ts";
import type { Entry } from "../../src/watchdog/model/entry.ts";
import { entryLines } from "../lines/lines.ts";
import { type Paint, widthOf, wrap, written } from "../show/terminal.ts";
import { paintWord } from "../show/words.ts";
import { liveFrame } from "./live-frame.ts";
import type { Moment, View } from "./view.ts";

/** The part of a terminal's stream that the live view needs. */
type Screen = {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
};

const HIDE_CURSOR = "\u001b[?25l";
export const SHOW_CURSOR = "\u001b[?25h";
const upAndWipe = (lines: number): string => (lines > 0 ? `\u001b[${lines}A\r\u001b[J` : "\r\u001b[J");

/** What happens scrolls by as in a log and stays; below it the live runs are drawn anew after each tick. */
export class LiveView implements View {
  readonly #screen: Screen;
  readonly #paint: Paint;
  /** What the moving part was drawn as, to be wiped before it is drawn anew. */
  #drawn: readonly string[] = [];
  #pending: string[] = [];
  #last: Moment | undefined;

  constructor(screen: Screen, paint: Paint) {
    this.#screen = screen;
    this.#paint = paint;
  }

  /**
   * Back to where the moving part begins. A terminal that has been made narrower since has broken its lines: what was
   * one is now several.
   */
  #wipe(): string {
    const { columns } = this.#screen;
    const heights = this.#drawn.map((line) => Math.max(1, Math.ceil(widthOf(line) / columns)));
    return upAndWipe(heights.reduce((sum, each) => sum + each, 0));
  }

  say(line: string): void {
    const lines = wrap(line, this.#screen.columns - 1);
    this.#screen.write(`${this.#wipe()}${lines.map(written).join("\n")}\n`);
    this.#drawn = [];
  }

  entry(entry: Entry, name: string): void {
    const { word } = describeEntry(entry);
    const [first = "", ...more] = entryLines(entry, name, this.#screen.columns - 1);
    this.#pending.push(first.replace(word, paintWord(word, this.#paint)), ...more);
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
    this.#screen.write(`${HIDE_CURSOR}${this.#wipe()}${lines.map(written).join("\n")}\n`);
    this.#pending = [];
    this.#drawn = frame;
  }

  end(): void {
    const rest = this.#pending.map((line) => `${written(line)}\n`).join("");
    this.#screen.write(`${this.#wipe()}${rest}${SHOW_CURSOR}`);
    this.#pending = [];
    this.#drawn = [];
  }
}
