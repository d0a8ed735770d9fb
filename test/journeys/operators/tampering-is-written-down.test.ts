import { describe, expect, it } from "vitest";
import { describeEntry } from "../../../src/watchdog/audit/describe.ts";
import { noteTampering } from "../../../src/watchdog/audit/note-tampering.ts";
import { verifyAll } from "../../../src/watchdog/audit/verify/verify.ts";
import type { Entry } from "../../../src/watchdog/model/entry.ts";
import { DigestTally } from "../../../src/watchdog/notify/digest.ts";
import { actingIn, HOSTILE } from "../../support/hostile.ts";
import { TAMPERING } from "../../support/notices/notice-entries.ts";
import { fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";

const watching = () => watch(worldOf(HEALTHY), { policy: fiveUsd() });

const written = async ({ ports }: Watched): Promise<readonly Entry[]> =>
  (await ports.audit.readChain("control"))
    .map(({ text }) => JSON.parse(text) as Entry)
    .filter(({ kind }) => kind === "audit.tampered");

describe("a tampering that the notifier has marked", () => {
  it("is written down by the next tick, once, in a chain that verifies", async () => {
    const watched = await watching();
    await watched.ports.state.markTampering([TAMPERING]);
    await watched.ticks(2);
    const [entry, ...more] = await written(watched);
    expect(more).toEqual([]);
    const { id: _id, ...told } = TAMPERING;
    expect(entry).toMatchObject({
      by: "watchdog",
      subject: { kind: "control" },
      change: { ...told, seen: 1 },
    });
    expect(entry && describeEntry(entry)).toEqual({
      word: "TAMPERED",
      text: "entry 3 of run#iOIRSSnkEYKwhMeAJ was changed, 2026-11-24 12:10",
    });
    expect((await watched.ports.state.readControl()).tampering).toBeUndefined();
    expect((await verifyAll(watched.ports)).findings).toEqual([]);
  });

  it("is not lost where more is seen while it is written down, or where a tick dies before it takes the mark off", async () => {
    const watched = await watching();
    const { state } = watched.ports;
    await state.markTampering([TAMPERING]);
    const mark = (await state.readControl()).tampering ?? { first: "", seen: 0 };
    await watched.tick();
    // The mark of a tick that died: the entry stands.
    await state.markTampering([TAMPERING]);
    await watched.tick();
    expect(await written(watched)).toHaveLength(1);
    await state.markTampering([TAMPERING, { ...TAMPERING, sequence: 4 }]);
    await state.unmarkTampering(mark);
    await watched.tick();
    expect((await written(watched)).map(({ change }) => change?.seen)).toEqual([1, 2]);
  });

  it.each(HOSTILE)(
    "does nothing to who reads it, though its mark is a text that would %s",
    async (_what, text) => {
      const watched = await watching();
      await watched.ports.state.markTampering([{ ...TAMPERING, chain: text, was: { kind: text } }]);
      await watched.tick();
      const [entry] = await written(watched);
      const { chain, was } = entry?.change ?? {};
      expect([String(chain), JSON.stringify(was)].flatMap((each) => actingIn(each))).toEqual([]);
    },
  );

  it("is written down though its mark is no JSON", async () => {
    const watched = await watching();
    const { ports } = watched;
    await ports.state.markTampering([TAMPERING]);
    const control = { ...(await ports.state.readControl()), tampering: { first: "no JSON", seen: 2 } };
    await noteTampering({ ports, tick: { id: "tick-1" } }, control);
    expect((await written(watched)).map(({ change }) => change)).toEqual([{ seen: 2 }]);
  });

  it("is a thing to look at in the digest", async () => {
    const watched = await watching();
    await watched.ports.state.markTampering([TAMPERING]);
    await watched.tick();
    const tally = new DigestTally();
    for (const entry of await written(watched)) tally.note(entry);
    expect(tally.digest(new Date(0), new Date()).attention).toHaveLength(1);
  });
});
