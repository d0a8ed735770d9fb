import { describe, expect, it } from "vitest";
import { ApifyError } from "../../src/watchdog/model/errors.ts";
import type { Ports } from "../../src/watchdog/model/ports.ts";
import { endExemption, grantExemption } from "../../src/watchdog/overrule/exemptions.ts";
import type { UndoWish } from "../../src/watchdog/overrule/undo-wish.ts";
import { orderUndo } from "../../src/watchdog/tick/outside.ts";
import { engineMissing } from "../support/engine.ts";
import { instead } from "../support/instead.ts";
import { ABORT, fiveUsd } from "../support/policies.ts";
import { controlEntries } from "../support/recorded.ts";
import { type Watched, watch, within } from "../support/watch.ts";
import { HOUR, MINUTE, OVER_5_USD, worldOf } from "../support/world.ts";

const ANN = { by: "arn:aws:iam::1:user/ann", reason: "it was meant to be large" };
/** 7 USD in its first hour, and 7 USD in each hour after that, in later lives too. */
const BURNING = { ...OVER_5_USD, cost: 7 };

/** A run over its limit that was stopped, and the entry of its stop. */
async function stopped(script = BURNING, on: "memory" | "engine" = "memory", policy = fiveUsd()) {
  const watched = await watch(worldOf(script), { policy, on });
  await watched.ticks(3);
  const [runId = ""] = watched.runIds();
  const [intent] = await watched.entries(runId);
  return { watched, runId, entryId: intent?.entryId ?? "" };
}

const undoing = (
  { run, ports, emulator }: Watched,
  entryId: string,
  wish: Partial<UndoWish> = {},
  as: Ports = ports,
) =>
  run(
    orderUndo(
      as,
      { ...ANN, entryId, until: new Date(emulator.clock.now() + 6 * HOUR), ...wish },
      within({ emulator }, 2 * MINUTE),
    ),
  );

const exemptionKinds = async (watched: Watched) =>
  (await controlEntries(watched)).map(({ kind }) => kind).filter((kind) => kind.startsWith("exemption"));
const resurrects = ({ emulator }: Watched) => emulator.truth.calls.filter(({ kind }) => kind === "resurrect");
const costOf = ({ emulator }: Watched, runId: string) =>
  emulator.truth.reportedUsdAt(runId, emulator.clock.now()) ?? 0;

describe("an undone stop", () => {
  it("lets the run live although its rule condemns it, until its ceiling, then stops its next life", async () => {
    const { watched, runId, entryId } = await stopped();
    const final = costOf(watched, runId);
    const result = await undoing(watched, entryId);
    expect(result).toMatchObject({ kind: "undone", status: "RUNNING", limitMicroUsd: 5_000_000 });
    const ceilingUsd = final + 5;
    const [entry] = (await watched.entries(runId)).filter(({ kind }) => kind === "run.undone");
    expect(entry).toMatchObject({
      ...ANN,
      intentId: entryId,
      ruleId: "no-run-over-5-usd",
      subject: { life: 0 },
      change: {
        intentId: entryId,
        entryId,
        status: "RUNNING",
        exemption: { ceilingUsd: expect.closeTo(ceilingUsd) },
      },
    });

    let ticks = 0;
    while (watched.aborts().length < 2 && ticks++ < 200) {
      const before = costOf(watched, runId);
      await watched.ticks(1);
      if (watched.aborts().length === 1) expect(before).toBeLessThan(ceilingUsd);
    }
    await watched.ticks(2);
    expect(watched.status(runId)).toBe("ABORTED");
    expect(costOf(watched, runId)).toBeGreaterThanOrEqual(ceilingUsd);
    const intents = (await watched.entries(runId)).filter(({ kind }) => kind === "abort.intended");
    expect(intents.map(({ subject }) => subject)).toMatchObject([{ life: 0 }, { life: 1 }]);
    expect((await watched.kinds(runId)).at(-1)).toBe("abort.confirmed");
  });

  it("is told to the owner of the rule, as the stop was", async () => {
    const { watched, runId, entryId } = await stopped(BURNING, "memory", fiveUsd({ owner: "ops" }));
    await undoing(watched, entryId);
    const told = (await watched.entries(runId)).filter(({ owner }) => owner === "ops");
    expect(told.map(({ kind }) => kind)).toContain("run.undone");
  });

  it("is stopped again when its time is up, which the audit says", async () => {
    const { watched, runId, entryId } = await stopped();
    const until = new Date(watched.emulator.clock.now() + 20 * MINUTE);
    await undoing(watched, entryId, { until, ceilingMicroUsd: 900_000_000 });
    await watched.ticks(19);
    expect(watched.aborts()).toHaveLength(1);
    await watched.ticks(4);
    expect(watched.aborts()).toHaveLength(2);
    expect(watched.status(runId)).toBe("ABORTED");
    expect(await exemptionKinds(watched)).toEqual([
      "exemption.granted",
      "exemption.ending",
      "exemption.ended",
    ]);
  });

  it("gives its next life the time-out that was asked for", async () => {
    const { watched, runId, entryId } = await stopped();
    await undoing(watched, entryId, { timeoutSecs: 600, ceilingMicroUsd: 900_000_000 });
    watched.advance(15 * MINUTE);
    expect(watched.status(runId)).toBe("TIMED-OUT");
  });

  it("has no ceiling of its own when a rule on time stopped the run", async () => {
    const rules = [{ id: "half-an-hour", limit: { runTime: "30m" }, steps: [ABORT] }];
    const watched = await watch(worldOf({ ...BURNING, startsAfterMs: -5 * MINUTE }), {
      policy: fiveUsd({ rules }),
    });
    await watched.ticks(30);
    const [runId = ""] = watched.runIds();
    expect(watched.status(runId)).toBe("ABORTED");
    const [intent] = await watched.entries(runId);
    const result = await undoing(watched, intent?.entryId ?? "");
    expect(result).toMatchObject({ kind: "undone" });
    expect(JSON.stringify(await controlEntries(watched))).not.toContain("ceilingUsd");
  });

  it.each(["abort.requested", "abort.confirmed"])(
    "is named by its %s, or the beginning of its id",
    async (kind) => {
      const { watched, runId } = await stopped();
      const entry = (await watched.entries(runId)).find((each) => each.kind === kind);
      expect(await undoing(watched, entry?.entryId.slice(0, 7) ?? "")).toMatchObject({ kind: "undone" });
    },
  );
});

