import { printable } from "../../src/policy/index.ts";

type Field = string | number | undefined;

/** What a spreadsheet would take for a formula is made text, behind blanks and in full width, too. */
const FORMULA = /^\s*[=+\-@＝＋－＠]/;
/** What parts fields in some countries is quoted as a comma is. */
const PARTS = /[",;]/;

function field(value: Field): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const plain = printable(value);
  const text = FORMULA.test(plain) ? `'${plain}` : plain;
  return PARTS.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Comma-separated values as RFC 4180 has them, a header first; each row is one line. */
export const csv = (titles: readonly string[], rows: readonly (readonly Field[])[]): string =>
  [titles, ...rows].map((row) => row.map(field).join(",")).join("\r\n");
