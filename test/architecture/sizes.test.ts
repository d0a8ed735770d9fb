import { describe, expect, it } from "vitest";
import { checkFolders, checkHandlers, checkLengths, NOT_HANDLERS } from "./sizes.ts";

const files = (folder: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({ path: `${folder}/file-${index}.ts`, source: "" }));

const long = (path: string, lines: number) => ({ path, source: "await work();\n".repeat(lines) });

describe("checkFolders()", () => {
  it.each(["src/watchdog/stop", "test/journeys", "emulator"])("refuses 21 files in %s", (folder) => {
    expect(checkFolders([...files(folder, 21), ...files(`${folder}/deeper`, 20)])).toEqual([
      `${folder}/ has 21 files, a folder has at most 20: there is more than one room in it; give each its own folder.`,
    ]);
  });

  it("allows 25 in an adapter, and any number of commands and limits", () => {
    const most = [...files("src/adapters/dynamodb", 25), ...files("cli/commands", 90)];
    expect(checkFolders([...most, ...files("src/policy/limits", 90)])).toEqual([]);
    expect(checkFolders(files("src/adapters/dynamodb", 26))).toEqual([
      expect.stringContaining("a folder has at most 25"),
    ]);
  });
});

describe("checkLengths()", () => {
  it.each([
    ["src/watchdog/stop/stop.ts", 201, 200],
    ["emulator/run.ts", 201, 200],
    ["test/journeys/undo.test.ts", 301, 300],
    ["test/support/world.ts", 301, 300],
  ])("refuses %s with %i lines", (path, lines, most) => {
    expect(checkLengths([long(path, lines)])).toEqual([
      expect.stringMatching(
        `^${path} has ${lines} lines, a file there has at most ${most}: (give|split) .+\\.$`,
      ),
    ]);
  });

  it("allows 200 lines, and 300 of a test", () => {
    expect(checkLengths([long("cli/start/session.ts", 200), long("test/a.test.ts", 300)])).toEqual([]);
  });
});

describe("checkHandlers()", () => {
  it("refuses a handler of 41 lines", () => {
    expect(checkHandlers([long("functions/notifier.ts", 41)])).toEqual([
      "functions/notifier.ts has 41 lines, a handler has at most 40: move wiring to functions/runtime.ts and work to src/watchdog/.",
    ]);
  });

  it("allows 40 lines, and longer files that are no handlers", () => {
    const sources = [
      long("functions/notifier.ts", 40),
      ...NOT_HANDLERS.map((path) => long(path, 41)),
      long("src/watchdog/tick.ts", 41),
    ];
    expect(checkHandlers(sources)).toEqual([]);
  });
});
