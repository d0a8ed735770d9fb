import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { page, pagerOf } from "../../../cli/show/pager.ts";
import { fiveUsd } from "../../support/policies.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";
import { cli, type RunOptions } from "../support.ts";

async function account() {
  const watched = await watch(worldOf(...Array.from({ length: 12 }, () => HEALTHY)), { policy: fiveUsd() });
  await watched.ticks(1);
  return watched;
}

/** What went to the pager, and what to the screen. */
async function shown(argv: readonly string[], options: RunOptions, isThere = true) {
  const paged: string[] = [];
  const ran = await cli(await account(), argv, {
    page: async (text) => {
      paged.push(text);
      return isThere;
    },
    ...options,
  });
  return { ...ran, paged };
}

describe("the pager", () => {
  it("gets a list that is longer than the screen, as it would be written there", async () => {
    const { out, paged, code } = await shown(["runs"], { columns: 100, rows: 10 });
    expect([out, code, paged.length]).toEqual(["", 0, 1]);
    expect(paged[0]).toContain("12 live runs");
    expect(paged[0]).toContain("\u001b[");
  });

  it.each<[string, readonly string[], RunOptions]>([
    ["a list that fits", ["runs"], { columns: 100, rows: 40 }],
    ["--no-pager", ["runs", "--no-pager"], { columns: 100, rows: 10 }],
    ["a pipe", ["runs"], {}],
    ["what is no list", ["policy", "validate", "policy.yaml"], { columns: 100, rows: 3 }],
  ])("gets nothing of %s", async (_what, argv, options) => {
    const { out, paged } = await shown(argv, options);
    expect(paged).toEqual([]);
    expect(out).not.toBe("");
  });

  it("is done without where there is none, and after an error", async () => {
    const none = await shown(["runs"], { columns: 100, rows: 10 }, false);
    expect(none.out).toContain("12 live runs");
    expect((await shown(["runs", "--actor", "no/such"], { columns: 100, rows: 10 })).err).toContain(
      "--actor",
    );
  });

  it("is PAGER, else less; an empty one or cat is none", async () => {
    expect(pagerOf({ PAGER: "most -w" })).toBe("most -w");
    expect([pagerOf({ PAGER: "" }), pagerOf({ PAGER: " cat " })]).toEqual([undefined, undefined]);
    expect(pagerOf({})).toBe(process.platform === "win32" ? "more" : "less");
  });

  it("is run by a shell with the options of git, and told from one that is not there", async () => {
    const file = join(await tempFolder(), "seen");
    expect(await page(`(echo "$LESS"; cat) > "${file}"`, "a\nb\n", { PATH: process.env.PATH })).toBe(true);
    expect(await readFile(file, "utf8")).toBe("FRX\na\nb\n");
    expect(await page("no-such-pager-here 2>/dev/null", "a\n", process.env)).toBe(false);
    expect(await page("true", "x".repeat(1_000_000), process.env)).toBe(true);
  });
});
