import { describe, expect, it } from "vitest";
import { MemoryDatabase } from "../../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { queryRuns } from "../../../src/watchdog/explain/query.ts";
import { pushPolicy } from "../../../src/watchdog/policies/policies.ts";
import { policyInForce } from "../../../src/watchdog/policies/policy-in-force.ts";
import { instead } from "../../support/instead.ts";
import { costRule, fiveUsd } from "../../support/policies.ts";
import { controlEntries } from "../../support/recorded.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { HEALTHY, MINUTE, OVER_5_USD, SECOND, worldOf } from "../../support/world.ts";

/** After this a missing document is not waited for any more. */
const LONG_MISSING = 11 * MINUTE;
const SAYS = "policy version 3 can't be used; 2 stays in force";
/** Three versions were pushed: the first observes, the second enforces 5 USD, the third, enforcing 0.5 USD, is spoilt in the store. */
async function spoilt(spoil: (policies: Map<number, string>) => unknown) {
  const database = new MemoryDatabase();
  const stores = createMemoryStores({ account: "default", database });
  const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { stores, policy: fiveUsd({ mode: "observe" }) });
  await watched.push(fiveUsd());
  await watched.push(fiveUsd({ rules: [costRule(0.5, { id: "half" })] }));
  const { policies } = database.account("default");
  const kept = policies.get(3) ?? "";
  spoil(policies);
  watched.advance(LONG_MISSING);
  return { ...watched, policies, kept, control: () => controlEntries(watched) };
}

