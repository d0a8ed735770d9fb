import { describe, expect, it } from "vitest";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { OVER_5_USD, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

describe("watchdog undo", () => {
  async function stopped() {
    const burning = { ...OVER_5_USD, cost: 7 };
    const watched = await watch(worldOf(burning), { policy: fiveUsd() });
    await watched.ticks(3);
    const [runId = ""] = watched.runIds();
    const [intent] = await watched.entries(runId);
    return { watched, runId, entryId: intent?.entryId ?? "" };
  }
  const undo = (entryId: string, ...more: string[]) => [
    "undo",
    entryId,
    "--until",
    "6h",
    "--reason",
    "big",
    "--yes",
    ...more,
  ];

  it("brings the run back, prints its ceiling, and tells the story in the audit", async () => {
    const { watched, runId, entryId } = await stopped();
    const { code, out, err } = await cli(watched, undo(entryId.slice(0, 6)));
    expect(out).toContain(`Run ${runId} lives again (RUNNING), exempt until`);
    expect(out).toMatch(
      /stopped again when it has cost \$12\.\d\d: the \$7\.\d\d that it has cost, and its limit of \$5\.00 again/,
    );
    expect([code, err]).toEqual([0, ""]);
    const { out: story } = await cli(watched, ["audit", "show", runId]);
    expect(story).toMatch(/UNDONE +lives again, exempt until .* or \$12\.\d\d: big \(ann@laptop\)/);
    expect(story).toContain("This chain verifies");
  });

  it("tells what came of it as JSON, done or not", async () => {
    const { watched, runId, entryId } = await stopped();
    const { out } = await cli(watched, undo(entryId, "--json", "--ceiling", "40", "--timeout", "8h"));
    expect(JSON.parse(out)).toMatchObject({ undone: true, runId, intentId: entryId, ceilingUsd: 40 });
    const again = await cli(watched, undo(entryId, "--json"));
    expect(JSON.parse(again.out)).toMatchObject({ undone: false, reason: "undone-already" });
    expect(again.code).toBe(1);
  });

  it("answers a ceiling below the cost with 2, and an unknown entry with 1", async () => {
    const { watched, entryId } = await stopped();
    const low = await cli(watched, undo(entryId, "--ceiling", "5"));
    expect(low).toMatchObject({ code: 2, err: expect.stringContaining("Give one above that") });
    const none = await cli(watched, undo("123456"));
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining("There is no run or entry 123456") });
  });
});
