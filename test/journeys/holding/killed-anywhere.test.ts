import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { burning, HOUR, MINUTE, SECOND } from "../../support/world.ts";
import { type Fate, Witness } from "./mortal.ts";
import { holding, shown, storm, stormy } from "./storm.ts";

/** An hour's budget that a run has spent already, and ended: nothing of it is left in the next. */
const SPENT = {
  ...stormy({ cron: "59 23 * * *" }),
  runs: [
    burning(0, {
      startsAfterMs: -5 * MINUTE,
      cost: { startUsd: 3, thenUsdPerHour: 0 },
      ends: { afterMs: 6 * MINUTE, status: "SUCCEEDED" as const },
    }),
  ],
};

/** A tick on, the ledger knows the window: the next one holds. */
async function spent() {
  const watched = await storm(holding(), {}, SPENT);
  const witness = new Witness(watched);
  await watched.ticks(1);
  return { watched, witness };
}

const settle = async ({ watched, witness }: Awaited<ReturnType<typeof spent>>) => {
  for (let i = 0; i < 4; i++) {
    watched.advance(30 * SECOND);
    await witness.tick();
  }
};

describe("a hold, whatever happens to the process", () => {
  it("is made and let go once, wherever a tick dies on its way to either", async () => {
    const { witness } = await spent();
    const made = await witness.tick();
    expect(witness.done).toEqual(["disable"]);
    expect(made).toBeGreaterThan(10);
    // To die after a call is to die before the next one.
    for (let diesAt = 0; diesAt < made; diesAt++) {
      const each = await spent();
      await each.witness.tick({ diesAt });
      await settle(each);
      expect(each.witness.done, `died at ${diesAt}`).toEqual(["disable"]);
      each.watched.advance(HOUR);
      await each.witness.tick({ diesAt });
      await settle(each);
      expect(each.witness.done, `died at ${diesAt} twice`).toEqual(["disable", "enable"]);
      expect(await each.witness.check()).toEqual([]);
      expect(shown(each.watched)?.isEnabled).toBe(true);
    }
  });

  it("is made and let go once by ticks that overlap", async () => {
    const { watched, witness } = await spent();
    const together = () => watched.run(Promise.all([witness.tick(), witness.tick(), witness.tick()]));
    await together();
    expect(witness.done).toEqual(["disable"]);
    watched.advance(HOUR);
    await together();
    expect(witness.done).toEqual(["disable", "enable"]);
    expect(await witness.check()).toEqual([]);
  });

  it.each(["after", "instead"] as const)(
    "is made and let go once where an answer is lost %s the effect",
    async (loses) => {
      const each = await spent();
      await each.witness.tick({ loses });
      await settle(each);
      expect(each.witness.done).toEqual(["disable"]);
      each.watched.advance(HOUR);
      await each.witness.tick({ loses });
      await settle(each);
      expect(each.witness.done).toEqual(["disable", "enable"]);
      expect(await each.witness.check()).toEqual([]);
    },
  );

  const fate: fc.Arbitrary<Fate> = fc.record(
    { diesAt: fc.nat(25), after: fc.boolean(), loses: fc.constantFrom("after" as const, "instead" as const) },
    { requiredKeys: [], noNullPrototype: true },
  );
  const act = fc.oneof(
    { weight: 4, arbitrary: fate.map((each) => ({ kind: "tick" as const, fates: [each] })) },
    { weight: 3, arbitrary: fc.tuple(fate, fate).map((fates) => ({ kind: "tick" as const, fates })) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        { kind: "edit" as const, change: { isEnabled: true } },
        { kind: "edit" as const, change: { isEnabled: false } },
        { kind: "edit" as const, change: { title: "mine" } },
        { kind: "edit" as const, change: { isEnabled: false, title: "off" } },
      ),
    },
    { weight: 1, arbitrary: fc.constant({ kind: "wait" as const }) },
  );

  it("is let go exactly once or left with a reason, among ticks that overlap and people in the Console", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 6 }), async (acts) => {
        const each = await spent();
        const { watched, witness } = each;
        for (const one of acts) {
          // By then no claim stands any more: what is made within one can't be told from ours.
          watched.advance(30 * SECOND);
          if (one.kind === "wait") watched.advance(20 * MINUTE);
          else if (one.kind === "edit") witness.edit(one.change);
          else await watched.run(Promise.all(one.fates.map((of) => witness.tick(of))));
        }
        watched.advance(2 * HOUR);
        await watched.run(Promise.all([witness.tick(), witness.tick()]));
        await settle(each);
        expect(await witness.check()).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});