describe("an undo that dies", () => {
  /** Ports that work until so many calls to the world were answered, and never again. */
  function mortal(watched: Watched, lastCall: number): { ports: Ports; calls: () => number } {
    let calls = 0;
    const counted = <T extends object>(port: T): T =>
      new Proxy(port, {
        get(target, name) {
          const method: unknown = Reflect.get(target, name);
          if (typeof method !== "function" || name === "takeRequestCount" || name === "list")
            return typeof method === "function" ? method.bind(target) : method;
          return async (...args: unknown[]) => {
            if (calls >= lastCall) throw new Error("the process is dead");
            const answer: unknown = await method.apply(target, args);
            calls += 1;
            if (calls >= lastCall) throw new Error("the process died");
            return answer;
          };
        },
      });
    const { apify, state, audit } = watched.ports;
    const ports = watched.process({ apify: counted(apify), state: counted(state), audit: counted(audit) });
    return { ports, calls: () => calls };
  }

  it("behind any of its steps, is finished by the same undo: one call, one entry, and an exempt run", async () => {
    const { watched: whole, entryId: first } = await stopped();
    const { ports, calls } = mortal(whole, Number.POSITIVE_INFINITY);
    await undoing(whole, first, {}, ports);
    expect(calls()).toBeGreaterThan(10);
    for (let step = 1; step < calls(); step++) {
      const { watched, runId, entryId } = await stopped();
      const dying = mortal(watched, step);
      await undoing(watched, entryId, {}, dying.ports).catch(() => undefined);
      const again = await undoing(watched, entryId);
      expect(["undone", "refused"], `step ${step}`).toContain(again.kind);
      if (again.kind === "refused") expect(again.reason, `step ${step}`).toBe("undone-already");
      expect(resurrects(watched), `step ${step}`).toHaveLength(1);
      const undone = (await watched.kinds(runId)).filter((kind) => kind === "run.undone");
      expect(undone, `step ${step}`).toHaveLength(1);
      await watched.ticks(2);
      expect(watched.status(runId), `step ${step}`).toBe("RUNNING");
    }
  });

  it("is waited for while it may still be on its way: two at once make one call and one entry", async () => {
    const { watched, runId, entryId } = await stopped();
    const wish = { ...ANN, entryId, until: new Date(watched.emulator.clock.now() + HOUR) };
    const options = within(watched, MINUTE);
    const both = [1, 2, 3].map(() => orderUndo(watched.process(), wish, options));
    const results = await watched.run(Promise.all(both));
    expect(results.filter(({ kind }) => kind === "undone").length).toBeGreaterThanOrEqual(1);
    expect(resurrects(watched)).toHaveLength(1);
    expect((await watched.kinds(runId)).filter((kind) => kind === "run.undone")).toHaveLength(1);
    expect((await watched.ports.state.readControl()).exemptions).toHaveLength(1);
  });
});

