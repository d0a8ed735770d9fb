import { describe, expect, it } from "vitest";
import { ApifyError } from "../../../src/watchdog/model/errors.ts";
import type { Ports } from "../../../src/watchdog/model/ports.ts";
import { instead } from "../../support/instead.ts";
import { OBSERVED } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { type Watched, watchFrom } from "../../support/watch.ts";
import { burning, MINUTE, SECOND, worldOf } from "../../support/world.ts";

const START = new Date("2026-11-25T09:00:00.000Z");

/** Runs that live for forty seconds at a dollar a second, long over and settled; and one of them that has just been resurrected. */
async function resurrected(): Promise<Watched> {
  const ends = { afterMs: 40 * SECOND, status: "SUCCEEDED" } as const;
  const watched = await watchFrom(START, worldOf(burning(3_600, { ends })), OBSERVED);
  await watched.ticks(30);
  expect(await spentUsd(watched)).toEqual([40]);
  const { ports, run, runIds } = watched;
  await run(ports.apify.resurrectRun(runIds()[0] ?? "", {}, new AbortController().signal));
  watched.advance(10 * SECOND);
  return watched;
}

const spentUsd = async ({ ports }: Pick<Watched, "ports">): Promise<readonly number[]> =>
  [...(await recordedIn({ state: ports.state })).runs.values()].map((microUsd) => microUsd / 1e6);

/** A process that is over once it has recorded anything. */
const dyingOnceItRecorded = ({ ports, process }: Watched): Ports => {
  let isOver = false;
  const { state } = ports;
  return process({
    state: instead(state, {
      writeLedger: async (writes) => {
        const written = await state.writeLedger(writes);
        isOver = true;
        return written;
      },
      writeLive: async (live) => {
        if (isOver) throw new Error("the process is over");
        return state.writeLive(live);
      },
    }),
  });
};

const unanswered = (path: string): ApifyError =>
  new ApifyError("no answer", { status: 503, type: "unavailable", retryable: true, attempt: 1, path });

/** One that gets no answer about any single run. */
const withoutDetails = ({ ports, process }: Watched): Ports =>
  process({
    apify: instead(ports.apify, { readRun: (id) => Promise.reject(unanswered(`/v2/actor-runs/${id}`)) }),
  });

/** One that had asked for its lists before the run was resurrected, and writes down what it knows only now. */
async function late({ ports, process }: Watched): Promise<Ports> {
  const { apify, clock, state } = ports;
  const listing = { runs: [], observedAt: clock.now(), malformed: 0, complete: true };
  const stale = await state.readLive();
  let isFirst = true;
  const readLive = async () => {
    const first = isFirst;
    isFirst = false;
    return first ? stale : state.readLive();
  };
  return process({
    apify: instead(apify, { listRuns: async () => listing }),
    state: instead(state, { readLive }),
  });
}

describe("a life that one tick alone sees, of a run that had ended long ago", () => {
  it("is in the ledger in full, although that tick dies once it has recorded it", async () => {
    const watched = await resurrected();
    await watched.tick(dyingOnceItRecorded(watched)).catch(() => undefined);
    watched.advance(MINUTE);
    await watched.ticks(3);
    expect(await spentUsd(watched)).toEqual([80]);
  });

  it("is in the ledger in full, although that tick could not read the run, and another writes after it", async () => {
    const watched = await resurrected();
    const behind = await late(watched);
    await watched.tick(withoutDetails(watched));
    await watched.tick(behind);
    watched.advance(MINUTE);
    await watched.ticks(3);
    expect(await spentUsd(watched)).toEqual([80]);
  });
});
