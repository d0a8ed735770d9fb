import { describe, expect, it } from "vitest";
import { markdownTable } from "../../../cli/show/markdown.ts";
import type { RunScript } from "../../../emulator/index.ts";
import { costRule, OBSERVED } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { ended as endedRun, HOUR, MINUTE, worldOf } from "../../support/world.ts";
import { cli, policyFile } from "../support.ts";

const ended = (...of: Parameters<typeof endedRun>): RunScript => ({ ...endedRun(...of), task: "shop-eu" });
const HISTORY = [...Array.from({ length: 30 }, (_, i) => ended(i, 1)), ended(3, 12, "FAILED"), ended(5, 7)];
const past = () => watch(worldOf(...HISTORY), { policy: OBSERVED });
const file = (...usd: readonly number[]) =>
  policyFile({
    version: 1,
    mode: "observe",
    rules: usd.map((each) => costRule(each, { id: `over-${each}`, mode: "observe" })),
  });
const tried = async (usd: number, more: readonly string[] = []) =>
  cli(await past(), ["backtest", await file(usd), "--apify", ...more]);

describe("watchdog backtest", () => {
  it("shows what it covers first, then stops by rule, dollars as a range, and wrong stops with their bound", async () => {
    const { code, out, err } = await tried(5);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(
      /^Covers 32 runs that began from .*, 90 days, by Apify's list of runs; of 0 it is known/,
    );
    expect(out).toMatch(
      /\nAssumed: a stop takes up to 150 s, in which a run burns at most 4 times its mean rate\.\n/,
    );
    expect(out).toMatch(/\nover-5 +2 +2 +\$5\.83 to \$9\.00 +1 +acme\/shop\n/);
    expect(out).toContain("\nSaved: $5.83 to $9.00.\n");
    expect(out).toMatch(/\nWrong stops: 1 of 31 runs that succeeded; .* at most 14 % at 95 % confidence\.\n/);
    expect(out).toContain("\nNear misses: none.\n");
    expect(out.indexOf("Covers")).toBeLessThan(out.indexOf("Saved:"));
  });

  it("answers a program with all of it", async () => {
    const { out } = await tried(5, ["--json"]);
    expect(JSON.parse(out)).toMatchObject({
      policy: expect.stringContaining("mine.yaml"),
      source: "apify",
      from: expect.stringMatching(/Z$/),
      coverage: { runs: 32, withCurve: 0, days: 90, notSimulated: [expect.stringContaining("maxAborts")] },
      stops: [
        { status: "SUCCEEDED", costUsd: 7, ruleId: "over-5", task: "acme/shop-eu", wrong: true },
        { status: "FAILED", costUsd: 12, savedUsd: { from: 5, to: 7 }, sure: true, wrong: false },
      ],
      savedUsd: { from: expect.closeTo(5.83, 2), to: 9 },
      wrongStops: { count: 1, successes: 31, atMost95: expect.closeTo(0.144, 2) },
      nearMisses: [],
      missed: [],
      noticesPerDay: expect.any(Number),
    });
  });

  it("lists the runs, for people and for spreadsheets", async () => {
    expect((await tried(5, ["--runs"])).out).toMatch(
      /\n\w{17} +over-5 .* FAILED +\$12\.00 +\$5\.00 to \$7\.00 +yes/,
    );
    const { out, err } = await tried(5, ["--csv"]);
    expect(err).toContain("Apify's list does not say who ended a run");
    const rows = out.trim().split(/\r?\n/);
    expect(rows).toHaveLength(3);
    expect(rows[2]).toMatch(/^\w{17},acme\/shop,acme\/shop-eu,over-5,.*,FAILED,12,5,7,yes,,no$/);
    expect(rows[1]).toMatch(/,SUCCEEDED,7,.*,yes,,yes$/);
  });

  it("says that it is unknown what a stop saves of a run whose cost is not known, and never $0.00", async () => {
    const untold: RunScript = { ...ended(4, 3, "FAILED"), costMissing: "absent" };
    const long = (run: RunScript): RunScript => ({ ...run, ends: { afterMs: 3 * HOUR, status: "FAILED" } });
    const watched = await watch(worldOf(long(untold), long(ended(9, 2))), { policy: OBSERVED });
    const limit = { limit: { runTime: "2h" }, steps: [{ at: "100%", do: "abort" }] };
    const policy = await policyFile({ version: 1, mode: "observe", rules: [{ id: "long", ...limit }] });
    const argv = ["backtest", policy, "--apify"];
    const { out } = await cli(watched, [...argv, "--runs"]);
    expect(out).toMatch(/ FAILED +unknown +unknown +yes /);
    expect(out).toMatch(/\nSaved: \$0\.00 to \$\d+\.\d+, of 1 stop unknown\.\n/);
    expect((await cli(watched, [...argv, "--csv"])).out).toMatch(/,FAILED,,,,yes,,no\r?\n/);
    const { stops, notes } = JSON.parse((await cli(watched, [...argv, "--json"])).out);
    expect(stops).toContainEqual(expect.objectContaining({ costUsd: null, savedUsd: null }));
    expect(notes).toContainEqual(expect.stringContaining("Apify's list does not say who ended a run"));
  });

  it("writes a summary in Markdown, whose tables nothing that Apify named can break", async () => {
    const { code, out } = await tried(5, ["--markdown", "--runs", "--fail-if", "wrong > 0"]);
    expect(code).toBe(1);
    expect(out).toMatch(
      /^### Back-test of \S*mine\.yaml\n\n\*\*Failed, because wrong &gt; 0\*\*\n\nCovers 32 runs /,
    );
    expect(out).toContain(
      "| RULE | STOPS | SURE | SAVED | WRONG | ACTOR |\n| --- | ---: | ---: | ---: | ---: | --- |",
    );
    expect(out).toContain("| over-5 | 2 | 2 | \\$5.83 to \\$9.00 | 1 | acme/shop |");
    expect(out).toContain("\n- Wrong stops: 1 of 31 runs that succeeded");
    expect(out).toMatch(/<details><summary>The runs .*\n\n\| RUN \| RULE /);
    expect(markdownTable(["<b>|`x`|\n"], [{ title: "A|B", cell: (text) => text }])[2]).toBe(
      "| &lt;b&gt;\\|\\`x\\`\\|\\\\n |",
    );
  });

  it("fails a pipeline on what it is told to", async () => {
    expect((await tried(5, ["--fail-if", "wrong > 0"])).code).toBe(1);
    expect((await tried(8, ["--fail-if", "wrong > 0"])).code).toBe(0);
    expect((await tried(8, ["--fail-if", "saved < 2.01"])).code).toBe(1);
    expect(await tried(8, ["--fail-if", "wong > 0"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("wanted one of wrong, stops, saved"),
    });
  });

  it("sets two policies beside each other", async () => {
    const watched = await past();
    const argv = ["backtest", await file(8), "--apify"];
    const against = [...argv, "--against", await file(5)];
    expect((await cli(watched, against)).out).toMatch(
      /would have made 2 stops, 1 of them wrong, and saved \$5\.83 to \$9\.00: 0 only by this one, 1 only by that one\./,
    );
    const { out } = await cli(watched, [...argv, "--against", "inforce", "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      against: { policy: "inforce", stops: 2, onlyByThat: [expect.any(String)] },
    });
  });

  it("stops by what was recorded the very runs that the ticks would have stopped, at a time within its range", async () => {
    const live = (usdPerHour: number, minutes: number): RunScript => ({
      ...ended(0, usdPerHour),
      startsAfterMs: MINUTE,
      ends: { afterMs: minutes * MINUTE, status: "SUCCEEDED" },
    });
    const runs = [live(12, 60), live(4, 60), live(20, 30), live(9, 20), live(6, 80)];
    const watched = await watch(worldOf(...runs), { policy: OBSERVED });
    await watched.ticks(120);
    const { out } = await cli(watched, ["backtest", await file(5), "--json"]);
    const { source, coverage, stops } = JSON.parse(out);
    expect([source, coverage.runs]).toEqual(["ledger", 5]);
    const observed = (await Promise.all(watched.runIds().map((id) => watched.entries(id))))
      .flat()
      .filter(({ kind }) => kind === "abort.observed");
    expect(observed).toHaveLength(3);
    for (const { runId, at } of observed) {
      const stop = stops.find((each: { runId: string }) => each.runId === runId);
      expect(stop.at.from <= at, `${stop.at.from} ${at}`).toBe(true);
      expect(stop.at.to >= at, `${stop.at.to} ${at}`).toBe(true);
    }
    expect(stops).toHaveLength(3);
  });
});
