import { describe, expect, it } from "vitest";
import { parsePolicy } from "../../../src/policy/index.ts";
import { noteLooks } from "../../../src/watchdog/observe/note-looks.ts";
import { observationOf } from "../../../src/watchdog/observe/remember.ts";
import { openContext } from "../../../src/watchdog/tick/open.ts";
import { at, life, liveRun, MINUTE as MINUTE_SECS, NOON, run } from "../../support/builders.ts";
import { instead } from "../../support/instead.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, worldOf, YOUNG_OVER_5_USD } from "../../support/world.ts";

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

  it("remembers when it looked, so that a row begun by a reading before a call goes on from there", async () => {
    const { ports } = await watch(worldOf());
    const signal = new AbortController().signal;
    const context = await openContext(ports, await ports.state.readLive(), {
      signal,
      endsBy: at(MINUTE_SECS),
    });
    const hot = run({ detail: { stats: { cpuCurrentUsage: 99 } } });
    const lookAgain = (secs: number): void => {
      const { life: kept } = context.live.get(hot.id) ?? { life: life({ lookedAt: at(-20 * MINUTE_SECS) }) };
      const latest = liveRun({ run: hot, observedAt: at(secs), source: "detail", life: kept });
      context.live.set(hot.id, latest);
      noteLooks(context, parsePolicy(policy), observationOf(latest));
    };
    lookAgain(0);
    lookAgain(2 * MINUTE_SECS);
    const { looks, lookedAt } = context.live.get(hot.id)?.life ?? life();
    expect(Object.values(looks)).toEqual([NOON]);
    expect(lookedAt).toEqual(at(2 * MINUTE_SECS));
  });
});
