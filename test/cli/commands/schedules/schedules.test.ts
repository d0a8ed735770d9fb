import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { holding, inConsole, kindsOf, SCHEDULE, shown, storm } from "../../../journeys/holding/storm.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { cli } from "../../support.ts";

const json = async (...args: Parameters<typeof cli>) => JSON.parse((await cli(...args)).out);

describe("watchdog sources", () => {
  it("shows what a schedule starts, and who holds it until when", async () => {
    const watched = await storm();
    const { sources: before } = await json(watched, ["sources", "--json"]);
    expect(before).toMatchObject([
      {
        scheduleId: SCHEDULE,
        name: "prices",
        enabled: true,
        starts: [{ kind: "task", name: "acme/shop-eu" }],
      },
    ]);
    await watched.ticks(30);
    const { sources } = await json(watched, ["sources", "--json"]);
    expect(sources).toMatchObject([
      { scheduleId: SCHEDULE, enabled: false, heldBy: "an-hour", until: "2026-11-24T01:00:00.000Z" },
    ]);
    expect((await cli(watched, ["sources"])).out).toContain("held by an-hour until 2026-11-24 01:00");
  });
});

describe("watchdog hold and release", () => {
  it("hold a schedule by its name until a time, after which a tick enables it", async () => {
    const watched = await storm(holding(1000));
    const order = ["hold", "prices", "--until", "20m", "--reason", "the shop is down"];
    const dry = await cli(watched, [...order, "--dry-run"]);
    expect(dry.out).toMatch(/Schedule prices \(schedulePrices0001\) is disabled until .*\(in 20m\)/);
    expect((await cli(watched, order)).code).toBe(2);
    expect(shown(watched)?.isEnabled).toBe(true);
    const held = await cli(watched, [...order, "--yes"]);
    expect(held.out).toContain("is disabled until 2026-11-24 00:30 UTC");
    await watched.ticks(5);
    expect(shown(watched)?.isEnabled).toBe(false);
    await watched.ticks(17);
    expect(shown(watched)?.isEnabled).toBe(true);
    expect(await kindsOf(watched)).toEqual(["source.held", "source.released"]);
  });

  it("let go of what a rule holds, which stays free until its window ends", async () => {
    const watched = await storm();
    await watched.ticks(30);
    const { out } = await cli(watched, ["release", SCHEDULE, "--reason", "month end", "--yes"]);
    expect(out).toContain("is enabled again");
    await watched.ticks(10);
    expect(shown(watched)?.isEnabled).toBe(true);
    expect(await kindsOf(watched)).toEqual(["source.held", "source.released"]);
  });

  it("are shown before a policy that lets go of one is in force", async () => {
    const watched = await storm();
    await watched.ticks(30);
    const file = join(await tempFolder(), "policy.yaml");
    await writeFile(file, JSON.stringify(holding(1000)));
    const { code, err, out } = await cli(watched, ["policy", "push", file]);
    expect(code).toBe(2);
    expect(err).toContain("It lets go of schedule prices (schedulePrices0001): an-hour has room again.");
    expect(out).toContain("the deployment needs allowHolds");
    expect(shown(watched)?.isEnabled).toBe(false);
  });

  it("enable what was left, as somebody else made it", async () => {
    const watched = await storm();
    await watched.ticks(30);
    watched.advance(1_000);
    inConsole(watched, { title: "mine" });
    const first = await cli(watched, ["release", "prices", "--reason", "month end", "--yes", "--json"]);
    expect(JSON.parse(first.out)).toMatchObject({ released: false, kind: "refused" });
    expect(shown(watched)?.isEnabled).toBe(false);
    expect((await cli(watched, ["release", "prices", "--reason", "so be it", "--yes"])).code).toBe(0);
    expect(shown(watched)).toMatchObject({ isEnabled: true, title: "mine" });
  });

  it("say so where there is nothing to let go, and where the watchdog is paused", async () => {
    const watched = await storm();
    const { code, err } = await cli(watched, ["release", "prices", "--reason", "x", "--yes"]);
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining("is not held by the watchdog"),
    });
    await cli(watched, ["pause", "--reason", "x", "--until", "2h"]);
    const held = await cli(watched, ["hold", "prices", "--until", "1h", "--reason", "x", "--yes"]);
    expect(held.err).toContain("paused");
    expect(await kindsOf(watched)).toEqual([]);
  });
});
