import { describe, expect, it } from "vitest";
import { checkFloors, HOUSES, type House } from "./floors.ts";

const house: House = {
  folder: "house/",
  floors: [["ground"], ["words.ts"], ["left", "right"], ["."]],
};

const importing = (path: string, name: string) => ({
  path,
  source: `import type { X } from "${name}";\n`,
});

const check = (path: string, name: string) => checkFloors([importing(path, name)], [house]);

describe("checkFloors()", () => {
  it.each([
    ["house/left/a.ts", "../ground/b.ts"],
    ["house/left/a.ts", "../words.ts"],
    ["house/left/a.ts", "./b.ts"],
    ["house/left/parts/a.ts", "../b.ts"],
    ["house/ground/a.ts", "./deep/b.ts"],
    ["house/main.ts", "./other.ts"],
    ["house/main.ts", "./right/b.ts"],
    ["house/ground/a.ts", "../../elsewhere/b.ts"],
    ["elsewhere/a.ts", "../house/right/b.ts"],
  ])("allows that %s imports %j", (path, name) => {
    expect(check(path, name)).toEqual([]);
  });

  it("refuses an import up, and says where what it takes belongs", () => {
    expect(check("house/ground/a.ts", "../right/b.ts")).toEqual([
      "house/ground/a.ts imports house/right/b.ts, which is on a floor above: what it takes belongs in house/ground/ or below, or is handed in as a parameter; else house/ground/a.ts belongs in house/right/ or above.",
    ]);
    expect(check("house/ground/a.ts", "../words.ts")).toEqual([
      "house/ground/a.ts imports house/words.ts, which is on a floor above: what it takes belongs in house/ground/ or below, or is handed in as a parameter; else house/ground/a.ts belongs above house/words.ts.",
    ]);
    expect(check("house/words.ts", "./main.ts")).toHaveLength(1);
  });

  it("refuses an import from another room of the same floor", () => {
    expect(check("house/left/a.ts", "../right/b.ts")).toEqual([
      "house/left/a.ts imports house/right/b.ts, and left and right are on one floor: move what both need to a floor below (ground, words.ts), or hand it in as a parameter.",
    ]);
  });

  it("refuses a file without a room", () => {
    expect(check("house/attic/a.ts", "../ground/b.ts")).toEqual([
      "house/attic/a.ts is in no room of house/ (ground · words.ts · left, right · .): move it to one, or give its room a floor.",
    ]);
    const closed = { ...house, floors: [["ground"]] };
    expect(checkFloors([importing("house/main.ts", "./ground/b.ts")], [closed])).toHaveLength(1);
  });

  it.each([
    ["src/watchdog/observe/look.ts", "../stop/ladder.ts"],
    ["src/watchdog/stop/stop.ts", "../overrule/exemptions.ts"],
    ["src/watchdog/audit/append.ts", "../observe/look.ts"],
    ["src/policy/values/money.ts", "../policy.ts"],
    ["src/policy/judge/decide.ts", "../index.ts"],
    ["cli/show/table.ts", "../command.ts"],
    ["cli/start/session.ts", "../commands/spend.ts"],
    ["cli/package.ts", "./target/folder.ts"],
    ["cli/lines/lines.ts", "../run-cli.ts"],
  ])("refuses that %s imports %j, as our houses stand", (path, name) => {
    expect(checkFloors([importing(path, name)])).toHaveLength(1);
  });

  it("knows each room once", () => {
    for (const { floors } of HOUSES) expect(new Set(floors.flat()).size).toBe(floors.flat().length);
  });
});
