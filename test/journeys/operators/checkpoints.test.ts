import { describe, expect, it } from "vitest";
import { verifyAll } from "../../../src/watchdog/audit/verify/verify.ts";
import type { LoggedLine } from "../../../src/watchdog/model/ports.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const DAY = 24 * 60 * MINUTE;

/** A watchdog with a log of checkpoints that fails while it is told to. */
async function checkpointing() {
  const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
  const logged: LoggedLine[] = [];
  const fault: { error?: Error } = {};
  const checkpoints = {
    async append(lines: readonly string[]) {
      if (fault.error) throw fault.error;
      logged.push(...lines.map((text) => ({ text, loggedAt: watched.ports.clock.now() })));
    },
    async *lines() {
      yield* logged;
    },
  };
  const ports = watched.process({ checkpoints });
  return { watched, ports, logged, fault, tick: () => watched.tick(ports) };
}

describe("the audit's checkpoints", () => {
  it("are made by a tick, a day apart, and vouch for what it stopped", async () => {
    const { watched, ports, logged, tick } = await checkpointing();
    for (let minute = 0; minute < 8; minute++) {
      await tick();
      watched.advance(MINUTE);
    }
    expect(logged).toHaveLength(1);
    expect(logged[0]?.text).toContain(`run#${watched.runIds()[0]}`);
    watched.advance(DAY);
    expect(await tick()).toMatchObject({ complete: true, attention: [] });
    expect(logged).toHaveLength(2);
    expect(await watched.run(verifyAll(ports))).toMatchObject({ findings: [], checkpoints: { count: 2 } });
  });

  it("hold up nothing where they can't be made: ticks stay complete, and a person is called after two days", async () => {
    const { watched, fault, tick } = await checkpointing();
    fault.error = new Error("access denied");
    watched.advance(6 * MINUTE);
    expect(await tick()).toMatchObject({ complete: true, attention: [], skipped: {} });
    expect(watched.aborts()).toHaveLength(1);
    expect(watched.warnings.join()).toContain(
      "the audit's checkpoint could not be written Error: access denied",
    );
    watched.advance(2 * DAY);
    const { attention, complete } = await tick();
    expect(attention).toEqual([expect.stringMatching(/^checkpoint: the audit has had no checkpoint since /)]);
    expect(complete).toBe(true);
    watched.advance(MINUTE);
    expect((await tick()).attention).toEqual(attention);
    const { heartbeat } = await watched.ports.state.readLive();
    expect(heartbeat?.attention).toEqual(attention);
    watched.advance(2 * 60 * MINUTE);
    delete fault.error;
    expect((await tick()).attention).toEqual([]);
  });
});
