import { describe, expect, it } from "vitest";
import { checkDefaultExports, checkPaths } from "./modules.ts";

describe("checkDefaultExports()", () => {
  it.each(["export default function x() {}", "const x = 1;\nexport { x as default };"])(
    "refuses %j",
    (source) => {
      expect(checkDefaultExports([{ path: "src/x.ts", source }])).toEqual([
        "src/x.ts has a default export; give what it exports the name of the file.",
      ]);
    },
  );

  it("allows what is named", () => {
    expect(checkDefaultExports([{ path: "src/x.ts", source: "export const byDefault = 1;" }])).toEqual([]);
  });
});

describe("checkPaths()", () => {
  it("refuses the path of a URL that is a file's", () => {
    const source = `const root = new URL("..", ${"import.meta.url"}).pathname;`;
    expect(checkPaths([{ path: "cli/start.ts", source }])).toEqual([
      "cli/start.ts takes a file's path from a URL as it is; use fileURLToPath of node:url.",
    ]);
  });

  it.each([
    'const root = fileURLToPath(new URL("..", import.meta.url));',
    "const { pathname } = new URL(link);",
  ])("allows %j", (source) => {
    expect(checkPaths([{ path: "cli/start.ts", source }])).toEqual([]);
  });
});
