import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { fiveUsd } from "../support/policies.ts";
import { watch } from "../support/watch.ts";
import { HEALTHY, HOUR, OVER_5_USD, worldOf } from "../support/world.ts";
import { afterStops, cli, widthOf } from "./support.ts";

const ESCAPE = "\u001b";

describe("every command's output", () => {
  const LINES = [["runs"], ["audit", "list"], ["policy", "show"], ["policy", "validate", "policy.yaml"]];

  it.each(LINES)("has colours on a terminal and none in a pipe: %s %s %s", async (...argv) => {
    const watched = await afterStops();
    const line = argv.filter((word) => word !== undefined);
    expect((await cli(watched, line)).out).not.toContain(ESCAPE);
    expect((await cli(watched, line, { columns: 80 })).out).toContain(ESCAPE);
  });

  it.each([
    ["runs"],
    ["audit", "list"],
    ["audit", "list", "--since", "1s"],
    ["audit", "show", "control"],
    ["audit", "show", "RUN"],
    ["audit", "verify"],
    ["scan"],
    ["tick"],
    ["scan", "--max-usd-per-run", "0.5"],
  ])("fits 60, 80 and 200 columns: %s %s %s %s", async (...argv) => {
    const watched = await afterStops();
    watched.advance(HOUR);
    for (const columns of [60, 80, 200]) {
      const line = argv
        .filter((word) => word !== undefined)
        .map((word) => (word === "RUN" ? (watched.runIds()[0] ?? "") : word));
      const { out } = await cli(watched, line, { columns });
      expect(Math.max(...out.split("\n").map(widthOf))).toBeLessThanOrEqual(columns);
    }
  });

  it("tells why a run is held first, and all of it at 80 columns", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await cli(watched, ["pause", "--reason", "an incident", "--yes"]);
    await watched.tick();
    const list = ["audit", "list", "--kind", "abort.held"];
    const { out } = await cli(watched, list, { columns: 80 });
    const [title = "", ...told] = stripVTControlCharacters(out).split("\n");
    const flat = told.map((line) => line.slice(title.indexOf("WHY")).trim()).join(" ");
    expect(flat.trim()).toBe(
      "the watchdog is paused: cost $7.00 of $5.00 (no-run-over-5-usd) is not stopped",
    );
  });
});

describe("what went wrong, with --json", () => {
  it.each([
    [["pause", "--json"], 2, "usage"],
    [["runs", "--jsn", "--json"], 2, "usage"],
    [["audit", "list", "--since", "someday", "--json"], 2, "usage"],
    [["policy", "show", "17", "--json"], 1, undefined],
  ])("%j ends with %i and the code %s", async (argv, code, error) => {
    const ended = await cli(await watch(worldOf()), argv);
    expect(ended.code).toBe(code);
    expect(ended.err).not.toBe("");
    if (error)
      expect(JSON.parse(ended.out)).toMatchObject({ error: { code: error, message: ended.err.trim() } });
  });
});

describe("watchdog help", () => {
  it("of a command is its --help, and of none that of all", async () => {
    const watched = await watch(worldOf());
    for (const words of [["audit", "list"], ["runs"], []]) {
      const { code, out } = await cli(watched, ["help", ...words]);
      expect({ code, out }).toEqual({ code: 0, out: (await cli(watched, [...words, "--help"])).out });
      expect((await cli(watched, [...words, "-h"])).out).toBe(out);
    }
  });
});

describe("watchdog audit list --csv", () => {
  it("is a line for each entry, with what it says", async () => {
    const { out } = await cli(await afterStops(), ["audit", "list", "--csv"]);
    const [title, ...rows] = out.trim().split("\r\n");
    expect(title).toMatch(/^at,kind,runId,actorId,actor,ruleId,entryId,by,text,/);
    expect(out).toMatch(/,abort\.intended,.*,usageTotalUsd,7,5,USD,/);
    expect(rows.length).toBeGreaterThan(5);
    expect(out).toMatch(
      /,abort\.confirmed,\w{17},\w{17},acme\/shop,no-run-over-5-usd,[0-9a-f]{20},watchdog,/,
    );
    expect((await cli(await watch(worldOf()), ["audit", "list", "--csv"])).out.trim()).toBe(title);
  });
});

describe("watchdog audit list for export", () => {
  it("has every entry, a line each, where no --limit is given", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    for (let i = 0; i < 30; i++) {
      await cli(watched, ["pause", "--reason", "=1+1", "--yes"]);
      await cli(watched, ["resume", "--reason", "it is over", "--yes"]);
    }
    const { out } = await cli(watched, ["audit", "list", "--jsonl"]);
    const entries = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(entries).toHaveLength(61);
    expect(entries).toEqual(
      JSON.parse((await cli(watched, ["audit", "list", "--json", "--limit", "0"])).out),
    );
    const { out: rows } = await cli(watched, ["audit", "list", "--csv"]);
    expect(rows.trim().split("\r\n")).toHaveLength(62);
    const limited = await cli(watched, ["audit", "list", "--jsonl", "--limit", "2"]);
    expect(limited.out.trim().split("\n")).toHaveLength(2);
    expect(limited.err).toContain("There are older ones: --limit 0 shows all.");
  });
});

it("refuses to answer in two forms at once", async () => {
  const { code, out } = await cli(await watch(worldOf()), ["runs", "--csv", "--json"]);
  expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 2, error: { code: "usage" } });
  expect((await cli(await watch(worldOf()), ["audit", "list", "--csv", "--jsonl"])).code).toBe(2);
});
