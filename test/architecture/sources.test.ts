import { describe, expect, it } from "vitest";
import { importsOf, stripComments, takenBy, withoutImports } from "./sources.ts";

describe("stripComments()", () => {
  it("leaves the code alone", () => {
    const source = [
      'const packages = ["@aws-sdk/*", "node:*"]; // not these: "yaml"',
      "/** Runs' ends. */",
      'const url = "https://example.com"; /* it\'s one */ const more = `https://host`;',
    ].join("\n");
    expect(stripComments(source).trimEnd().split("\n")).toEqual([
      'const packages = ["@aws-sdk/*", "node:*"]; ',
      "",
      'const url = "https://example.com";  const more = `https://host`;',
    ]);
  });
});

describe("importsOf()", () => {
  it("sees every form of import, over several lines too, and none in a comment", () => {
    const source = `import a, { type B } from "a";
import type { C } from 'c';
import {
  d,
  e,
} from "d";
import "side-effect";
export * from "f";
export { g } from "./g.ts";
export type { H } from "h";
const later = await import("later");
type Inline = import("./inline.ts").Inline;
const old = require("old");
// import { x } from "line";
/** import { x } from "block"; */
const url = "https://example.com"; const i = await import("after-a-url");
export const from = "no import";
`;
    expect([...importsOf(source)].sort()).toEqual(
      ["./g.ts", "./inline.ts", "a", "after-a-url", "c", "d", "f", "h", "later", "old", "side-effect"].sort(),
    );
  });
});

describe("takenBy()", () => {
  it.each([
    ['import { decide } from "x";', ["decide"]],
    ['import { type Decision, decide as judge } from "x";', ["Decision", "decide"]],
    ['import type {\n  A,\n  B,\n} from "x";', ["A", "B"]],
    ['import * as policy from "x";', ["*"]],
    ['export * from "x";', ["*"]],
    ['export { decide } from "x";', ["decide"]],
    ['import whole from "x";', []],
  ])("reads what %j takes", (source, symbols) => {
    expect(takenBy(source)).toEqual([{ from: "x", symbols }]);
  });
});

describe("withoutImports()", () => {
  it("leaves where a symbol is used", () => {
    expect(
      withoutImports('import type { Ports } from "x";\nconst take = (ports: Ports) => ports;').trim(),
    ).toBe("const take = (ports: Ports) => ports;");
  });
});
