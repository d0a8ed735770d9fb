import { describe, expect, it } from "vitest";
import { ApifyError } from "../../../src/watchdog/model/errors.ts";
import type { Ports } from "../../../src/watchdog/model/ports.ts";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { orderUndo } from "../../../src/watchdog/tick/outside.ts";
import { instead } from "../../support/instead.ts";
import { controlEntries } from "../../support/recorded.ts";
import { type Watched, within } from "../../support/watch.ts";
import { HOUR, MINUTE } from "../../support/world.ts";
import { exemptionKinds, resurrects, stopped, undoing } from "./stopped-run.ts";

const ANN = { by: "arn:aws:iam::1:user/ann", reason: "it was meant to be large" };

/** What answers at once, without the world. */
const AT_ONCE: readonly (string | symbol)[] = [
  "takeRequestCount",
  "takeClockChecks",
  "clockChecks",
  "now",
  "list",
];

describe("an undo that dies", () => {
  /** Ports that work until so many calls to the world were answered, and never again. */
  function mortal(watched: Watched, lastCall: number): { ports: Ports; calls: () => number } {
    let calls = 0;
    const counted = <T extends object>(port: T): T =>
      new Proxy(port, {
        get(target, name) {
          const method: unknown = Reflect.get(target, name);
          if (typeof method !== "function" || AT_ONCE.includes(name))
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

describe("an undo whose process stands still behind its exemption, and whose clock is set back meanwhile", () => {
  it("takes back what it granted and calls nothing: it looked too long ago, whatever its clock says", async () => {
    const { watched, entryId } = await stopped();
    const { audit, clock } = watched.ports;
    let aheadMs = 0;
    const append: typeof audit.append = async (entry) => {
      const answer = await audit.append(entry);
      if (entry.sealed.entry.kind === "exemption.granted" && aheadMs === 0) {
        aheadMs = -33_000;
        await clock.sleep(28_000);
      }
      return answer;
    };
    const frozen = watched.process({
      audit: instead(audit, { append }),
      clock: instead(clock, { now: () => new Date(clock.now().getTime() + aheadMs) }),
    });
    const result = await undoing(watched, entryId, {}, frozen);
    expect(result).toMatchObject({ kind: "refused" });
    expect(await exemptionKinds(watched)).toEqual(["exemption.granted", "exemption.ended"]);
    expect(resurrects(watched)).toHaveLength(0);
  });
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
