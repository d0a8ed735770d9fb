import { describe, expect, it } from "vitest";
import { instead, MINUTE, watch, worldOf, YOUNG_OVER_5_USD } from "../support/world.ts";

const policy = {
  version: 1,
  mode: "enforce",
  rules: [{ id: "hot", limit: { "stats.cpuCurrentUsage": 90 }, steps: [{ at: "100%", do: "abort" }] }],
};

/** A watchdog that reads one figure of CPU after another, the last one from then on. */
async function reading(cpu: readonly number[]) {
  const watched = await watch(worldOf(YOUNG_OVER_5_USD), { policy });
  const { ports, process } = watched;
  let reads = 0;
  const apify = instead(ports.apify, {
    readRun: async (id, signal) => {
      const answer = await ports.apify.readRun(id, signal);
      if (answer.kind === "missing") return answer;
      const stats = { cpuCurrentUsage: cpu[Math.min(reads++, cpu.length - 1)] ?? 0 };
      return { ...answer, run: { ...answer.run, detail: { stats } } };
    },
  });
  const seeing = process({ apify });
  const abortsAfterTick = async (): Promise<number> => {
    await watched.tick(seeing);
    watched.advance(MINUTE);
    return watched.aborts().length;
  };
  return { ...watched, abortsAfterTick };
}

describe("noteLooks()", () => {
  it("begins the row anew after a reading before the call that showed the gauge below its step", async () => {
    const { abortsAfterTick } = await reading([99, 99, 10, 99]);
    const first = await abortsAfterTick();
    const dip = await abortsAfterTick();
    const again = await abortsAfterTick();
    const second = await abortsAfterTick();
    expect([first, dip, again, second]).toEqual([0, 0, 0, 1]);
  });

  it("stops at the second look where no reading shows a dip", async () => {
    const { abortsAfterTick } = await reading([99]);
    expect([await abortsAfterTick(), await abortsAfterTick()]).toEqual([0, 1]);
  });

  it("begins it anew, too, after a reading that showed it between an intent and a call that did not get through", async () => {
    // One look in each of two ticks, one before the intent, and one before the call is tried again.
    const { abortsAfterTick, emulator, kinds, runIds } = await reading([99, 99, 99, 10, 99]);
    emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "status", status: 429 }, times: 1 });
    await abortsAfterTick();
    await abortsAfterTick();
    expect(await kinds(runIds()[0] ?? "")).toEqual(["abort.intended", "abort.withdrawn"]);
    await abortsAfterTick();
    expect(await kinds(runIds()[0] ?? "")).toHaveLength(2);
    await abortsAfterTick();
    expect(await kinds(runIds()[0] ?? "")).toHaveLength(4);
  });
});
