import type { Cell, Screen, Style } from "./screen.ts";

/** ANSI's eight, each readable on the background; the bright ones look like them. */
const COLOURS = [
  "#6e7681",
  "#ff7b72",
  "#56d364",
  "#e3b341",
  "#79c0ff",
  "#d2a8ff",
  "#56d4dd",
  "#c9d1d9",
] as const;
const TEXT = "#c9d1d9";
const BACKGROUND = "#0d1117";
const CELL = { width: 8.4, height: 19 };
const PAD = 16;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** No browser leaves all spaces of a text as they are, except those that don't break. */
const SPACE = "\u00a0";

const sameStyle = (a: Style, b: Style): boolean =>
  a.bold === b.bold && a.dim === b.dim && a.colour === b.colour;

/** Neighbours of one style, as one piece of text. */
function pieces(
  line: readonly Cell[],
): readonly { readonly at: number; readonly text: string; readonly style: Style }[] {
  const found: { at: number; text: string; style: Style }[] = [];
  for (const [at, { text, style }] of line.entries()) {
    const last = found.at(-1);
    if (last && sameStyle(last.style, style)) last.text += text;
    else found.push({ at, text, style });
  }
  return found.filter(({ text }) => text.trim() !== "");
}

const rounded = (value: number): string => String(Math.round(value * 10) / 10);

function drawn(line: readonly Cell[], row: number): readonly string[] {
  return pieces(line).map(({ at, text, style }) => {
    const shown = text.trimEnd();
    const looks = [
      `x="${rounded(PAD + at * CELL.width)}"`,
      `y="${rounded(PAD + (row + 0.75) * CELL.height)}"`,
      // So wide as in a terminal, whatever font the reader has.
      `textLength="${rounded(shown.length * CELL.width)}"`,
      'lengthAdjust="spacingAndGlyphs"',
      ...(style.colour === undefined ? [] : [`fill="${COLOURS[style.colour % 8]}"`]),
      ...(style.bold ? ['font-weight="bold"'] : []),
      ...(style.dim ? ['opacity="0.65"'] : []),
    ];
    return `<text ${looks.join(" ")}>${escaped(shown).replaceAll(" ", SPACE)}</text>`;
  });
}

/** A picture of a terminal's screen. Its words are text, so that they can be read out and searched. */
export function svgOf(screen: Screen, title: string): string {
  const filled = screen.text.split("\n").length;
  const width = rounded(screen.columns * CELL.width + 2 * PAD);
  const height = rounded(filled * CELL.height + 2 * PAD);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="14" fill="${TEXT}">`,
    ...screen.cells.slice(0, filled).flatMap(drawn),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

const PIECE = /<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<\/text>/g;
const unescaped = (text: string): string =>
  text.replaceAll(SPACE, " ").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** The lines of a picture made here, as they stood on the screen; no empty ones. */
export function wordsOf(svg: string): readonly string[] {
  const lines = new Map<string, string>();
  for (const [, x = "", y = "", text = ""] of svg.matchAll(PIECE)) {
    const at = Math.round((Number(x) - PAD) / CELL.width);
    lines.set(y, (lines.get(y) ?? "").padEnd(at) + unescaped(text));
  }
  return [...lines.values()];
}
