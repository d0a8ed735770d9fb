import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allCommands } from "../../cli/commands/index.ts";
import { runAsTyped } from "./as-typed.ts";
import { root } from "./support.ts";

const COMMANDS = await allCommands();
const documented = [...readFileSync(`${root}docs/cli.md`, "utf8").matchAll(/^watchdog (.+)$/gm)].map(
  ([, line = ""]) => line,
);
/** Makes an account of its own, in a folder of its own: test/cli/start runs it, as a process. */
const isElsewhere = (line: string): boolean => /^start\b/.test(line);
const examples = [
  ...new Set([...COMMANDS.flatMap((each) => each.examples.map(([line]) => line)), ...documented]),
].filter((line) => !isElsewhere(line));

describe("the examples of --help and docs/cli.md", () => {
  it.each(examples)("watchdog %s does what it says", runAsTyped);

  it("are there for every command, in both places", () => {
    for (const { name, examples: own } of COMMANDS) {
      expect(own.length, name).toBeGreaterThan(0);
      expect(
        documented.some((line) => line.startsWith(name)),
        `docs/cli.md on ${name}`,
      ).toBe(true);
    }
  });
});
