import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { styleText } from "node:util";
import { printable, printableLines } from "../../src/policy/index.ts";
import { takesLinks } from "./links.ts";

type Format = Parameters<typeof styleText>[0];

/**
 * Where a command writes: results to `out` and `data`, everything else to `err`, so that a pipe gets results alone. Nothing
 * that is written acts on the terminal, wherever its words come from: it has the colours of `paint` and no others, and
 * all else that would act, or could not be seen, is written out.
 */
export interface Terminal {
  /** How wide results may be; without bound where nobody looks at them. */
  readonly columns: number;
  readonly isTty: boolean;
  /** How many lines the screen has; absent where there is none. */
  readonly rows?: number;
  readonly colour: boolean;
  /** Does it take OSC 8 links? */
  readonly links?: boolean;
  /** A line, or several; a line break within one is written out, too. */
  out(text: string | readonly string[]): void;
  /** Text that has lines of its own, such as JSON, CSV and YAML. */
  data(text: string): void;
  /** May have lines of its own. */
  err(text: string): void;
  /** Shows what long work is at, in one line that the next one replaces; `undefined` wipes it. On a terminal only. */
  progress(text: string | undefined): void;
  /** Is there a person who can be asked? Where input or messages go to a pipe or a file there is none. */
  readonly canAsk: boolean;
  /** Asks a question, and returns the line that is typed; an empty one at the end of input, and on Ctrl-C. */
  ask(question: string, signal: AbortSignal): Promise<string>;
}

export type Paint = {
  (format: Format, text: string): string;
  /** Is what `linked` is given made a link? */
  readonly links?: boolean;
};

const ESCAPE = "\u001b";
/** Stands for the escape of our own colours until they are written. Like a mail's boundary: no text from elsewhere can know it. */
const OURS = `\u{10fffd}${randomUUID()}`;
/** A colour, or the beginning or the end of a link: `OSC 8 ; ; URL ST`, whose address is printable ASCII. */
const COLOUR = new RegExp(`${OURS}(\\[[\\d;]*m|\\]8;;[!-~]*)(${OURS}\\\\)?`, "gu");

export function painter({ colour, links = false }: Pick<Terminal, "colour" | "links">): Paint {
  const paint = (format: Format, text: string): string => {
    if (!colour) return text;
    const [open = "", close = ""] = styleText(format, "|", { validateStream: false })
      .replaceAll(ESCAPE, OURS)
      .split("|");
    return open + text + close;
  };
  return Object.assign(paint, { links });
}

const linkTo = (url: string): string => `${OURS}]8;;${url}${OURS}\\`;

/** Plain text that leads to an address where the terminal takes links. */
export const linked = (paint: Paint, url: string, text: string): string =>
  paint.links && /^[!-~]+$/.test(url) ? linkTo(url) + text + linkTo("") : text;

/** A line as it is written: in our own colours, and doing nothing else. */
export const written = (line: string): string =>
  line
    .split(COLOUR)
    .map((part, at) => {
      if (at % 3 === 0) return printable(part);
      if (at % 3 === 1) return ESCAPE + part;
      return part === undefined ? "" : `${ESCAPE}\\`;
    })
    .join("");

/** What `out` writes. */
export const writtenLines = (text: string | readonly string[]): string =>
  (typeof text === "string" ? [text] : text).map((line) => `${written(line)}\n`).join("");

/** What `data` writes. */
export const writtenData = (text: string): string => `${printableLines(text)}\n`;

/** How many columns a text takes; colours take none. */
export const widthOf = (text: string): number => [...text.replace(COLOUR, "")].length;

/** Cuts plain text to a width and marks the cut. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return width < 1 ? "" : `${[...text].slice(0, width - 1).join("")}…`;
}

export const padTo = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - widthOf(text)));

/** A command at the end of a text, as it is to be copied. */
const COMMAND = /^(.*:) ((?:npx apify-run-watchdog|npm run watchdog --|watchdog) .+)$/;

/**
 * Breaks plain text between words; what goes on is indented. Its own spaces stay as they are. A command at its end gets a line
 * of its own that is not broken: what is copied from it must run.
 */
export function wrap(text: string, width: number): readonly string[] {
  if (widthOf(text) <= width) return [text];
  const [, before, command] = COMMAND.exec(text) ?? [];
  if (before !== undefined && command !== undefined) return [...wrap(before, width), `  ${command}`];
  const at = text.lastIndexOf(" ", width);
  if (at <= 2) return [text];
  return [text.slice(0, at), ...wrap(`  ${text.slice(at + 1)}`, width)];
}

const WIPE = "\r\u001b[2K";

/** Plain text wrapped, each line dressed by itself. */
export const wrapped = (
  text: string,
  width: number,
  dress = (line: string): string => line,
): readonly string[] => wrap(text, width).map(dress);

/** A pipe without a reader, and a terminal that was closed. */
const UNREAD = ["EPIPE", "ERR_STREAM_DESTROYED", "EIO"];

/** The reader of a pipe may have seen enough: `watchdog audit list | head`. What is written after that is dropped. */
function whenUnread(stdout: NodeJS.WriteStream, end: () => void): void {
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (!UNREAD.includes(error.code ?? "")) throw error;
    end();
  });
}

/** The line that a person types. The terminal itself edits it, so that Ctrl-C stays the process's. */
function readLine(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  return new Promise<string>((resolve) => {
    lines.once("close", () => resolve(""));
    signal.addEventListener("abort", () => lines.close(), { once: true });
    lines.question(question, resolve);
  }).finally(() => lines.close());
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
    ...(stdout.isTTY && { rows: stdout.rows || 24 }),
    colour: stdout.isTTY === true && stdout.hasColors(),
    links: stdout.isTTY === true && takesLinks(process.env),
    out(text) {
      wipe();
      stdout.write(writtenLines(text));
    },
    data(text) {
      wipe();
      stdout.write(writtenData(text));
    },
    err(text) {
      wipe();
      const width = stderr.isTTY ? stderr.columns || 80 : Number.POSITIVE_INFINITY;
      for (const line of text.split("\n")) stderr.write(writtenLines(wrap(line, width)));
    },
    progress(text) {
      if (!stderr.isTTY) return;
      wipe();
      if (text === undefined) return;
      stderr.write(`${WIPE}${cut(printable(text), (stderr.columns || 80) - 1)}`);
      shown = true;
    },
    canAsk: process.stdin.isTTY === true && stderr.isTTY === true,
    ask(question, signal) {
      wipe();
      return readLine(printable(question), signal);
    },
  };
}
