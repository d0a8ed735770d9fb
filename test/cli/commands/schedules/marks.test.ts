import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { holding, SCHEDULE, storm } from "../../../journeys/holding/storm.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import type { Watched } from "../../../support/watch.ts";
import { cli } from "../../support.ts";

const UNTIL = "2026-11-24T01:00:00.000Z";
const HELD = { by: "an-hour", until: UNTIL };

const held = async (): Promise<Watched> => {
  const watched = await storm();
  await watched.ticks(30);
  return watched;
};
const said = async (watched: Watched, ...words: string[]): Promise<string> =>
  stripVTControlCharacters((await cli(watched, words, { columns: 160 })).out);

describe("a held schedule", () => {
  it("is marked on its live runs, as a table, JSON and CSV", async () => {
    const watched = await held();
    const out = await said(watched, "runs");
    expect(out).toMatch(/RUNNING, schedule held /);
    expect(out).toMatch(
      /Schedule prices \(schedulePrices0001\) is held by an-hour until 2026-11-24 01:00 UTC: it starts no run until then, and \d+ live runs of it may finish\./,
    );
    const { runs } = JSON.parse(await said(watched, "runs", "--json"));
    expect(runs.length).toBeGreaterThan(1);
    for (const { scheduleHeld } of runs) expect(scheduleHeld).toEqual(HELD);
    const [titles, row] = (await said(watched, "runs", "--csv")).split(/\r?\n/);
    expect(titles).toMatch(/,scheduleHeldBy,scheduleHeldUntil$/);
    expect(row).toMatch(new RegExp(`,an-hour,${UNTIL}$`));
  });

  it("is marked in what schedules spent, and in no row of another kind", async () => {
    const watched = await held();
    expect(await said(watched, "spend", "--by", "schedule")).toMatch(
      / prices, held by an-hour until 2026-11-24 01:00 UTC\n/,
    );
    const { rows } = JSON.parse(await said(watched, "spend", "--by", "schedule", "--json"));
    expect(rows).toMatchObject([{ key: SCHEDULE, name: "prices", scheduleHeld: HELD }]);
    expect(await said(watched, "spend")).not.toContain("held by");
  });

  it("has no mark before it is held", async () => {
    const watched = await storm();
    await watched.ticks(2);
    expect(await said(watched, "runs")).not.toContain("schedule held");
    const { runs } = JSON.parse(await said(watched, "runs", "--json"));
    expect(runs[0].scheduleHeld).toBeNull();
    const { rows } = JSON.parse(await said(watched, "spend", "--by", "schedule", "--json"));
    expect(rows[0].scheduleHeld).toBeNull();
  });

  it("is offered by its name where a schedule is typed", async () => {
    const watched = await held();
    for (const words of [["release"], ["hold"], ["abort", "--schedule"]]) {
      const out = await said(watched, "--get-yargs-completions", "watchdog", ...words, "");
      expect(out.split("\n").filter(Boolean), words.join(" ")).toEqual(["prices"]);
    }
  });

  it("does not make its rule one that stops runs", async () => {
    const watched = await held();
    expect(await said(watched, "status")).toContain("mode enforce: 1 rule notifies or holds schedules");
    expect(await said(watched, "status")).toMatch(
      /^GUARDING: the policy is enforced, and none of its rules stops runs$/m,
    );
  });
});

describe("policy validate", () => {
  it("says what a policy that holds needs", async () => {
    const watched = await storm();
    const file = join(await tempFolder(), "policy.yaml");
    await writeFile(file, JSON.stringify(holding()));
    expect(await said(watched, "policy", "validate", file)).toMatch(/note +It holds schedules: .*allowHolds/);
    const notify = holding(2, { steps: [{ at: "50%", do: "notify" }] });
    await writeFile(file, JSON.stringify(notify));
    expect(await said(watched, "policy", "validate", file)).not.toContain("It holds schedules");
  });
});
