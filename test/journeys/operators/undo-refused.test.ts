import { describe, expect, it } from "vitest";
import type { Ports } from "../../../src/watchdog/model/ports.ts";
import { endExemption, grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { instead } from "../../support/instead.ts";
import { fiveUsd } from "../../support/policies.ts";
import { controlEntries } from "../../support/recorded.ts";
import { watch } from "../../support/watch.ts";
import { HOUR, worldOf } from "../../support/world.ts";
import { BURNING, resurrects, stopped, undoing } from "./stopped-run.ts";

describe("what is not undone", () => {
  it("is a notice, an observed or held stop, a stop let go, an unknown entry, or a run without a stop", async () => {
    const watched = await watch(worldOf(BURNING), { policy: fiveUsd({ mode: "observe" }) });
    await watched.ticks(1);
    const [runId = ""] = watched.runIds();
    const [observed] = await watched.entries(runId);
    expect(await undoing(watched, observed?.entryId ?? "")).toMatchObject({ reason: "no-stop" });
    const [pushed] = await controlEntries(watched);
    expect(await undoing(watched, pushed?.entryId ?? "")).toMatchObject({ reason: "no-stop" });
    expect(await undoing(watched, "abcdef123456")).toMatchObject({ reason: "no-such-entry" });
    expect(await undoing(watched, runId)).toMatchObject({
      reason: "no-such-entry",
      why: expect.stringContaining(`has no stop of ${runId}`),
    });
    expect(resurrects(watched)).toEqual([]);
  });

  it("is a run that was resurrected since, or whose stop is not closed yet", async () => {
    const { watched, runId, entryId } = await stopped();
    await watched.run(watched.ports.apify.resurrectRun(runId, {}, new AbortController().signal));
    expect(await undoing(watched, entryId)).toMatchObject({ reason: "later-life" });
    const open = await watch(worldOf(BURNING), { policy: fiveUsd() });
    await open.tick();
    const [intent] = await open.entries(open.runIds()[0] ?? "");
    expect(await undoing(open, intent?.entryId ?? "")).toMatchObject({ reason: "not-aborted" });
    open.advance(10_000);
    expect(await undoing(open, intent?.entryId ?? "")).toMatchObject({ reason: "open-intent" });
    expect(resurrects(open)).toEqual([]);
  });

  it("is a run that was resurrected a day later, which Apify counts nowhere, and that runs now", async () => {
    const { watched, runId, entryId } = await stopped({
      ...BURNING,
      fields: { omit: ["stats.resurrectCount"] },
    });
    watched.advance(25 * HOUR);
    await watched.ticks(3);
    expect((await watched.ports.state.readLive()).runs.has(runId)).toBe(false);
    await watched.run(watched.ports.apify.resurrectRun(runId, {}, new AbortController().signal));
    expect(await undoing(watched, entryId)).toMatchObject({
      reason: "later-life",
      why: `Run ${runId} was resurrected since, and is RUNNING: nothing is left of that stop to undo.`,
    });
  });

  it("is a run that was resurrected since and stopped again: that stop is named", async () => {
    const { watched, runId, entryId } = await stopped();
    await watched.run(watched.ports.apify.resurrectRun(runId, {}, new AbortController().signal));
    await watched.ticks(3);
    expect(watched.status(runId)).toBe("ABORTED");
    const again = (await watched.entries(runId)).at(-1)?.entryId;
    expect(await undoing(watched, entryId)).toMatchObject({
      reason: "later-life",
      why: `Run ${runId} was resurrected since, and stopped again. To undo that: watchdog undo ${again} --until 6h --reason "…"`,
    });
    expect(await undoing(watched, again ?? "")).toMatchObject({ kind: "undone" });
  });

  it.each(["reading", "granting"])(
    "is a run that its user resurrected and aborted while %s took long",
    async (when) => {
      const { watched, runId, entryId } = await stopped();
      const { apify, audit, clock } = watched.ports;
      const { signal } = new AbortController();
      let isOver = false;
      const meanwhile = async (isNow: boolean): Promise<void> => {
        if (!isNow || isOver) return;
        isOver = true;
        await apify.resurrectRun(runId, {}, signal);
        await apify.abortRun({ runId, actorId: "", gracefully: false }, signal);
        await clock.sleep(20_000);
      };
      const readRun: typeof apify.readRun = async (...args) => {
        const reading = await apify.readRun(...args);
        await meanwhile(when === "reading");
        return reading;
      };
      const readHead: typeof audit.readHead = async (chain) => {
        await meanwhile(when === "granting" && chain === "control");
        return audit.readHead(chain);
      };
      const slow = watched.process({
        apify: instead(apify, { readRun }),
        audit: instead(audit, { readHead }),
      });
      expect(await undoing(watched, entryId, {}, slow)).toMatchObject({ reason: "later-life" });
      expect(isOver).toBe(true);
      expect(resurrects(watched)).toHaveLength(1);
      expect((await watched.ports.state.readControl()).exemptions).toEqual([]);
    },
  );

  it("is a run where the tables always take longer than a look at it counts", async () => {
    const { watched, entryId } = await stopped();
    const { clock, state } = watched.ports;
    const readControl: typeof state.readControl = async () => {
      await clock.sleep(6_000);
      return state.readControl();
    };
    const slow = watched.process({ state: instead(state, { readControl }) });
    expect(await undoing(watched, entryId, {}, slow)).toMatchObject({
      reason: "too-busy",
      why: expect.stringContaining("the tables took longer to answer"),
    });
    expect(resurrects(watched)).toEqual([]);
    expect((await state.readControl()).exemptions).toEqual([]);
  });

  it("is a run that ended by itself before the abort took", async () => {
    const watched = await watch(worldOf({ ...BURNING, onAbort: { kind: "winsRace", afterMs: 5_000 } }), {
      policy: fiveUsd(),
    });
    await watched.ticks(3);
    const [intent] = await watched.entries(watched.runIds()[0] ?? "");
    expect(await undoing(watched, intent?.entryId ?? "")).toMatchObject({
      reason: "no-stop",
      why: expect.stringContaining("ended otherwise"),
    });
  });

  it("is what was undone before, and the fourth stop of one run", async () => {
    const { watched, runId, entryId } = await stopped();
    let named = entryId;
    for (let round = 1; round <= 3; round++) {
      expect(await undoing(watched, named)).toMatchObject({ kind: "undone" });
      expect(await undoing(watched, named)).toMatchObject({ reason: "undone-already" });
      const subject = { kind: "run", id: runId } as const;
      await watched.run(endExemption(watched.ports, subject, { by: "bob", reason: "no" }));
      await watched.ticks(3);
      const intents = (await watched.entries(runId)).filter(({ kind }) => kind === "abort.intended");
      expect(intents).toHaveLength(round + 1);
      named = intents.at(-1)?.entryId ?? "";
    }
    expect(await undoing(watched, named)).toMatchObject({
      reason: "too-often",
      why: expect.stringContaining("Raise the limit of no-run-over-5-usd"),
    });
    expect(resurrects(watched)).toHaveLength(3);
  });

  it("is a run that an exemption of somebody else's protects, whose promise would be lost", async () => {
    const { watched, runId, entryId } = await stopped();
    const until = new Date(watched.emulator.clock.now() + HOUR);
    const subject = { kind: "run", id: runId } as const;
    await watched.run(grantExemption(watched.ports, { subject, until, owner: "bob", reason: "mine" }, "bob"));
    expect(await undoing(watched, entryId)).toMatchObject({
      reason: "exempt",
      why: expect.stringContaining("bob: mine"),
    });
    expect((await watched.ports.state.readControl()).exemptions).toMatchObject([{ owner: "bob" }]);
  });

  it("is what a ceiling would stop at once, or would need one that nobody can tell", async () => {
    const { watched, entryId } = await stopped();
    expect(await undoing(watched, entryId, { ceilingMicroUsd: 7_000_000 })).toMatchObject({
      reason: "ceiling-reached",
    });
    const { ports } = watched;
    const readRun: Ports["apify"]["readRun"] = async (...args) => {
      const reading = await ports.apify.readRun(...args);
      if (reading.kind === "missing") return reading;
      const { usageTotalMicroUsd: _hidden, ...run } = reading.run;
      return { ...reading, run };
    };
    const hidden = watched.process({ apify: instead(ports.apify, { readRun }) });
    expect(await undoing(watched, entryId, {}, hidden)).toMatchObject({ reason: "no-ceiling" });
    expect(resurrects(watched)).toEqual([]);
  });
});
