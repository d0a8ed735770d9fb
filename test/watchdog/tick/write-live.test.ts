import { describe, expect, it } from "vitest";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import { EMPTY_LIVE, type Heartbeat, type LiveRun } from "../../../src/watchdog/model/live.ts";
import { openContext } from "../../../src/watchdog/tick/open.ts";
import { writeLive } from "../../../src/watchdog/tick/write-live.ts";
import { at, liveRun, NOON, run } from "../../support/builders.ts";
import { instead } from "../../support/instead.ts";
import { watch } from "../../support/watch.ts";
import { worldOf } from "../../support/world.ts";

const heartbeat = (overrides: Partial<Heartbeat> = {}): Heartbeat => ({
  tickId: "tick1",
  startedAt: NOON,
  finishedAt: at(5),
  listed: 1,
  evaluated: 1,
  skipped: {},
  complete: true,
  ...overrides,
});

/** A tick that knows these runs and is about to write them on what it has read. */
async function knowing(...runs: readonly LiveRun[]) {
  const { ports } = await watch(worldOf());
  const base = await ports.state.readLive();
  const options = {
    signal: new AbortController().signal,
    endsBy: new Date(ports.clock.now().getTime() + 60_000),
  };
  const context = await openContext(ports, base, options);
  for (const each of runs) context.live.set(each.run.id, each);
  return { context, base, state: ports.state };
}

describe("writeLive()", () => {
  it("writes the runs, the heartbeat and how far the ledger is known, and returns what stands", async () => {
    const { context, base, state } = await knowing(liveRun());
    context.ledger.recordings = 7;
    const written = await writeLive(context, base, { heartbeat: heartbeat(), cursor: at(-60), sawAll: true });
    expect(written).toMatchObject({ version: 1, cursor: at(-60), completeAt: NOON, recordings: 7 });
    const stands = await state.readLive();
    expect({ ...stands, runs: [...stands.runs.keys()] }).toMatchObject({
      version: 1,
      runs: ["run1"],
      heartbeat: heartbeat(),
      recordings: 7,
    });
  });

  it("can be written on again, without reading", async () => {
    const { context, base } = await knowing(liveRun());
    const once = await writeLive(context, base, { heartbeat: heartbeat(), cursor: undefined, sawAll: true });
    const twice = await writeLive(context, once, {
      heartbeat: heartbeat({ evaluated: 2 }),
      cursor: undefined,
      sawAll: true,
    });
    expect(twice).toMatchObject({ version: 2, heartbeat: { evaluated: 2 } });
  });

  it("of a tick that did not see all, keeps when the last complete one began", async () => {
    const { context, base } = await knowing();
    const partial = heartbeat({ complete: false, startedAt: at(60) });
    const none = await writeLive(context, base, { heartbeat: partial, cursor: undefined, sawAll: false });
    expect(none).not.toHaveProperty("completeAt");
    const after = { ...context, completeAt: at(-60) };
    const kept = await writeLive(after, none, { heartbeat: partial, cursor: undefined, sawAll: false });
    expect(kept.completeAt).toEqual(at(-60));
  });

  it("of a tick that saw nothing, replaces no later tick's heartbeat, nor what that found amiss", async () => {
    const { context, base, state } = await knowing(liveRun());
    const later = heartbeat({ tickId: "later", startedAt: at(60), finishedAt: at(65) });
    await writeLive(context, base, { heartbeat: later, cursor: undefined, sawAll: true });
    const blank = { cursor: undefined, sawAll: false, sawNone: true };
    await writeLive(context, base, { heartbeat: heartbeat(), ...blank });
    expect((await state.readLive()).heartbeat).toEqual(later);
    const latest = heartbeat({ tickId: "latest", startedAt: at(120), finishedAt: at(125) });
    await writeLive(context, base, { heartbeat: latest, ...blank });
    expect((await state.readLive()).heartbeat).toEqual(latest);
  });

  it("that loses the race writes what both know: of each run the newer look, of recordings the fewer", async () => {
    const newer = liveRun({ run: run({ id: "both" }), observedAt: at(10) });
    const { context, base, state } = await knowing(newer, liveRun({ run: run({ id: "ours" }) }));
    context.ledger.recordings = 9;
    const theirs = new Map([
      ["both", liveRun({ run: run({ id: "both" }), observedAt: at(5) })],
      ["theirs", liveRun({ run: run({ id: "theirs" }) })],
    ]);
    await state.writeLive({
      ...EMPTY_LIVE,
      runs: theirs,
      heartbeat: heartbeat({ tickId: "tick2" }),
      recordings: 4,
    });
    const written = await writeLive(context, base, {
      heartbeat: heartbeat({ startedAt: at(1) }),
      cursor: undefined,
      sawAll: true,
    });
    expect(written.version).toBe(2);
    const { runs, recordings, heartbeat: last } = await state.readLive();
    expect([...runs.keys()].sort()).toEqual(["both", "ours", "theirs"]);
    expect(runs.get("both")?.observedAt).toEqual(at(10));
    expect([recordings, last?.tickId]).toEqual([4, "tick1"]);
  });

  it("gives up on a race that it never wins, and at once on what is no race", async () => {
    const { context, base } = await knowing(liveRun());
    const failing = (error: Error) => {
      let tries = 0;
      const state = instead(context.ports.state, {
        writeLive: () => {
          tries += 1;
          return Promise.reject(error);
        },
      });
      const with_ = { ...context, ports: { ...context.ports, state } };
      const written = writeLive(with_, base, { heartbeat: heartbeat(), cursor: undefined, sawAll: true });
      return { written, tries: () => tries };
    };
    const lost = failing(new ConflictError("somebody else wrote"));
    await expect(lost.written).rejects.toThrow("somebody else wrote");
    expect(lost.tries()).toBe(11);
    const broken = failing(new Error("no answer"));
    await expect(broken.written).rejects.toThrow("no answer");
    expect(broken.tries()).toBe(1);
  });
});
