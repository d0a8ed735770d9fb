import { describe, expect, it } from "vitest";
import { withinBudget } from "../../../src/watchdog/observe/within-budget.ts";
import { openContext } from "../../../src/watchdog/tick/open.ts";

import { watch } from "../../support/watch.ts";
import { MINUTE, worldOf } from "../../support/world.ts";

/** A tick's context whose signal the test holds. */
async function context(stop: AbortController) {
  const { ports, run } = await watch(worldOf());
  const endsBy = new Date(ports.clock.now().getTime() + MINUTE);
  return {
    run,
    opened: await openContext(ports, await ports.state.readLive(), { signal: stop.signal, endsBy }),
  };
}

describe("withinBudget()", () => {
  it("gives work no time at all when the tick has none left", async () => {
    const stop = new AbortController();
    stop.abort();
    const { opened } = await context(stop);
    expect(await withinBudget(opened, MINUTE, async (signal) => signal.aborted)).toBe(true);
  });

  it("ends work when the tick ends", async () => {
    const stop = new AbortController();
    const { opened } = await context(stop);
    const ended = await withinBudget(opened, MINUTE, async (signal) => {
      stop.abort();
      return signal.aborted;
    });
    expect(ended).toBe(true);
  });

  it("ends work when its budget is used up", async () => {
    const { opened, run } = await context(new AbortController());
    const ended = withinBudget(opened, MINUTE, async (signal) => {
      await opened.ports.clock.sleep(2 * MINUTE, signal);
      return signal.aborted;
    });
    expect(await run(ended)).toBe(true);
  });
});
