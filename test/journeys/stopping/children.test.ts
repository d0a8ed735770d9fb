import { describe, expect, it } from "vitest";
import { cli } from "../../cli/support.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const ANY = fiveUsd({ guards: { maxAborts: { percentOfLive: 100 } } });

describe("what a stopped run may have started", () => {
  it("is named where its stop is told, and by its explanation", async () => {
    const child = { ...HEALTHY, origin: "ACTOR" as const, startsAfterMs: -20 * MINUTE, label: "child" };
    const other = { ...HEALTHY, startsAfterMs: -20 * MINUTE, label: "by API" };
    const watched = await watch(worldOf({ ...OVER_5_USD, label: "parent" }, child, other), { policy: ANY });
    const { truth } = watched.emulator;
    const parent = truth.idOf("parent");
    await watched.ticks(4);
    const confirmed = (await watched.entries(parent)).find(({ kind }) => kind === "abort.confirmed");
    expect(confirmed?.children).toEqual([truth.idOf("child")]);
    const said = `1 run that Actors started during its life is still live: ${truth.idOf("child")}`;
    expect((await cli(watched, ["explain", parent])).out.replaceAll(/\s+/g, " ")).toContain(said);
  });

  it("is not spoken of where there is none", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: ANY });
    await watched.ticks(4);
    const [parent = ""] = watched.runIds();
    const entries = await watched.entries(parent);
    expect(entries.at(-1)).toMatchObject({ kind: "abort.confirmed" });
    expect(entries.at(-1)).not.toHaveProperty("children");
  });
});
