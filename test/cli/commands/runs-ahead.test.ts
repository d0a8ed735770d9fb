import { describe, expect, it } from "vitest";
import { ABORT, costRule, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { burning, HEALTHY, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

type Told = {
  readonly curve: readonly { readonly at: string; readonly usd: number }[];
  readonly nextStep?: Readonly<Record<string, unknown>> & { readonly inSecs?: number };
};

/** One that burns six dollars an hour, and one that costs nothing more, after so many ticks. */
async function account(ticks: number, policy: object) {
  const resting = { ...HEALTHY, cost: { startUsd: 0, thenUsdPerHour: 0 } };
  const watched = await watch(worldOf(burning(6, { startsAfterMs: -10 * MINUTE }), resting), { policy });
  await watched.ticks(ticks);
  const json = async (...argv: string[]) => JSON.parse((await cli(watched, [...argv, "--json"])).out);
  const runs = async (): Promise<readonly (Told & { runId: string; usageTotalUsd: number })[]> =>
    (await json("runs")).runs;
  return {
    json,
    runs,
    // The hot one first, which began later.
    runIds: watched.runIds().toReversed(),
  };
}

describe("watchdog runs --json, of what is ahead and behind", () => {
  it("has the next step of each run and in how many seconds, as explain has it of the rule", async () => {
    const rules = [
      costRule(5),
      { id: "a-day", limit: { runTime: "24h" }, steps: [{ at: "80%", do: "notify" }, ABORT] },
    ];
    const { json, runs, runIds } = await account(3, fiveUsd({ rules }));
    const all = await runs();
    const [hot, resting] = runIds.map((id) => all.find(({ runId }) => runId === id));
    expect(hot?.nextStep).toMatchObject({ ruleId: "cost", unit: "USD", mode: "enforce" });
    const { inSecs = 0 } = hot?.nextStep ?? {};
    expect(inSecs).toBeGreaterThan(MINUTE / 1000);
    const { rules: views } = await json("explain", runIds[0] ?? "");
    const { nextStep } = views.find(({ ruleId }: { ruleId: string }) => ruleId === "cost");
    expect(nextStep).toMatchObject({ at: hot?.nextStep?.at, figure: hot?.nextStep?.figure });
    // What does not burn comes to the limit on its time first.
    expect(resting?.nextStep).toMatchObject({ ruleId: "a-day", unit: "secs", do: "notify" });
  });

  it("has no instant for a step that nothing leads to", async () => {
    const { runs, runIds } = await account(3, fiveUsd());
    const resting = (await runs()).find(({ runId }) => runId === runIds[1]);
    expect(resting?.nextStep).toMatchObject({ ruleId: "no-run-over-5-usd" });
    expect(resting?.nextStep).not.toHaveProperty("inSecs");
  });

  it("has how the cost grew, up to what it is now, and explain has it since the first look", async () => {
    const { json, runs, runIds } = await account(8, fiveUsd());
    const hot = (await runs()).find(({ runId }) => runId === runIds[0]);
    const curve = hot?.curve ?? [];
    expect(curve.length).toBeGreaterThan(2);
    expect(curve.at(-1)?.usd).toBe(hot?.usageTotalUsd);
    const ats = curve.map(({ at }) => at);
    expect(ats).toEqual(ats.toSorted());
    const explained: Told = await json("explain", runIds[0] ?? "");
    expect(explained.curve.length).toBeGreaterThanOrEqual(curve.length);
    expect(explained.curve[0]?.usd).toBeCloseTo(1, 0);
  });

  it("has since when Apify does not carry a stop out, for as long as that is so", async () => {
    const stuck = { ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" as const } };
    const watched = await watch(worldOf(stuck), { policy: fiveUsd() });
    const since = async () => {
      const { runs } = JSON.parse((await cli(watched, ["runs", "--json"])).out);
      return runs[0]?.unconfirmedAt;
    };
    await watched.ticks(1);
    expect(await since()).toBeNull();
    // Nothing is forced meanwhile.
    await cli(watched, ["pause", "--reason", "to see", "--yes"]);
    await watched.ticks(8);
    const at = await since();
    expect(at).toMatch(/^2026-.*Z$/);
    await watched.ticks(10);
    expect(await since()).toBe(at);
  });
});
