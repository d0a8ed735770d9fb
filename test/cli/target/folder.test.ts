import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { adviceOn, claimFolder } from "../../../cli/target/folder.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("claimFolder()", () => {
  it("says to move away what is in the folder's place", async () => {
    const folder = await tempFolder();
    const place = join(folder, ".watchdog");
    await writeFile(place, "not a folder");
    expect(() => claimFolder(join(place, "pretend"), { fresh: false })).toThrow(
      /can't be used as a folder: .*Move away what is in its place/,
    );
  });

  it("keeps others out, and lets them in again", async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, "a"));
    const leave = claimFolder(join(folder, "a"), { fresh: false });
    leave();
    expect(() => claimFolder(join(folder, "a"), { fresh: false })()).not.toThrow();
  });
});

describe("adviceOn()", () => {
  // Whoever runs the tests may write everywhere, so that no real folder refuses.
  it.each(["EACCES", "EPERM", "EROFS"])("does not say to move anything away on %s", (code) => {
    expect(adviceOn(code)).toBe(
      "npm start keeps its tables there: allow writing, or start in a folder of yours.",
    );
  });

  it("says to make room on a full disk", () => {
    expect(adviceOn("ENOSPC")).toContain("Make room on the disk");
  });
});
