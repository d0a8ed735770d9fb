/** What a character looks like. `colour` is one of ANSI's sixteen, absent: the terminal's own. */
export type Style = { readonly bold?: boolean; readonly dim?: boolean; readonly colour?: number };
export type Cell = { readonly text: string; readonly style: Style };

const BLANK: Cell = { text: " ", style: {} };
const ESCAPE = "\u001b";
const SEQUENCE = /^\[(\??)([\d;]*)([A-Za-z])/;
const UNFINISHED = /^(\[\??[\d;]*)?$/;

/** What select graphic rendition makes of a style. */
function styled(style: Style, code: number): Style {
  const { colour, ...plain } = style;
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return colour === undefined ? {} : { colour };
  if (code === 39) return plain;
  if (code >= 30 && code <= 37) return { ...style, colour: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, colour: code - 82 };
  throw new Error(`A colour that this screen does not know: ${code}.`);
}

/** A terminal's screen, as far as the live view uses one. Throws on what it does not know. */
export class Screen {
  readonly columns: number;
  readonly rows: number;
  #grid: Cell[][];
  #x = 0;
  #y = 0;
  #style: Style = {};
  #modes = new Map<string, boolean>();
  /** A sequence that is not whole yet. */
  #rest = "";

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#grid = Array.from({ length: rows }, () => this.#blankLine());
  }

  #blankLine = (): Cell[] => Array.from({ length: this.columns }, () => BLANK);

  /** Is the cursor shown, and nothing held back? */
  get isAtRest(): boolean {
    return this.#modes.get("25") !== false && this.#modes.get("2026") !== true && this.#rest === "";
  }

  get cells(): readonly (readonly Cell[])[] {
    return this.#grid;
  }

  /** What is on it, without colours, down to the last line that has something. */
  get text(): string {
    const lines = this.#grid.map((line) => textOf(line));
    return lines.join("\n").trimEnd();
  }

  write(text: string): void {
    let left = this.#rest + text;
    this.#rest = "";
    while (left !== "") {
      if (left.startsWith(ESCAPE)) {
        const found = SEQUENCE.exec(left.slice(1));
        if (found === null && UNFINISHED.test(left.slice(1))) {
          this.#rest = left;
          return;
        }
        if (found === null)
          throw new Error(`A sequence that this screen does not know: ${JSON.stringify(left)}.`);
        const [whole, mark = "", numbers = "", command = ""] = found;
        this.#obey(mark + command, numbers);
        left = left.slice(1 + whole.length);
        continue;
      }
      const [character = ""] = left;
      this.#put(character);
      left = left.slice(character.length);
    }
  }

  #put(character: string): void {
    if (character === "\r") this.#x = 0;
    else if (character === "\n") this.#newLine();
    else {
      if (this.#x === this.columns) this.#newLine();
      const line = this.#grid[this.#y] ?? [];
      line[this.#x] = { text: character, style: this.#style };
      this.#x += 1;
    }
  }

  #newLine(): void {
    this.#x = 0;
    if (this.#y < this.rows - 1) this.#y += 1;
    else {
      this.#grid.shift();
      this.#grid.push(this.#blankLine());
    }
  }

  #obey(command: string, numbers: string): void {
    if (command === "m")
      for (const code of numbers.split(";")) this.#style = styled(this.#style, Number(code));
    else if (command === "A") this.#y = Math.max(0, this.#y - Number(numbers || 1));
    else if (command === "K" && numbers === "") this.#grid[this.#y]?.fill(BLANK, this.#x);
    else if (command === "K" && numbers === "2") this.#grid[this.#y]?.fill(BLANK);
    else if (command === "J" && numbers === "") {
      this.#grid[this.#y]?.fill(BLANK, this.#x);
      for (const line of this.#grid.slice(this.#y + 1)) line.fill(BLANK);
    } else if (command === "?h" || command === "?l") this.#modes.set(numbers, command === "?h");
    else throw new Error(`A command that this screen does not know: ${command} with "${numbers}".`);
  }
}

/** A line without its colours. */
export const textOf = (line: readonly Cell[]): string =>
  line
    .map(({ text }) => text)
    .join("")
    .trimEnd();
