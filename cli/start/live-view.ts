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

/**
 * One picture, drawn at once: synchronized output (DEC private mode 2026, which terminals without it ignore), the cursor out of
 * sight meanwhile. Both are over by the end of the same write, so that no terminal is left without its cursor, however
 * this process ends.
 */
const atOnce = (text: string): string => `\u001b[?2026h\u001b[?25l${text}\u001b[?25h\u001b[?2026l`;
const up = (lines: number): string => (lines > 0 ? `\u001b[${lines}A\r` : "\r");
const WIPE_REST_OF_LINE = "\u001b[K";
const WIPE_BELOW = "\u001b[J";

/**
 * What happens scrolls by as in a log and stays; below it the live runs are drawn again after each tick. It is no alternate
 * screen: what was stopped, with its ids, is still there to read and copy after the end.
 */
export class LiveView implements View {
  readonly #screen: Screen;
  readonly #paint: Paint;
  /** What the moving part was drawn as, to be wiped before it is drawn again. */
  #drawn: readonly string[] = [];
  #last: Moment | undefined;

  constructor(screen: Screen, paint: Paint) {
    this.#screen = screen;
    this.#paint = paint;
  }

  /**
   * Back to where the moving part begins. A terminal that has been made narrower since has broken its lines: what was
   * one is now several.
   */
  #back(): string {
    const { columns } = this.#screen;
    const heights = this.#drawn.map((line) => Math.max(1, Math.ceil(widthOf(line) / columns)));
    return up(heights.reduce((sum, each) => sum + each, 0));
  }

  say(line: string): void {
    this.#draw(wrap(line, this.#screen.columns - 1));
  }

  entry(entry: Entry, name: string): void {
    const { word } = describeEntry(entry);
    const [first = "", ...more] = entryLines(entry, name, this.#screen.columns - 1);
    this.#draw([first.replace(word, paintWord(word, this.#paint)), ...more]);
  }

  moment(moment: Moment): void {
    this.#last = moment;
    this.#draw();
  }

  /** The terminal has another size now. */
  redraw(): void {
    if (this.#drawn.length > 0) this.#draw();
  }

  #draw(above: readonly string[] = []): void {
    const { columns, rows } = this.#screen;
    const frame = this.#last ? liveFrame(this.#last, { columns, rows, paint: this.#paint }) : [];
    // Written over what was there, and not into a space wiped before: nothing blinks where terminals know no mode 2026.
    const lines = [...above, ...frame].map((line) => `${written(line)}${WIPE_REST_OF_LINE}\n`);
    this.#screen.write(atOnce(`${this.#back()}${lines.join("")}${WIPE_BELOW}`));
    this.#drawn = frame;
  }

  end(): void {
    this.#last = undefined;
    this.#screen.write(atOnce(`${this.#back()}${WIPE_BELOW}`));
    this.#drawn = [];
  }
}
