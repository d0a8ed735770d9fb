import { describe, expect, it } from "vitest";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { burning, HOUR, worldOf } from "../../support/world.ts";
import { cli, explained } from "../support.ts";

describe("watchdog explain, of what is ahead", () => {
  it("foretells a stop with what keeps it from being made by then, and no longer than that stands", async () => {
    const watched = await watch(worldOf(burning(4)), { policy: fiveUsd() });
    watched.advance(HOUR / 4);
    await watched.ticks(3);
    const runId = watched.runIds()[0] ?? "";
    const heldBy = async () => (await explained(watched, runId)).rules[0]?.nextStep?.held;
    expect(await heldBy()).toBeUndefined();
    const exempt = (...more: string[]) =>
      cli(watched, ["exempt", "add", "--run", runId, "--reason", "x", ...more]);
    await exempt("--until", "10m");
    expect(await heldBy()).toBeUndefined();
    await exempt("--until", "6h", "--ceiling", "4");
    expect(await heldBy()).toBeUndefined();
    await exempt("--until", "6h", "--ceiling", "40");
    expect(await heldBy()).toBe("exemption");
    expect((await explained(watched, runId)).decision.why).toContain(", but it is exempt)");
    await cli(watched, ["exempt", "end", "--run", runId, "--reason", "x"]);
    await cli(watched, ["pause", "--reason", "x", "--until", "10m"]);
    expect(await heldBy()).toBeUndefined();
    await cli(watched, ["pause", "--reason", "x", "--until", "6h"]);
    expect(await heldBy()).toBe("pause");
    await cli(watched, ["resume", "--reason", "x", "--yes"]);
    await watched.push(fiveUsd({ guards: { maxAborts: { perHour: 0 } } }));
    expect(await heldBy()).toBe("maxAborts");
  });
});
