/**
 * What acts on whoever shows it, or can't be seen: control characters (ESC, line breaks and C1 among them), bidirectional
 * overrides, zero-width and other invisible characters, line and paragraph separators, lone surrogates. Not the two
 * selectors that choose between an emoji and its plain form. Source: Unicode 15.1, general categories and properties.
 */
const UNSEEN =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]--[\uFE0E\uFE0F]]/v;
const EVERY_UNSEEN = new RegExp(UNSEEN.source, "gv");

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** As JSON and YAML write it, so that what a program reads stays what it was: `\u001b`. */
const escaped = (character: string): string =>
  SHORT[character] ??
  Array.from(
    { length: character.length },
    (_none, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");

const cutTo = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "")}…` : text;

/**
 * A text from elsewhere as one line that does nothing but show: what would act, or could not be seen, is written out
 * (`\u001b[2J`, `\n`). With `most` it is cut to so many characters, and the cut is marked.
 */
export const printable = (text: string, most = Number.POSITIVE_INFINITY): string =>
  cutTo(text, most).replace(EVERY_UNSEEN, escaped);

/** The same for a text that has lines of its own: its line breaks stay. */
export const printableLines = (text: string): string =>
  text
    .split(/(\r?\n)/)
    .map((part, at) => (at % 2 === 0 ? printable(part) : part))
    .join("");

/** The same data with every text in it printable, names of fields included. What is neither list nor plain object stays. */
export function printableAll<T>(data: T, most?: number): T;
export function printableAll(data: unknown, most?: number): unknown {
  if (typeof data === "string") return printable(data, most);
  if (Array.isArray(data)) return data.map((each: unknown) => printableAll(each, most));
  if (typeof data !== "object" || data === null || Object.getPrototypeOf(data) !== Object.prototype)
    return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [printable(name, most), printableAll(value, most)]),
  );
}

/** How many characters of an operator are kept: why, whom to ask, and an id or a name. */
export const MOST_REASON = 500;
export const MOST_OWNER = 200;
export const MOST_NAME = 1_000;

type LineProblem = { readonly got: string; readonly expected: string };

/**
 * Why a text that a person gives can't be kept as a line which is shown as it was written; `undefined` when it can.
 */
export function lineProblem(text: string, most: number): LineProblem | undefined {
  const characters = [...text];
  if (characters.length > most)
    return { got: `${characters.length} characters`, expected: `${most} at most` };
  const at = characters.findIndex((character) => UNSEEN.test(character));
  if (at < 0) return undefined;
  const code = (characters[at]?.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return {
    got: `"${printable(text, 60)}" with U+${code} at character ${at + 1}`,
    expected: "one line without control or invisible characters",
  };
}
