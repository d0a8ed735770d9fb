import { describe, expect, it } from "vitest";
import { fiveUsd, OBSERVED } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

describe("watchdog abort", () => {
  it("stops the run, watches it end and says who asked and why", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: OBSERVED });
    const [id = ""] = watched.runIds();
    const { code, out } = await cli(watched, ["abort", id, "--reason", "wrong shop", "--yes"]);
    expect(out).toMatch(/STOPPING +ordered by ann@laptop: wrong shop\nASKED .*\nSTOPPED +ABORTED at \$1/);
    expect(code).toBe(0);
    expect(watched.aborts()).toHaveLength(1);
    const { out: shown } = await cli(watched, ["audit", "show", id]);
    expect(shown).toContain("by      ann@laptop");
    expect(shown).toContain("This chain verifies");
  });

  it("leaves the watching to the ticks with --no-wait", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: OBSERVED });
    const [id = ""] = watched.runIds();
    const { out } = await cli(watched, ["abort", id, "--reason", "x", "--no-wait", "--json", "--yes"]);
    expect(JSON.parse(out)).toMatchObject({ ordered: true, open: true, by: "ann@laptop" });
  });

  it("refuses while paused, with what to do, and 1", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    await cli(watched, ["pause", "--reason", "an incident", "--yes"]);
    const { code, err } = await cli(watched, ["abort", watched.runIds()[0] ?? "", "--reason", "x", "--yes"]);
    expect(err).toMatch(
      /Not stopped: paused by ann@laptop since .*: an incident\. First: npm run watchdog -- resume --reason "…" --local/,
    );
    expect(code).toBe(1);
    expect(watched.aborts()).toEqual([]);
  });

  it("says of a run on its way out that it is, and what ends one that stays there", async () => {
    const watched = await watch(worldOf({ ...HEALTHY, onAbort: { kind: "unstoppable" } }), {
      policy: OBSERVED,
    });
    const [id = ""] = watched.runIds();
    const { apify } = watched.ports;
    const call = { runId: id, actorId: "a", gracefully: true };
    await watched.run(apify.abortRun(call, new AbortController().signal));
    const { code, err } = await cli(watched, ["abort", id, "--reason", "x", "--yes"]);
    expect(err).toContain(`Run ${id} is on its way out already: it is ABORTING.`);
    expect(err).toContain("abortingTime");
    expect(code).toBe(1);
  });

  it("says that there is no such run, or no policy", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const { code, err } = await cli(watched, ["abort", "nosuchrun00000000", "--reason", "x", "--yes"]);
    expect(err).toContain("Apify has no run nosuchrun00000000. Live runs: npm run watchdog -- runs --local");
    expect(code).toBe(1);
    const bare = await watch(worldOf(HEALTHY));
    const refused = await cli(bare, ["abort", bare.runIds()[0] ?? "", "--reason", "x", "--yes"]);
    expect(refused.err).toContain("No policy is in force");
  });
});