describe("an undo whose exemption was replaced before it was finished", () => {
  it("is finished by the same undo, for the exemption that stands now", async () => {
    const { watched, runId, entryId } = await stopped();
    const { audit } = watched.ports;
    const append: typeof audit.append = (each) =>
      each.sealed.entry.kind === "run.undone" ? Promise.reject(new Error("died")) : audit.append(each);
    const dying = watched.process({ audit: instead(audit, { append }) });
    expect(await undoing(watched, entryId, {}, dying)).toMatchObject({ kind: "unfinished" });
    const until = new Date(watched.emulator.clock.now() + 24 * HOUR);
    const longer = { subject: { kind: "run", id: runId }, until, owner: "bob", reason: "longer" } as const;
    const { exemption } = await watched.run(grantExemption(watched.ports, longer, "bob"));
    expect(exemption).toMatchObject({ owner: "bob", undoOf: entryId });
    expect((await watched.ports.state.readControl()).exemptions).toEqual([exemption]);
    expect((await controlEntries(watched)).at(-1)?.change).toMatchObject({ undoOf: entryId });
    expect(await undoing(watched, entryId)).toMatchObject({ kind: "undone", exemption });
    expect(resurrects(watched)).toHaveLength(1);
    expect(await watched.kinds(runId)).toContain("run.undone");
  });
});

describe("an undo that is slow", () => {
  it.each([
    ["before Apify has it", 8_000, 0],
    ["before its answer is there", 0, 8_000],
  ])(
    "%s, is neither repeated nor told twice by another that comes meanwhile",
    async (_when, upMs, downMs) => {
      const { watched, runId, entryId } = await stopped();
      const { apify, clock } = watched.ports;
      const resurrectRun: typeof apify.resurrectRun = async (...args) => {
        await clock.sleep(upMs);
        const run = await apify.resurrectRun(...args);
        await clock.sleep(downMs);
        return run;
      };
      const slow = watched.process({ apify: instead(apify, { resurrectRun }) });
      const wish = { ...ANN, entryId, until: new Date(watched.emulator.clock.now() + HOUR) };
      const endsBy = new Date(watched.emulator.clock.now() + MINUTE);
      const options = { signal: new AbortController().signal, endsBy };
      const later = async () => {
        await clock.sleep(2_000);
        return orderUndo(watched.process(), wish, options);
      };
      const [first, second] = await watched.run(Promise.all([orderUndo(slow, wish, options), later()]));
      expect(first).toMatchObject({ kind: "undone" });
      expect(["undone", "undone-already"]).toContain(second.kind === "refused" ? second.reason : second.kind);
      expect(resurrects(watched)).toHaveLength(1);
      expect((await watched.kinds(runId)).filter((kind) => kind === "run.undone")).toHaveLength(1);
      expect(await exemptionKinds(watched)).toEqual(["exemption.granted"]);
    },
  );
});

