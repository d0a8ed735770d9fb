import { describe, expect, it } from "vitest";
import type { Fault } from "../../../emulator/index.ts";
import { cli } from "../../cli/support.ts";
import { fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { HEALTHY, OVER_5_USD, worldOf } from "../../support/world.ts";

const SAYING = fiveUsd({ statusMessages: true, guards: { maxAborts: { percentOfLive: 100 } } });
const failing = (fault: Fault) => ({
  ...worldOf(OVER_5_USD, OVER_5_USD, OVER_5_USD),
  faults: [{ match: { kind: "update" as const }, fault }],
});

const messageOf = ({ emulator }: Watched, runId = ""): unknown => {
  const headers = { authorization: "Bearer inspector" };
  const answer = emulator.handle({ method: "GET", url: `/v2/actor-runs/${runId}`, headers });
  return answer.kind === "answer" ? JSON.parse(answer.body).data.statusMessage : undefined;
};
const updatesOf = ({ emulator }: Watched) => emulator.truth.calls.filter(({ kind }) => kind === "update");

describe("why, on the run", () => {
  it("is written once, after the abort was taken: the rule, the figures, the policy and what takes it back", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: SAYING });
    const [id = ""] = watched.runIds();
    await watched.ticks(6);
    expect(messageOf(watched, id)).toMatch(
      /^Stopped by apify-run-watchdog by rule \S+, cost \$7\.00 of \$5\.00, policy version 1\. To take it back: watchdog undo [0-9a-f]+ --until 6h --reason "…"$/,
    );
    expect(updatesOf(watched)).toHaveLength(1);
    expect(updatesOf(watched)[0]?.atMs).toBeGreaterThanOrEqual(watched.aborts()[0]?.atMs ?? Number.NaN);
    expect(watched.status(id)).toBe("ABORTED");
  });

  it("is not written where the policy does not ask for it, nor of what is only observed", async () => {
    for (const policy of [fiveUsd(), { ...SAYING, mode: "observe" }]) {
      const watched = await watch(worldOf(OVER_5_USD), { policy });
      await watched.ticks(3);
      expect(updatesOf(watched)).toEqual([]);
    }
  });

  it("says of a stop by hand who ordered it, and why", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: SAYING });
    const [id = ""] = watched.runIds();
    await cli(watched, ["abort", id, "--reason", "wrong shop", "--yes"]);
    expect(messageOf(watched, id)).toContain(
      "Stopped by apify-run-watchdog by hand, ann@laptop: wrong shop.",
    );
  });

  it.each<[string, Fault]>([
    ["refused", { kind: "refused", because: "permissions" }],
    ["in trouble", { kind: "status", status: 503 }],
    ["hanging", { kind: "slow", delayMs: 3_600_000 }],
    ["reset", { kind: "reset", afterEffect: false }],
    ["garbage", { kind: "html", status: 200 }],
  ])("stands in the way of no abort, and rings nobody, where writing is %s", async (_what, fault) => {
    const watched = await watch(failing(fault), { policy: SAYING });
    const first = await watched.tick();
    expect(watched.aborts()).toHaveLength(3);
    expect(first).toMatchObject({ complete: true, skipped: {}, attention: [] });
    const last = Math.max(...watched.aborts().map(({ atMs }) => atMs));
    expect(updatesOf(watched).every(({ atMs }) => atMs >= last)).toBe(true);
    expect(watched.warnings).toContainEqual(
      expect.stringMatching(/^writing on a run why it was stopped failed/),
    );
    await watched.ticks(3);
    expect(updatesOf(watched).length).toBeLessThanOrEqual(3);
  });
});
