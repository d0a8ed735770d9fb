import { describe, expect, it } from "vitest";
import { instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const STUCK = { ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } } as const;
const policy = { ...fiveUsd(), escalation: { forceAfter: "30s", alarmAfter: "10m" } };

/** A run that is ABORTING, and a process that promised to end it without grace and then died. */
async function promised({ sent }: { readonly sent: boolean }) {
  const watched = await watch(worldOf(STUCK), { policy });
  const [runId = ""] = watched.runIds();
  await watched.tick();
  watched.advance(MINUTE);
  const { apify } = watched.ports;
  const dead = new Promise<never>(() => undefined);
  let died: (() => void) | undefined;
  const death = new Promise<void>((resolve) => {
    died = resolve;
  });
  const dying = instead(apify, {
    abortRun: async (call, signal) => {
      if (sent) await apify.abortRun(call, signal);
      died?.();
      return dead;
    },
  });
  const tick = watched.tick({ ...watched.ports, apify: dying });
  await Promise.race([tick, watched.run(death)]);
  expect((await watched.kinds(runId)).at(-1)).toBe("abort.forced");
  watched.advance(MINUTE);
  return { watched, runId };
}

describe("a promise to force that died with its process", () => {
  it("is kept by the next tick, for the run is still ABORTING", async () => {
    const { watched, runId } = await promised({ sent: false });
    expect(watched.aborts().map(({ gracefully }) => gracefully)).toEqual([true]);
    await watched.tick();
    expect(watched.aborts().map(({ gracefully }) => gracefully)).toEqual([true, false]);
    watched.advance(MINUTE);
    await watched.tick();
    expect(watched.aborts()).toHaveLength(2);
    const kinds = await watched.kinds(runId);
    expect(kinds.filter((kind) => kind === "abort.forced")).toHaveLength(1);
    expect(kinds.at(-1)).toBe("abort.confirmed");
  });

  it("is not kept twice where the call had left: the run has ended", async () => {
    const { watched, runId } = await promised({ sent: true });
    await watched.tick();
    expect(watched.aborts().map(({ gracefully }) => gracefully)).toEqual([true, false]);
    expect((await watched.kinds(runId)).at(-1)).toBe("abort.confirmed");
  });
});
