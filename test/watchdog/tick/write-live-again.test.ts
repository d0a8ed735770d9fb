import { describe, expect, it } from "vitest";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { ClockError } from "../../../src/watchdog/model/errors.ts";
import type { Heartbeat } from "../../../src/watchdog/model/live.ts";
import { emptyMemory, type Ports } from "../../../src/watchdog/model/ports.ts";
import type { Context } from "../../../src/watchdog/tick/context.ts";
import { openContext } from "../../../src/watchdog/tick/open.ts";
import { writeLive } from "../../../src/watchdog/tick/write-live.ts";
import { at, life, liveRun, NOON, run } from "../../support/builders.ts";
import { instead } from "../../support/instead.ts";
import { PretendAccount } from "../../support/pretend-account.ts";

const heartbeat = (tickId: string, startedAt: Date): Heartbeat => ({
  tickId,
  startedAt,
  finishedAt: startedAt,
  listed: 0,
  evaluated: 0,
  skipped: {},
  complete: true,
});

const portsAtNoon = (): Ports => ({
  account: "default",
  apify: new PretendAccount(() => NOON).apify,
  ...createMemoryStores({ account: "default" }),
  clock: { now: () => NOON, monotonicMs: () => 0, sleep: async () => undefined },
  log: { info: () => undefined, warn: () => undefined },
  newTickId: () => "tick",
  memory: emptyMemory(),
});

describe("writeLive()", () => {
  it("takes back nothing that another tick wrote between a tick's first write and the one after its wait", async () => {
    const ports = portsAtNoon();
    const base = await ports.state.readLive();
    const { signal } = new AbortController();
    const open = (): Promise<Context> => openContext(ports, base, { signal, endsBy: at(60) });
    const [ours, other] = [await open(), await open()];
    const ready = run({ status: "READY" });
    ours.live.set("run1", liveRun({ run: ready, observedAt: at(1), life: life({ readyUntil: at(1) }) }));
    const later = { run: ready, observedAt: at(2), life: life({ readyUntil: at(2) }), said: ["told"] };
    other.live.set("run1", liveRun(later));
    other.live.set("run2", liveRun({ run: run({ id: "run2" }) }));

    await writeLive(other, base, { heartbeat: heartbeat("other", at(5)), cursor: at(5), sawAll: true });
    const beat = { heartbeat: heartbeat("ours", at(0)), cursor: at(0), sawAll: true };
    const between = await writeLive(ours, base, beat);
    await writeLive(ours, between, beat);

    const { runs, cursor, completeAt } = await ports.state.readLive();
    expect(runs.get("run1")).toMatchObject({ life: { readyUntil: at(2) }, said: ["told"] });
    expect([...runs.keys()].sort()).toEqual(["run1", "run2"]);
    expect({ cursor, completeAt }).toEqual({ cursor: at(5), completeAt: at(5) });
  });

  it("writes nothing once its clock was set, neither its own looks nor others' as that clock dates them", async () => {
    const parted = ClockError.ofSetClock(-180_000);
    const ports = portsAtNoon();
    const apify = instead(ports.apify, {
      now: () => {
        throw parted;
      },
    });
    const base = await ports.state.readLive();
    const context = await openContext(ports, base, { signal: new AbortController().signal, endsBy: at(60) });
    const beat = { heartbeat: heartbeat("ours", at(0)), cursor: at(0), sawAll: true };
    await expect(writeLive({ ...context, ports: { ...ports, apify } }, base, beat)).rejects.toBe(parted);
    expect(await ports.state.readLive()).toEqual(base);
  });
});
