import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ACTING_NAME, textOf } from "../../support/html.ts";
import { ABORT } from "../../support/policies.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, OVER_5_USD, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

const POLICY = {
  version: 1,
  mode: "enforce",
  rules: [
    { id: "five", limit: { usageTotalUsd: 5 }, steps: [ABORT] },
    { id: "a-cent", mode: "observe", limit: { usageTotalUsd: 0.01 }, steps: [ABORT] },
    { id: "each", budget: { usd: 10, per: "day", each: "actor" }, steps: [{ at: "50%", do: "notify" }] },
  ],
};

async function written() {
  const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: POLICY });
  await watched.ticks(3);
  await cli(watched, ["pause", "--reason", ACTING_NAME.replace("\u202e", ""), "--yes"]);
  const [stopped = ""] = watched.runIds();
  await cli(watched, ["judge", stopped, "wrong", "--reason", "it was the month-end crawl"]);
  const ids = watched.emulator.truth.runs().map(({ actorId }) => actorId);
  const readAt = watched.ports.clock.now();
  await watched.ports.state.writeNames(
    "actor",
    new Map(ids.map((id) => [id, { name: ACTING_NAME, readAt }])),
  );
  const folder = await tempFolder();
  const html = join(folder, "page.html");
  const ran = await cli(watched, ["report", "--html", html]);
  return { ...ran, watched, folder, html, page: await readFile(html, "utf8") };
}

describe("watchdog report --html", () => {
  it("says what the text says, sentence by sentence and in its order, and where it is", async () => {
    const { code, out, html, page, folder } = await written();
    expect([code, await readdir(folder)]).toEqual([0, ["page.html"]]);
    expect(out).toContain(`\nWritten to ${html}.\n`);
    const text = textOf(page);
    const sentences = out.split("\n").filter((line) => /[a-z]/.test(line) && !line.includes("  "));
    const places = sentences
      .filter((line) => !line.startsWith("Written to"))
      .map((each) => ({ each, at: text.indexOf(each) }));
    expect(places.length).toBeGreaterThan(20);
    expect(places.filter(({ at }) => at < 0)).toEqual([]);
    const titles = [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
    expect(titles).toEqual(sentences.filter((line) => titles.includes(line)));
    expect(titles).toHaveLength(9);
    expect(text).toMatch(/ Spent \$8\.00 /);
    expect(text).toMatch(/Attention 1 1 of it open/);
  });

  it("lets no name act on who opens it, and loads nothing", async () => {
    const { page } = await written();
    expect(page).toContain("acme/&lt;img src=x onerror=alert(1)>&quot;'\\u202e");
    expect(page).not.toContain("<img");
    expect(page).not.toContain("\u202e");
    expect(page).toContain("default-src 'none'");
    const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) expect(address).toMatch(/^https:\/\/console\.apify\.com\//);
  });

  it("names the page to programs, and takes no name that is no page's", async () => {
    const { watched, html } = await written();
    const { out } = await cli(watched, ["report", "--html", html, "--json"]);
    expect(JSON.parse(out)).toMatchObject({ html, target: { account: "default" } });
    expect((await cli(watched, ["report", "--html", "policy.yaml"])).code).toBe(2);
  });
});
