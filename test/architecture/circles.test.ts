import { describe, expect, it } from "vitest";
import { checkCircles } from "./circles.ts";

const file = (path: string, ...imports: readonly string[]) => ({
  path,
  source: imports.map((name) => `import type { X } from "${name}";\n`).join(""),
});

describe("checkCircles()", () => {
  it("takes what leads down, by however many ways", () => {
    const sources = [
      file("src/top.ts", "./left.ts", "./right.ts", "valibot"),
      file("src/left.ts", "./ground.ts"),
      file("src/right.ts", "./ground.ts", "../cli/elsewhere.ts"),
      file("src/ground.ts"),
    ];
    expect(checkCircles(sources)).toEqual([]);
  });

  it("shows two files that import each other, if only for a type", () => {
    expect(
      checkCircles([file("src/verdict.ts", "./rule/weigh.ts"), file("src/rule/weigh.ts", "../verdict.ts")]),
    ).toEqual([
      "src/rule/weigh.ts → src/verdict.ts → src/rule/weigh.ts is a circle: move what they share to a file below them all, or hand it in as a parameter. Types count too.",
    ]);
  });

  it("shows of many that hang together the shortest circle, and says how many there are", () => {
    const sources = [
      file("a.ts", "./b.ts"),
      file("b.ts", "./c.ts"),
      file("c.ts", "./d.ts", "./a.ts"),
      file("d.ts", "./c.ts"),
      file("outside.ts", "./a.ts"),
    ];
    expect(checkCircles(sources)).toEqual([
      expect.stringMatching(/^c\.ts → d\.ts → c\.ts \(4 files hang together by it\) is a circle: /),
    ]);
  });

  it("tells circles that have nothing to do with each other one by one", () => {
    const sources = [
      file("a.ts", "./b.ts"),
      file("b.ts", "./a.ts"),
      file("c.ts", "./d.ts"),
      file("d.ts", "./c.ts", "./a.ts"),
    ];
    expect(checkCircles(sources)).toHaveLength(2);
  });

  it("shows a file that imports itself, and one that is loaded later", () => {
    expect(checkCircles([file("a.ts", "./a.ts")])).toHaveLength(1);
    const late = { path: "b.ts", source: 'const { c } = await import("./c.ts");\n' };
    expect(checkCircles([late, file("c.ts", "./b.ts")])).toHaveLength(1);
  });
});
