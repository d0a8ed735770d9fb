type Field = string | number | undefined;

/** What a spreadsheet would take for a formula is made text. */
const FORMULA = /^[=+\-@\t\r]/;

function field(value: Field): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Comma-separated values as RFC 4180 has them, a header first. */
export const csv = (titles: readonly string[], rows: readonly (readonly Field[])[]): string =>
  [titles, ...rows].map((row) => row.map(field).join(",")).join("\r\n");
