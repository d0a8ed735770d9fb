import { describe, expect, it, onTestFinished } from "vitest";
import { type News as Event, PARTS, type PartName } from "../../../console/api.ts";
import { News } from "../../../console/server/news.ts";
import { cli } from "../../cli/support.ts";
import { storm } from "../../journeys/holding/storm.ts";
import { dailyBudget, fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { burning, ended, HEALTHY, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";
import { askingOf } from "../support.ts";

/** Every part of the page, as one that listens hears it. */
async function heard(watched: Watched): Promise<Readonly<Record<string, unknown>>> {
  const news = new News(askingOf(watched));
  onTestFinished(() => news.close());
  const known = new Map<PartName, unknown>();
  await new Promise<void>((resolve) => {
    news.listen(({ name, part }: Event) => {
      if (part.kind !== "slow") known.set(name, part.kind === "known" ? part.value : part);
      if (known.size === Object.keys(PARTS).length) resolve();
    });
  });
  return Object.fromEntries(known);
}

const WORLDS: Readonly<Record<string, () => Promise<Watched>>> = {
  "runs that burn, rest, are stopped and have ended": async () => {
    const runs = [OVER_5_USD, HEALTHY, burning(9, { startsAfterMs: -20 * MINUTE }), ended(2, 7)];
    const watched = await watch(worldOf(...runs), { policy: fiveUsd() });
    await watched.ticks(4);
    return watched;
  },
  "a budget": async () => {
    const watched = await watch(worldOf(burning(9), HEALTHY), { policy: dailyBudget(50) });
    await watched.ticks(3);
    return watched;
  },
  "a schedule that is held": async () => {
    const watched = await storm();
    await watched.ticks(30);
    return watched;
  },
  "an account that no tick has seen": () => watch(worldOf(HEALTHY), { policy: fiveUsd() }),
};

/** Without what the page is given besides, and what only says when it was asked. */
const figures = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, each) => (["says", "word", "until"].includes(key) ? undefined : each)),
  );

describe("the figures of the console", () => {
  it.each(Object.keys(WORLDS))("are those of the command line: %s", async (name) => {
    const watched = await WORLDS[name]?.();
    if (watched === undefined) return expect.fail(name);
    const parts = await heard(watched);
    for (const [part, argv] of Object.entries(PARTS))
      expect(figures(parts[part])).toEqual(
        figures(JSON.parse((await cli(watched, [...argv, "--json"])).out)),
      );
  });
});
