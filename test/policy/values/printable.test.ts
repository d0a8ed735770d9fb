import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  lineProblem,
  printable,
  printableAll,
  printableLines,
} from "../../../src/policy/values/printable.ts";
import { actingIn, HOSTILE } from "../../support/hostile.ts";

describe("printable()", () => {
  it.each(HOSTILE)("leaves nothing of a text that would %s, and shows that it was there", (_what, text) => {
    expect(actingIn(printable(text))).toEqual([]);
    expect(printable(text)).toMatch(/^<<\\.*>>$/);
  });

  it("leaves nothing that acts, of any text, and changes nothing twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = printable(text);
        expect(actingIn(shown.replaceAll("<", ""))).toEqual([]);
        expect(shown).not.toContain("\n");
        expect(printable(shown)).toBe(shown);
      }),
    );
  });

  it.each(["acme/shop", "köln ❤️ ✔︎", "日本語 العربية עברית", "C:\\x", "🏴"])("leaves %s as it is", (text) => {
    expect(printable(text)).toBe(text);
  });

  it("writes as JSON does, so that JSON in which it is used says the same as before", () => {
    for (const [, text] of HOSTILE) {
      const json = JSON.stringify({ text });
      expect(JSON.parse(printable(json))).toEqual({ text });
    }
  });

  it("cuts where it is told to, through no character, and marks the cut", () => {
    expect(printable("abcdef", 3)).toBe("abc…");
    expect(printable("ab🏴cd", 3)).toBe("ab…");
    expect(printable("abc", 3)).toBe("abc");
  });
});

describe("printableLines()", () => {
  it("keeps line breaks alone, also those of CSV", () => {
    expect(printableLines("a\u001b\nb\r\nc\rd\u2028")).toBe("a\\u001b\nb\r\nc\\rd\\u2028");
  });
});

describe("printableAll()", () => {
  it("reaches every text and every name of a field, and leaves all else as it is", () => {
    const at = new Date(0);
    expect(printableAll({ "\n": ["\u001b", { deep: "\u202e" }], at, none: null, count: 3 })).toEqual({
      "\\n": ["\\u001b", { deep: "\\u202e" }],
      at,
      none: null,
      count: 3,
    });
  });
});

describe("lineProblem()", () => {
  it.each([
    [
      "a\u001bb",
      9,
      '"a\\u001bb" with U+001B at character 2',
      "one line without control or invisible characters",
    ],
    ["🏴a\nb", 9, '"🏴a\\nb" with U+000A at character 3', "one line without control or invisible characters"],
    ["abcd", 3, "4 characters", "3 at most"],
  ])("says of %j what came and what was wanted", (text, most, got, expected) => {
    expect(lineProblem(text, most)).toEqual({ got, expected });
  });

  it("counts characters as people do, and has nothing against a plain line", () => {
    expect(lineProblem("🏴🏴🏴", 3)).toBeUndefined();
  });
});