describe("an undo that Apify does not carry out", () => {
  const refusing = (watched: Watched, error: Error) =>
    watched.process({ apify: instead(watched.ports.apify, { resurrectRun: () => Promise.reject(error) }) });
  const apifyError = (status: number, type: string) =>
    new ApifyError(`Apify refused it (${status} ${type}).`, {
      status,
      type,
      retryable: false,
      attempt: 1,
      path: "/v2/actor-runs/x/resurrect",
    });

  it("ends its exemption again, with what Apify answered", async () => {
    const { watched, runId, entryId } = await stopped();
    const refused = refusing(watched, apifyError(402, "not-enough-usage-to-run-paid-actor"));
    const result = await undoing(watched, entryId, {}, refused);
    expect(result).toMatchObject({ kind: "unmade", why: expect.stringContaining("402") });
    expect((await watched.ports.state.readControl()).exemptions).toEqual([]);
    const last = (await controlEntries(watched)).at(-1);
    expect(last).toMatchObject({ kind: "exemption.ended", by: ANN.by });
    expect(last?.change?.reason).toContain("Apify answered 402 not-enough-usage-to-run-paid-actor");
    expect(await watched.kinds(runId)).not.toContain("run.undone");
    expect(await undoing(watched, entryId)).toMatchObject({ kind: "undone" });
  });

  it("goes on when the answer is lost and the run lives", async () => {
    const { watched, runId, entryId } = await stopped();
    const { apify } = watched.ports;
    const resurrectRun: typeof apify.resurrectRun = async (...args) => {
      await apify.resurrectRun(...args);
      throw apifyError(0, "no-answer");
    };
    const deaf = watched.process({ apify: instead(apify, { resurrectRun }) });
    expect(await undoing(watched, entryId, {}, deaf)).toMatchObject({ kind: "undone" });
    expect(resurrects(watched)).toHaveLength(1);
    expect(await watched.kinds(runId)).toContain("run.undone");
  });

  it("keeps its exemption when the answer is lost: a call that Apify takes later gives a life that lasts", async () => {
    const { watched, runId, entryId } = await stopped();
    const { apify } = watched.ports;
    const later: (() => Promise<unknown>)[] = [];
    const resurrectRun: typeof apify.resurrectRun = (...args) => {
      later.push(() => apify.resurrectRun(...args));
      return Promise.reject(apifyError(0, "no-answer"));
    };
    const lost = watched.process({ apify: instead(apify, { resurrectRun }) });
    const result = await undoing(watched, entryId, {}, lost);
    expect(result).toMatchObject({
      kind: "unfinished",
      why: expect.stringMatching(/not known yet(.|\n)*say this undo again(.|\n)*stands until/),
    });
    expect(resurrects(watched)).toEqual([]);
    await watched.run(Promise.all(later.map((call) => call())));
    await watched.ticks(3);
    expect(watched.aborts()).toHaveLength(1);
    expect(watched.status(runId)).toBe("RUNNING");
    expect(await undoing(watched, entryId)).toMatchObject({ kind: "undone" });
    expect(resurrects(watched)).toHaveLength(1);
    expect(await watched.kinds(runId)).toContain("run.undone");
  });

  it("is called again by the same undo when its lost call never arrived", async () => {
    const { watched, runId, entryId } = await stopped();
    const lost = refusing(watched, apifyError(0, "no-answer"));
    expect(await undoing(watched, entryId, {}, lost)).toMatchObject({ kind: "unfinished" });
    expect(await undoing(watched, entryId)).toMatchObject({ kind: "undone" });
    expect(resurrects(watched)).toHaveLength(1);
    expect(watched.status(runId)).toBe("RUNNING");
  });

  it("says what stands when nobody can tell whether the run lives, and is finished later", async () => {
    const { watched, runId, entryId } = await stopped();
    const { apify } = watched.ports;
    let isSent = false;
    const changes: Partial<Ports["apify"]> = {
      resurrectRun: async (...args) => {
        isSent = true;
        await apify.resurrectRun(...args);
        throw apifyError(503, "internal-server-error");
      },
      readRun: (...args) => (isSent ? Promise.reject(apifyError(503, "x")) : apify.readRun(...args)),
    };
    const result = await undoing(watched, entryId, {}, watched.process({ apify: instead(apify, changes) }));
    expect(result).toMatchObject({
      kind: "unfinished",
      why: expect.stringMatching(/not known(.|\n)*stands until/),
    });
    await watched.ticks(2);
    expect(watched.aborts()).toHaveLength(1);
    expect(await undoing(watched, entryId)).toMatchObject({ kind: "undone" });
    expect(resurrects(watched)).toHaveLength(1);
    expect(await watched.kinds(runId)).toContain("run.undone");
  });

  it("grants nothing and calls nothing while the control plane can't be read or written", async () => {
    const { watched, entryId } = await stopped();
    const { ports } = watched;
    const deaf = watched.process({
      state: instead(ports.state, { readControl: () => Promise.reject(new Error("no table")) }),
    });
    await expect(undoing(watched, entryId, {}, deaf)).rejects.toThrow("no table");
    const mute = watched.process({
      audit: instead(ports.audit, { append: () => Promise.reject(new Error("no audit")) }),
    });
    await expect(undoing(watched, entryId, {}, mute)).rejects.toThrow("no audit");
    expect(resurrects(watched)).toEqual([]);
    expect((await ports.state.readControl()).exemptions).toEqual([]);
  });
});

describe("what is not undone", () => {
  it("is a notice, an observed or held stop, a stop let go, an unknown entry, or a whole run", async () => {
    const watched = await watch(worldOf(BURNING), { policy: fiveUsd({ mode: "observe" }) });
    await watched.ticks(1);
    const [runId = ""] = watched.runIds();
    const [observed] = await watched.entries(runId);
    expect(await undoing(watched, observed?.entryId ?? "")).toMatchObject({ reason: "no-stop" });
    const [pushed] = await controlEntries(watched);
    expect(await undoing(watched, pushed?.entryId ?? "")).toMatchObject({ reason: "no-stop" });
    expect(await undoing(watched, "abcdef123456")).toMatchObject({ reason: "no-such-entry" });
    const { watched: other, runId: otherRun, entryId } = await stopped();
    expect(await undoing(other, otherRun)).toMatchObject({
      reason: "no-such-entry",
      why: expect.stringContaining(`watchdog undo ${entryId}`),
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

describe.skipIf(engineMissing)("an undo on DynamoDB", () => {
  it("writes exemption, head and entry as it does in memory", async () => {
    const { watched, runId, entryId } = await stopped(BURNING, "engine");
    expect(await undoing(watched, entryId)).toMatchObject({ kind: "undone" });
    await watched.ticks(2);
    expect(watched.status(runId)).toBe("RUNNING");
    const head = await watched.ports.audit.readHead(`run#${runId}`);
    expect(head?.sequence).toBe((await watched.entries(runId)).length);
  });
});
