import { describe, expect, it } from "vitest";
import { table } from "../../../cli/show/table.ts";
import { cut, painter, widthOf, wrap } from "../../../cli/show/terminal.ts";

const rows = [
  { id: "a", text: "a long story that goes on and on, and on" },
  { id: "bbb", text: "short" },
];
const columns = [
  { title: "ID", cell: (row: (typeof rows)[number]) => row.id, align: "right" as const },
  { title: "TEXT", cell: (row: (typeof rows)[number]) => row.text },
  { title: "WIDE", cell: () => "x", from: 100 },
];
const paint = (_format: unknown, text: string): string => text;

describe("table()", () => {
  it("cuts what does not fit, marks the cut, and leaves out what is for wide terminals", () => {
    expect(table(rows, columns, { columns: 20, paint })).toEqual([
      " ID  TEXT",
      "  a  a long story t…",
      "bbb  short",
    ]);
  });

  it("breaks the last column instead of cutting it where it says so, beside the others or below them", () => {
    const whole = [rows[0] as (typeof rows)[number]];
    const [id, text] = columns as [(typeof columns)[0], (typeof columns)[1]];
    const wrapping = [id, { ...text, wraps: true }];
    expect(table(whole, wrapping, { columns: 32, paint })).toEqual([
      "ID  TEXT",
      " a  a long story that goes on",
      "      and on, and on",
    ]);
    expect(table(whole, wrapping, { columns: 20, paint })).toEqual([
      "ID",
      "    TEXT",
      " a",
      "    a long story",
      "      that goes on",
      "      and on, and on".trimEnd(),
    ]);
  });

  it("shows everything where nobody looks", () => {
    const lines = table(rows, columns, { columns: Number.POSITIVE_INFINITY, paint });
    expect(lines[1]).toBe("  a  a long story that goes on and on, and on  x");
  });
});

describe("cut() and wrap()", () => {
  it("counts no colours, and marks what is cut", () => {
    expect(widthOf(painter({ colour: true })("red", "red"))).toBe(3);
    expect(cut("abcdef", 4)).toBe("abc…");
  });

  it("breaks between words", () => {
    expect(wrap("one two three four", 10)).toEqual(["one two", "  three", "  four"]);
  });
});
