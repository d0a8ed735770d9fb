import { stripVTControlCharacters, styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Where a command writes: results to `out`, everything else to `err`, so that a pipe gets results alone. */
export interface Terminal {
  /** How wide results may be; without bound where nobody looks at them. */
  readonly columns: number;
  readonly isTty: boolean;
  readonly colour: boolean;
  out(text: string): void;
  err(text: string): void;
  /** Shows what long work is at, in one line that the next one replaces; `undefined` wipes it. On a terminal only. */
  progress(text: string | undefined): void;
}

export type Paint = (format: Format, text: string) => string;

export const painter =
  ({ colour }: Pick<Terminal, "colour">): Paint =>
  (format, text) =>
    colour ? styleText(format, text, { validateStream: false }) : text;

/** How many columns a text takes; colours take none. */
export const widthOf = (text: string): number => [...stripVTControlCharacters(text)].length;

/** Cuts plain text to a width and marks the cut. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return width < 1 ? "" : `${[...text].slice(0, width - 1).join("")}…`;
}

export const padTo = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - widthOf(text)));

/** Breaks plain text between words; what goes on is indented. Its own spaces stay as they are. */
export function wrap(text: string, width: number): readonly string[] {
  if (widthOf(text) <= width) return [text];
  const at = text.lastIndexOf(" ", width);
  if (at <= 2) return [text];
  return [text.slice(0, at), ...wrap(`  ${text.slice(at + 1)}`, width)];
}

const WIPE = "\r\u001b[2K";

/** Plain text wrapped, each line dressed by itself: as one text, to be written to `out`. */
export const wrapped = (text: string, width: number, dress = (line: string): string => line): string =>
  wrap(text, width).map(dress).join("\n");

/** The reader of a pipe may have seen enough: `watchdog audit list | head`. What is written after that is dropped. */
function whenUnread(stdout: NodeJS.WriteStream, end: () => void): void {
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
    end();
  });
}

/**
 * This process's own terminal. Colours as `NO_COLOR`, `FORCE_COLOR` and the terminal itself say. `unread` is called when
 * nobody reads standard output any more.
 */
export function processTerminal(unread: () => void = () => process.exit(0)): Terminal {
  const { stdout, stderr } = process;
  let shown = false;
  const wipe = (): void => {
    if (shown) stderr.write(WIPE);
    shown = false;
  };
  whenUnread(stdout, unread);
  return {
    columns: stdout.isTTY ? stdout.columns || 80 : Number.POSITIVE_INFINITY,
    isTty: stdout.isTTY === true,
    colour: stdout.isTTY === true && stdout.hasColors(),
    out(text) {
      wipe();
      stdout.write(`${text}\n`);
    },
    err(text) {
      wipe();
      const width = stderr.isTTY ? stderr.columns || 80 : Number.POSITIVE_INFINITY;
      for (const line of text.split("\n")) stderr.write(`${wrap(line, width).join("\n")}\n`);
    },
    progress(text) {
      if (!stderr.isTTY) return;
      wipe();
      if (text === undefined) return;
      stderr.write(`${WIPE}${cut(text, (stderr.columns || 80) - 1)}`);
      shown = true;
    },
  };
}
