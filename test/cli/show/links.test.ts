import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { browse } from "../../../cli/show/browse.ts";
import { takesLinks } from "../../../cli/show/links.ts";
import { linked, painter, widthOf, written } from "../../../cli/show/terminal.ts";
import { fiveUsd } from "../../support/policies.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

const URL = "https://console.apify.com/actors/runs/iOIRSSnkEYKwhMeAJ";
const paint = painter({ colour: true, links: true });

describe("a link on a terminal", () => {
  it("is written as OSC 8, takes no room, and leaves colours alone", () => {
    const line = `${linked(paint, URL, "run")} ${paint("red", "hot")}`;
    expect(widthOf(line)).toBe("run hot".length);
    expect(written(line)).toBe(`\u001b]8;;${URL}\u001b\\run\u001b]8;;\u001b\\ \u001b[31mhot\u001b[39m`);
  });

  it("is plain text where the terminal takes none, or the address could act on it", () => {
    expect(linked(painter({ colour: true }), URL, "run")).toBe("run");
    expect(linked(paint, "https://x/\u0007\u001b]0;x", "run")).toBe("run");
    expect(written("\u001b]8;;https://evil\u001b\\here")).not.toContain("\u001b");
  });

  it("is there for terminals that are known to take it, or as FORCE_HYPERLINK says", () => {
    const known = [
      { TERM_PROGRAM: "vscode" },
      { VTE_VERSION: "6800" },
      { WT_SESSION: "1" },
      { TERM: "xterm-kitty" },
    ];
    expect(known.map(takesLinks)).toEqual([true, true, true, true]);
    expect([{}, { TERM: "xterm" }, { VTE_VERSION: "3409" }].map(takesLinks)).toEqual([false, false, false]);
    expect(takesLinks({ FORCE_HYPERLINK: "1" })).toBe(true);
    expect(takesLinks({ FORCE_HYPERLINK: "0", TERM_PROGRAM: "vscode" })).toBe(false);
  });
});

describe("--web", () => {
  it("prints the run's address where nothing can be opened", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const [runId = ""] = watched.runIds();
    const { out, code } = await cli(watched, ["explain", runId, "--web"], { columns: 80 });
    expect({ out, code }).toEqual({ out: `https://console.apify.com/actors/runs/${runId}\n`, code: 0 });
  });

  it("opens it with what the system has for that, and says where that is missing", async () => {
    const folder = await tempFolder();
    await mkdir(folder, { recursive: true });
    const [opener, seen] = [join(folder, "opener"), join(folder, "seen")];
    await writeFile(opener, `#!/bin/sh\nprintf %s "$1" > "${seen}"\n`, { mode: 0o755 });
    expect(await browse(URL, { BROWSER: opener })).toBe(true);
    await expect.poll(() => readFile(seen, "utf8").catch(() => ""), { timeout: 10_000 }).toBe(URL);
    expect(await browse(URL, { BROWSER: join(folder, "none") })).toBe(false);
    expect(await browse(URL, {}, "linux")).toBe(false);
  });
});
