import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ACTING_NAME, textOf } from "../../support/html.ts";
import { costRule, OBSERVED } from "../../support/policies.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { watch } from "../../support/watch.ts";
import { ended, worldOf } from "../../support/world.ts";
import { cli, policyFile } from "../support.ts";

const RUNS = [
  ...Array.from({ length: 30 }, (_, i) => ended(i, 1)),
  ended(3, 12, "FAILED"),
  ended(5, 7),
  ended(9, 4.5),
  ended(9, 4.8, "FAILED"),
];
const file = (usd: number) =>
  policyFile({ version: 1, mode: "observe", rules: [costRule(usd, { id: `over-${usd}`, mode: "observe" })] });
/** The Actor is known by a name that would act. */
async function past() {
  const watched = await watch(worldOf(...RUNS), { policy: OBSERVED });
  const names = new Map(
    watched.emulator.truth.runs().map(({ actorId }) => [actorId, { name: ACTING_NAME, readAt: new Date(0) }]),
  );
  await watched.ports.state.writeNames("actor", names);
  return watched;
}

async function written(more: readonly string[] = []) {
  const watched = await past();
  const folder = await tempFolder();
  const html = join(folder, "page.html");
  const ran = await cli(watched, ["backtest", await file(5), "--apify", "--html", html, ...more]);
  return { ...ran, watched, folder, html, page: await readFile(html, "utf8") };
}

describe("watchdog backtest --html", () => {
  it("has all that the text shows, in its order, and says where it is", async () => {
    const { code, out, html, page, folder } = await written(["--against", await file(8)]);
    expect(code).toBe(0);
    expect(out).toContain(`\nWritten to ${html}.\n`);
    expect(await readdir(folder)).toEqual(["page.html"]);
    const text = textOf(page);
    const places = [
      /Covers 34 runs that began from .*? 90 days, by Apify's list of runs/,
      /Apify's list does not say who ended a run/,
      /Not simulated: pauses, exemptions and maxAborts/,
      /Assumed: a stop takes up to 150 s/,
      /Stops 2 2 of them sure/,
      /Saved \$5\.83 to \$9\.00/,
      /Wrong stops 1 of 32 runs that succeeded; .* at most 14 % at 95 % confidence/,
      /Near misses 1 /,
      /Expensive failures 0 /,
      /Notices a day \d/,
      /over-5 2 2 \$5\.83 to \$9\.00 1 acme/,
      /Wrong stops: runs that were to be left alone .*? \w{17} over-5 .*? SUCCEEDED \$7\.00 /,
      /Near misses RUN RULE OF ITS LIMIT \w{17} over-5 90%/,
      /Every stop .*? FAILED \$12\.00 \$5\.00 to \$7\.00 yes /,
      /Against \S+mine.yaml .*? \$4\.00 /,
      /Only \S+ would have stopped 1 run: /,
    ].map((each) => ({ each, at: text.search(each) }));
    expect(places.filter(({ at }) => at < 0)).toEqual([]);
    expect(places.map(({ at }) => at)).toEqual(places.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it("lets no Actor's name act on who opens it", async () => {
    const { page } = await written();
    expect(page).toContain(`acme/&lt;img src=x onerror=alert(1)>&quot;'\\u202e`);
    expect(page).not.toContain("<img");
    expect(page).not.toContain("\u202e");
  });

  it("leads to each run in Apify Console", async () => {
    const { page, watched } = await written();
    const runs = [...page.matchAll(/href="https:\/\/console\.apify\.com\/actors\/runs\/(\w+)"/g)].map(
      ([, id]) => id,
    );
    expect(runs.length).toBeGreaterThan(2);
    const known = new Set(watched.emulator.truth.runs().map(({ id }) => id));
    expect(runs.filter((id) => !known.has(id ?? ""))).toEqual([]);
  });

  it("goes with --json and --csv, which stay what they are", async () => {
    const json = await written(["--json"]);
    expect(JSON.parse(json.out)).toMatchObject({ html: json.html, savedUsd: { to: 9 } });
    const csv = await written(["--csv"]);
    expect(csv.out.trim().split(/\r?\n/)).toHaveLength(3);
    expect(csv.err).toMatch(new RegExp(`^Apify.s list does not say .*\\nWritten to ${csv.html}\\.\\n$`, "s"));
  });

  it("shows the first of a long list at once, and the others on demand", async () => {
    const watched = await past();
    const html = join(await tempFolder(), "page.html");
    await cli(watched, ["backtest", await file(0.5), "--apify", "--html", html]);
    const [, every = ""] = (await readFile(html, "utf8")).split("<h2>Every stop</h2>");
    const [first = "", others = ""] = every.split("<details>");
    expect([first, others].map((each) => each.match(/<th scope="row">/g)?.length)).toEqual([12, 22]);
    expect(others).toContain("<summary>22 more</summary>");
  });

  it("names its target where it rests on a watchdog's records", async () => {
    const watched = await past();
    const html = join(await tempFolder(), "page.htm");
    await cli(watched, ["backtest", await file(5), "--html", html]);
    expect(textOf(await readFile(html, "utf8"))).toContain("; folder the test's, account default");
  });

  it("refuses, before it reads anything, what is no page's place", async () => {
    const watched = await past();
    const policy = await file(5);
    const folder = await tempFolder();
    await mkdir(join(folder, "sub.html"));
    for (const [html, says] of [
      [policy, "wanted a name that ends in .html"],
      [join(folder, "sub.html"), "is a folder; name a file in it"],
      [join(folder, "none", "x.html"), "there is no folder"],
    ] as const) {
      const { code, out, err } = await cli(watched, ["backtest", policy, "--apify", "--html", html]);
      expect({ code, out, err }).toEqual({ code: 2, out: "", err: expect.stringContaining(says) });
    }
    expect(await readFile(policy, "utf8")).toContain("over-5");
    await writeFile(join(folder, "old.html"), "old");
    await cli(watched, ["backtest", policy, "--apify", "--html", join(folder, "old.html")]);
    expect(await readFile(join(folder, "old.html"), "utf8")).toMatch(/^<!doctype html>/);
  });
});
