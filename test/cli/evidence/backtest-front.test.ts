import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { frontCsv, frontLines, frontTold } from "../../../cli/evidence/front-shown.ts";
import { costRule, OBSERVED } from "../../support/policies.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { watch } from "../../support/watch.ts";
import { ended, worldOf } from "../../support/world.ts";
import { cli, policyFile } from "../support.ts";

const RUNS = [
  ...Array.from({ length: 30 }, (_, i) => ended(i, 1 + i / 100)),
  ended(3, 12, "FAILED"),
  ended(5, 7),
];
const POLICY = {
  version: 1,
  mode: "observe",
  rules: [
    costRule(5, { id: "over-5", mode: "observe" }),
    { id: "day", budget: { usd: 50, per: "day" }, steps: [{ at: "100%", do: "abort" }] },
  ],
};
const fronted = async (more: readonly string[] = [], rule = "over-5") =>
  cli(await watch(worldOf(...RUNS), { policy: OBSERVED }), [
    "backtest",
    await policyFile(POLICY),
    "--apify",
    "--front",
    rule,
    ...more,
  ]);

describe("watchdog backtest --front", () => {
  it("shows below the back-test what the rule alone would have done at other limits, in this history", async () => {
    const { code, out, err } = await fronted();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const [before = "", after = ""] = out.split("The limit of over-5 moved, in this history.");
    expect(before).toContain("\nNotices a day: ");
    expect(after).toMatch(
      /^ As if it was the only rule, on 32 runs that it selects, of which 31 succeeded\.\n/,
    );
    expect(after).toMatch(/\n\$12\.01 +0 +0 +0 +\$0\.00\n/);
    expect(after).toMatch(/\n +\$7\.01 +1 +1 +0 +\$2\.99 to \$4\.99 +lowest with no wrong stop\n/);
    expect(after).toMatch(/\n +\$5\.00 +2 +2 +1 +\$5\.83 to \$9\.00 +as written\n/);
    expect(after).toMatch(/\n +\$1\.01 +31 +/);
    expect(after).toContain(
      "\n$7.01 is the lowest of these limits with no wrong stop: 1 stop; saved: $2.99 to $4.99.\n",
    );
  });

  it("says of stops of unknown cost that what they saved is unknown", () => {
    const saved = { from: 0, to: 2_500_000 };
    const point = { limit: 60, stops: 2, sure: 2, wrong: 0, unknown: 1, savedMicroUsd: saved };
    const none = { ...point, limit: 90, stops: 1, sure: 1, savedMicroUsd: { from: 0, to: 0 } };
    const written = { ...none, atMost95: 0.1 };
    const front = {
      ruleId: "r",
      quantity: "runTime",
      runs: 2,
      successes: 0,
      written,
      points: [none, point],
    } as const;
    const text = frontLines(front, { columns: 100, paint: (_, each) => each }).join("\n");
    expect(text).toMatch(/1m 30s +1 +1 +0 +unknown +as written/);
    expect(text).toMatch(/1m +2 +2 +0 +\$0\.00 to \$2\.50, of 1 stop unknown/);
    expect(frontCsv(front)).toContain("\r\nr,runTime,90,1,1,0,,,yes,1\r\n");
    expect(frontTold(front).written).toMatchObject({ savedUsd: null, stopsOfUnknownCost: 1 });
  });

  it("is in the summary of a pipeline's job, too", async () => {
    const { code, out } = await fronted(["--markdown"]);
    expect(code).toBe(0);
    expect(out).toContain("\n#### The limit of over-5 moved, in this history\n\nAs if it was the only rule");
    expect(out).toContain("\n| \\$7.01 | 1 | 1 | 0 | \\$2.99 to \\$4.99 | lowest with no wrong stop |\n");
    expect(out).toContain("\n- As written, \\$5.00: 1 of 31 runs that succeeded stopped wrongly.");
  });

  it("gives a bound to the limit as written alone, and only to one that this history had no part in", async () => {
    const { out } = await fronted();
    const [, after = ""] = out.split("The limit of over-5 moved");
    expect(after.match(/at most/g)).toHaveLength(1);
    expect(after).toMatch(
      /As written, \$5\.00: 1 of 31 runs that succeeded stopped wrongly\. If this history had no part in choosing it, at most 14 % of such runs/,
    );
    expect(after).toContain("The other limits have no bound");
    const { front } = JSON.parse((await fronted(["--json"])).out);
    expect(front).toMatchObject({
      ruleId: "over-5",
      quantity: "usd",
      runs: 32,
      successes: 31,
      written: { limit: 5, stops: 2, wrong: 1, atMost95: expect.closeTo(0.144, 2) },
    });
    expect(front.points).toContainEqual({
      limit: 7.01,
      stops: 1,
      sure: 1,
      wrong: 0,
      stopsOfUnknownCost: 0,
      savedUsd: { from: expect.closeTo(2.99, 6), to: expect.closeTo(4.99, 6) },
    });
    expect(front.points.filter((point: object) => "atMost95" in point)).toEqual([]);
  });

  it("has all of its limits in --csv, in the place of the stops", async () => {
    const rows = (await fronted(["--csv"])).out.trim().split(/\r?\n/);
    expect(rows[0]).toBe(
      "ruleId,quantity,limit,stops,sure,wrong,savedUsdFrom,savedUsdTo,asWritten,stopsOfUnknownCost",
    );
    expect(rows).toContain("over-5,usd,5,2,2,1,5.833333,9,yes,0");
    expect(rows.length).toBeGreaterThan(30);
  });

  it("is a picture in the page, with the table of what it draws", async () => {
    const html = join(await tempFolder(), "page.html");
    await fronted(["--html", html]);
    const page = await readFile(html, "utf8");
    const [, section = ""] = page.split('<section id="front">');
    expect(section).toMatch(/<svg class="plot" role="img" aria-label="Dollars saved against wrong stops/);
    expect(section).toContain(">$5.00, as written</text>");
    expect(section).toContain(">$7.01, the lowest with no wrong stop</text>");
    expect(section.match(/<tr>/g)?.length).toBeGreaterThan(30);
    expect(section).not.toMatch(/NaN|Infinity/);
  });

  it.each([
    ["over-4", /^--front: got "over-4"\. Did you mean over-5\?/],
    ["day", /^--front: rule day: it is a budget/],
  ])("refuses %s before it reads anything", async (rule, says) => {
    const { code, out, err } = await fronted([], rule);
    expect({ code, out, err }).toEqual({ code: 2, out: "", err: expect.stringMatching(says) });
  });
});