const WAYS: readonly [string, (policies: Map<number, string>) => unknown, RegExp][] = [
  ["is gone", (policies) => policies.delete(3), /not in the store/],
  ["is no JSON", (policies) => policies.set(3, "{"), /can't be read/],
  ["is no policy", (policies) => policies.set(3, '{"version":1,"rules":[]}'), /rules: got \[\]/],
];

describe("the last good policy stays in force", () => {
  it.each(WAYS)("when the document of the last version %s", async (_how, spoil, problem) => {
    const { tick, aborts, runIds, control, entries } = await spoilt(spoil);
    const [over = ""] = runIds();
    const report = await tick();
    expect(report).toMatchObject({
      policyVersion: 2,
      mode: "enforce",
      skipped: { [SAYS]: 1 },
      attention: [expect.stringContaining(SAYS)],
    });
    expect(report.attention[0]).toMatch(problem);
    expect(aborts().map(({ runId }) => runId)).toEqual([over]);
    for (const { policyVersion, ruleId } of await entries(over))
      expect({ policyVersion, ruleId }).toEqual({ policyVersion: 2, ruleId: "no-run-over-5-usd" });
    expect((await control()).at(-1)).toMatchObject({
      kind: "policy.fell-back",
      by: "watchdog",
      change: { version: 3, inForce: 2, problem: expect.stringMatching(problem) },
    });
  });

  it("is written down once for each bad version, and counted by every tick, in its heartbeat too", async () => {
    const { ports, ticks, tick, run, process, control, policies, advance } = await spoilt((all) =>
      all.delete(3),
    );
    const said = (await ticks(3)).map(({ skipped }) => skipped[SAYS]);
    expect(said).toEqual([1, 1, 1]);
    expect((await ports.state.readLive()).heartbeat?.skipped).toMatchObject({ [SAYS]: 1 });
    const version = (await ports.state.readControl()).version;
    await tick(process());
    expect((await ports.state.readControl()).version, "nothing is written for it again").toBe(version);
    const fallbacks = async () => (await control()).filter(({ kind }) => kind === "policy.fell-back").length;
    expect(await fallbacks()).toBe(1);
    await run(pushPolicy(ports, fiveUsd(), "ann"));
    policies.delete(4);
    advance(LONG_MISSING);
    expect((await tick(process())).policyVersion).toBe(2);
    expect(await fallbacks()).toBe(2);
  });

  it("is written down once although ticks see it at once", async () => {
    const { run, tick, process, control } = await spoilt((policies) => policies.delete(3));
    await run(Promise.all([1, 2, 3].map(() => tick(process()))));
    expect((await control()).filter(({ kind }) => kind === "policy.fell-back")).toHaveLength(1);
  });

  it("passes over every version that can't be used", async () => {
    const { tick, policies, aborts } = await spoilt((all) => all.delete(3));
    policies.set(2, "[]");
    expect(await tick()).toMatchObject({ policyVersion: 1, mode: "observe" });
    expect(aborts()).toEqual([]);
  });

  it("gives way again to the version that was pushed, once that is mended or another one is pushed", async () => {
    const { ports, ticks, run, policies, kept, tick, advance } = await spoilt((all) => all.delete(3));
    await ticks(1);
    policies.set(3, kept);
    expect(await tick()).toMatchObject({ policyVersion: 3, attention: [] });
    policies.delete(3);
    await run(pushPolicy(ports, fiveUsd(), "ann"));
    advance(MINUTE);
    expect(await tick()).toMatchObject({ policyVersion: 4, attention: [] });
  });

  it("stops nothing, and says why, when there is no good one at all", async () => {
    const { ports, tick, policies, aborts } = await spoilt((all) => all.delete(3));
    for (const version of [1, 2]) policies.set(version, "{}");
    await expect(tick()).rejects.toThrow(/version 3 is in force but can't be used .*no earlier one that can/);
    expect(aborts()).toEqual([]);
    expect((await ports.state.readLive()).heartbeat?.skipped).toMatchObject({
      "reading the policy failed": 1,
    });
  });

  it("falls back on nothing when the document could not be read: that may be mended by itself", async () => {
    const { ports, process, tick, aborts, control } = await spoilt(() => undefined);
    const state = instead(ports.state, {
      readPolicy: async (version) => {
        if (version === 3) throw new Error("socket hang up");
        return ports.state.readPolicy(version);
      },
    });
    await expect(tick(process({ state }))).rejects.toThrow("socket hang up");
    expect(aborts()).toEqual([]);
    expect((await control()).map(({ kind }) => kind)).not.toContain("policy.fell-back");
  });

  it("looks again for a document that another process has only just committed", async () => {
    const { ports, process, tick, control } = await spoilt(() => undefined);
    let reads = 0;
    const state = instead(ports.state, {
      readPolicy: async (version) =>
        version === 3 && ++reads < 3 ? undefined : ports.state.readPolicy(version),
    });
    expect(await tick(process({ state }))).toMatchObject({ policyVersion: 3, attention: [] });
    expect((await control()).map(({ kind }) => kind)).not.toContain("policy.fell-back");
  });

  it("is that at once when the pushed one is there and can't be used, however soon after its push", async () => {
    const { run, ports, policies, tick, advance } = await spoilt(() => undefined);
    await run(pushPolicy(ports, fiveUsd(), "ann"));
    policies.set(4, "{}");
    advance(SECOND);
    expect(await tick()).toMatchObject({ policyVersion: 3 });
  });

  it("is what is shown to people, too", async () => {
    const { ports, ticks, run } = await spoilt((policies) => policies.delete(3));
    await ticks(1);
    const control = await ports.state.readControl();
    expect(await run(policyInForce(ports, control))).toMatchObject({ version: 2, fellBack: { version: 3 } });
    const { policy } = await run(queryRuns(ports));
    expect(policy?.rules.map(({ id }) => id)).toEqual(["no-run-over-5-usd"]);
  });
});

describe("a policy that was pushed only just now, with its document not there yet,", () => {
  const SAYS_ABSENT = "policy version 2 is not in the store yet";
  const withoutVersion2 = ({ ports }: Pick<Watched, "ports">) =>
    instead(ports.state, {
      readPolicy: async (version) => (version === 2 ? undefined : ports.state.readPolicy(version)),
    });

  it("lets no earlier, stricter one stop anything; ten minutes later that one stands in", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await watched.push(fiveUsd({ mode: "observe" }));
    const ports = watched.process({ state: withoutVersion2(watched) });
    expect(await watched.tick(ports)).toMatchObject({
      policyVersion: null,
      evaluated: 0,
      skipped: { [SAYS_ABSENT]: 1 },
      attention: [expect.stringContaining(SAYS_ABSENT)],
    });
    watched.advance(9 * MINUTE);
    expect((await watched.tick(ports)).policyVersion).toBe(null);
    expect(watched.aborts()).toEqual([]);
    expect(await watched.kinds(watched.runIds()[0] ?? "")).toEqual([]);
    watched.advance(MINUTE);
    expect((await watched.tick(ports)).policyVersion).toBe(1);
  });

  it("lets no earlier one stop anything where its entry is not to be read yet either", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await watched.push(fiveUsd({ mode: "observe" }));
    const { audit } = watched.ports;
    const behind = instead(audit, {
      readChain: async (chain) =>
        (await audit.readChain(chain)).slice(0, chain === "control" ? -1 : undefined),
    });
    const ports = watched.process({ state: withoutVersion2(watched), audit: behind });
    expect((await watched.tick(ports)).policyVersion).toBe(null);
    expect((await watched.tick(watched.process({ audit: behind }))).policyVersion).toBe(null);
    expect(watched.aborts()).toEqual([]);
    expect((await watched.tick()).policyVersion).toBe(2);
  });

  it("does not withdraw an intent that no call has left for, which the missing document may condemn still", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const { audit, state } = watched.ports;
    let isDead = false;
    const dying = watched.process({
      audit: instead(audit, {
        append: async (entry) => {
          await audit.append(entry);
          isDead = true;
        },
      }),
      state: instead(state, {
        readControl: () => (isDead ? Promise.reject(new Error("died")) : state.readControl()),
      }),
    });
    await watched.tick(dying);
    await watched.push(fiveUsd());
    watched.advance(2 * MINUTE);
    await watched.tick(watched.process({ state: withoutVersion2(watched) }));
    expect(await watched.kinds(watched.runIds()[0] ?? "")).toEqual(["abort.intended"]);
    expect(watched.aborts()).toEqual([]);
  });

  it("neither calls for an open intent nor withdraws it, and sees all the same that a run has ended", async () => {
    const watched = await watch(worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }), {
      policy: fiveUsd(),
    });
    const [runId = ""] = watched.runIds();
    await watched.tick();
    await watched.push(fiveUsd({ mode: "observe" }));
    const ports = watched.process({ state: withoutVersion2(watched) });
    watched.advance(5 * MINUTE);
    await watched.tick(ports);
    expect(await watched.kinds(runId)).toEqual(["abort.intended", "abort.requested", "abort.unconfirmed"]);
    expect(watched.aborts()).toHaveLength(1);
    await watched.run(
      watched.ports.apify.abortRun({ runId, actorId: "", gracefully: false }, new AbortController().signal),
    );
    watched.advance(MINUTE);
    await watched.tick(ports);
    expect((await watched.kinds(runId)).at(-1)).toBe("abort.confirmed");
  });
});

describe("a tick's call for attention", () => {
  it("is that no policy was pushed, with no run live either", async () => {
    const { tick } = await watch(worldOf());
    expect((await tick()).attention).toEqual(["policy: no policy was pushed: nothing is stopped"]);
  });

  it("is that exemptions can't be read, and what they protect", async () => {
    const { ports, process, tick } = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const exemptions = ["a", "b", "c", "d"].map((id) => ({
      kind: "malformed" as const,
      subject: { kind: "run" as const, id },
      problem: "until is no date",
    }));
    const state = instead(ports.state, {
      readControl: async () => ({ ...(await ports.state.readControl()), exemptions }),
    });
    expect((await tick(process({ state }))).attention).toEqual([
      "exemption: 4 exemptions can't be read, which protects run a, run b, run c, and 1 more",
    ]);
  });

  it("is nothing when all is well", async () => {
    const { tick } = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    expect((await tick()).attention).toEqual([]);
  });
});
