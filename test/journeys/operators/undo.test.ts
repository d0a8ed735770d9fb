import { describe, expect, it } from "vitest";
import { engineMissing } from "../../support/engines/engine.ts";
import { ABORT, fiveUsd } from "../../support/policies.ts";
import { controlEntries } from "../../support/recorded.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, worldOf } from "../../support/world.ts";
import { BURNING, costOf, exemptionKinds, stopped, undoing } from "./stopped-run.ts";

const ANN = { by: "arn:aws:iam::1:user/ann", reason: "it was meant to be large" };

describe("an undone stop", () => {
  it("is named by its run, whose last stop it is, as well as by an entry", async () => {
    const { watched, runId, entryId } = await stopped();
    expect(await undoing(watched, runId)).toMatchObject({ kind: "undone" });
    const undone = (await watched.entries(runId)).find(({ kind }) => kind === "run.undone");
    expect(undone?.intentId).toBe(entryId);
  });

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
