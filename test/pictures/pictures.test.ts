import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSitting } from "../../cli/target/sitting.ts";
import { root } from "../cli/support.ts";
import { engineMissing } from "../support/engines/engine.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { PICTURES } from "./pictures.ts";
import { wordsOf } from "./svg.ts";

const kept = (file: string): readonly string[] =>
  wordsOf(readFileSync(join(root, "docs/pictures", file), "utf8"));

/** Ids, figures and how full bars are hang on the moment, and so does which Actor is in which row; the words do not. */
const shape = (line: string): string =>
  line
    .replace(/\b\w{17}\b/g, "ID")
    .replace(/\bacme\/\S+|\bmapworks\/\S+/g, "ACTOR")
    .replace(/\d+/g, "0")
    .replace(/[█░]+/g, "BAR")
    .replace(/\s+/g, " ")
    .trim();

const ROW = "ID ACTOR $0.0/$0 0m/0h BAR 0%";

/** From the first entry on, for how much stands above it hangs on the runs; of the rows the usual ones. */
function parts(lines: readonly string[]) {
  const shapes = lines.map(shape).filter((line) => line !== "");
  const from = shapes.slice(shapes.findIndex((line) => line.includes("NOTICE")));
  return {
    words: [...new Set(from.filter((line) => !line.startsWith("ID ")))],
    rows: [...new Set(from.filter((line) => line === ROW))],
  };
}

describe.skipIf(engineMissing)(`the pictures${engineMissing ? ` (${engineMissing})` : ""}`, () => {
  it("show what a terminal shows: a run that comes to its limit of $5.00 and is stopped", async () => {
    const cwd = await tempFolder();
    const screen = await (PICTURES[0]?.take(cwd) ?? expect.unreachable());
    expect(screen.text).toMatch(/cost \$5\.\d\d of \$5\.00 (.|\n)*ABORTED at \$5\.\d\d, /);
    const shown = parts(screen.text.split("\n"));
    expect(parts(kept("live-view.svg"))).toEqual(shown);
    expect(shown.rows.length).toBeGreaterThan(0);
    expect(screen.isAtRest).toBe(true);
    expect(readSitting(join(cwd, ".watchdog/pretend"))).not.toHaveProperty("running");
    expect(existsSync(join(cwd, ".watchdog/pretend/pid"))).toBe(false);
  });

  it("name an account of one's own as watched, read-only", () => {
    const words = kept("own-account.svg").join("\n");
    expect(words).toContain("watching, read-only: ");
    expect(words).toContain("enforcing would have saved $");
  });
});
