import { describe, expect, it } from "vitest";
import type { Ports } from "../../../src/watchdog/model/ports.ts";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { HOUR, MINUTE, OVER_5_USD, worldOf, YOUNG_OVER_5_USD } from "../../support/world.ts";

/** What somebody does who wants the run to live. */
const SPARED: readonly [string, (watched: Watched, runId: string) => Promise<unknown>][] = [
  ["a pause", ({ ports }) => pause(ports, { by: "ann", reason: "a migration" })],
  [
    "an exemption",
    ({ ports, emulator }, id) => {
      const until = new Date(emulator.clock.now() + HOUR);
      return grantExemption(ports, { subject: { kind: "run", id }, until, owner: "ann", reason: "x" }, "ann");
    },
  ],
];

/** The ports of a process in which something happens once: after the nth read of the run. */
function onceRead({ ports, process }: Watched, nth: number, happen: () => Promise<unknown>): Ports {
  let reads = 0;
  return process({
    apify: instead(ports.apify, {
      readRun: async (...asked) => {
        const reading = await ports.apify.readRun(...asked);
        if (++reads === nth) await happen();
        return reading;
      },
    }),
  });
}

/** The same: after the first read of the control state by a process that holds the claim of an open intent. */
function onceClaimed({ ports, process }: Watched, happen: () => Promise<unknown>): Ports {
  let isDone = false;
  let isRead = false;
  const tickId = "the one";
  return process({
    newTickId: () => tickId,
    apify: instead(ports.apify, {
      readRun: async (...asked) => {
        isRead = true;
        return ports.apify.readRun(...asked);
      },
    }),
    state: instead(ports.state, {
      readControl: async () => {
        const control = await ports.state.readControl();
        const isOurs = control.openIntents.some(({ claim }) => claim.tickId === tickId);
        if (isOurs && isRead && !isDone) {
          isDone = true;
          await happen();
        }
        if (isOurs) isRead = false;
        return control;
      },
    }),
  });
}

describe("what comes between a look and a call", () => {
  it.each(SPARED)(
    "is honoured: %s while the run is read again, after a call that failed",
    async (_, spare) => {
      const watched = await watch(worldOf(YOUNG_OVER_5_USD), { policy: fiveUsd() });
      const [runId = ""] = watched.runIds();
      watched.emulator.faults.add({ match: { kind: "abort" }, fault: { kind: "status", status: 503 } });
      // The tick's own read comes first, before the intent; the second one is the look before the next call.
      await watched.tick(onceRead(watched, 2, () => spare(watched, runId)));
      expect(watched.aborts().map(({ effect }) => effect)).toEqual(["none"]);
      await watched.ticks(2);
      expect(watched.aborts()).toHaveLength(1);
    },
  );

  it.each(SPARED)("is honoured: %s between the look and the promise of force", async (_, spare) => {
    const stuck = { ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } } as const;
    const watched = await watch(worldOf(stuck), { policy: fiveUsd() });
    const [runId = ""] = watched.runIds();
    await watched.tick();
    watched.advance(2 * MINUTE);
    let isSpared = false;
    const happen = async () => {
      isSpared = true;
      await spare(watched, runId);
    };
    await watched.tick(onceClaimed(watched, happen));
    expect(isSpared).toBe(true);
    await watched.ticks(2);
    expect(watched.aborts().map(({ gracefully }) => gracefully)).toEqual([true]);
    expect(await watched.kinds(runId)).not.toContain("abort.forced");
  });
});
