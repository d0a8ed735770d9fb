import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { records, typicals } from "./arbitraries.ts";
import { headOf, later, NOON, record, run, sealed } from "./samples.ts";
import type { Suite } from "./suite.ts";

/** What is recorded of runs, and what is kept of Actors and tasks. */
export function describeRecords(suite: Suite): void {
  describe("runs", () => {
    it("are unknown until they are written", async () => {
      expect(await suite.state.readRun("run-1")).toBeUndefined();
    });

    it("round trip every field", async () => {
      await fc.assert(
        fc.asyncProperty(records, async (each) => {
          const fresh = suite.backend.open(`account-${crypto.randomUUID()}`);
          await fresh.state.writeRuns([each]);
          expect(await fresh.state.readRun(each.run.id)).toStrictEqual(each);
        }),
        { numRuns: suite.runs },
      );
    });

    it("keep the newest record whatever the order of the writes, and drop an older one silently", async () => {
      const [old, young] = [record({ recordedAt: NOON }), record({ recordedAt: later(1), life: 1 })];
      await suite.state.writeRuns([young]);
      await suite.state.writeRuns([old]);
      expect(await suite.state.readRun("run-1")).toEqual(young);
      const same = record({ recordedAt: later(1), life: 2 });
      await suite.state.writeRuns([same]);
      expect(await suite.state.readRun("run-1")).toEqual(same);
    });

    it("are all written when one of them is dropped", async () => {
      await suite.state.writeRuns([record({ recordedAt: later(1) })]);
      const others = Array.from({ length: 30 }, (_, index) => record({ run: run({ id: `other-${index}` }) }));
      await suite.state.writeRuns([record(), ...others]);
      for (const other of others) expect(await suite.state.readRun(other.run.id)).toEqual(other);
    });

    it.each(["before", "after"] as const)(
      "keep the head of their chain that came %s the record",
      async (order) => {
        const entry = sealed(suite.account);
        if (order === "after") await suite.state.writeRuns([record()]);
        await suite.audit.append({ sealed: entry });
        await suite.state.writeRuns([record({ life: 1 })]);
        expect(await suite.state.readRun("run-1")).toEqual({ ...record({ life: 1 }), head: headOf(entry) });
      },
    );

    it("with a chain and no record read as unknown", async () => {
      await suite.audit.append({ sealed: sealed(suite.account) });
      expect(await suite.state.readRun("run-1")).toBeUndefined();
    });
  });

  describe("names, what is typical, and policies", () => {
    it("gives the names it knows, by kind", async () => {
      await suite.state.writeNames("actor", new Map([["id-1", { name: "acme/x", readAt: NOON }]]));
      await suite.state.writeNames("task", new Map([["id-2", { readAt: NOON }]]));
      expect(await suite.state.readNames("actor", ["id-1", "id-1", "id-2"])).toEqual(
        new Map([["id-1", { name: "acme/x", readAt: NOON }]]),
      );
      expect(await suite.state.readNames("task", ["id-2"])).toEqual(new Map([["id-2", { readAt: NOON }]]));
      expect(await suite.state.readNames("task", [])).toEqual(new Map());
    });

    it("gives 250 names at once, and the later of two", async () => {
      const names = new Map(
        Array.from({ length: 250 }, (_, index) => [`id-${index}`, { name: `n${index}`, readAt: NOON }]),
      );
      await suite.state.writeNames("actor", new Map([["id-0", { name: "old", readAt: NOON }]]));
      await suite.state.writeNames("actor", names);
      expect(await suite.state.readNames("actor", [...names.keys()])).toEqual(names);
    });

    it("gives what is typical, by kind, and beside the names", async () => {
      const typical = { usageTotalMicroUsd: { median: 7, runs: 3 }, runTimeSecs: { median: 0.5, runs: 4 } };
      await suite.state.writeTypical("actor", new Map([["id-1", { typical, readAt: NOON }]]));
      await suite.state.writeTypical("task", new Map([["id-1", { readAt: NOON }]]));
      await suite.state.writeNames("actor", new Map([["id-1", { name: "acme/x", readAt: NOON }]]));
      expect(await suite.state.readTypical("actor", ["id-1", "id-1", "id-2"])).toEqual(
        new Map([["id-1", { typical, readAt: NOON }]]),
      );
      expect(await suite.state.readTypical("task", ["id-1"])).toEqual(new Map([["id-1", { readAt: NOON }]]));
      expect(await suite.state.readTypical("task", [])).toEqual(new Map());
    });

    it("round trips every field of what is typical, and keeps the later of two", async () => {
      await fc.assert(
        fc.asyncProperty(typicals, async (each) => {
          await suite.state.writeTypical("task", new Map([["id-9", each]]));
          expect((await suite.state.readTypical("task", ["id-9"])).get("id-9")).toStrictEqual(each);
        }),
        { numRuns: suite.runs },
      );
    });

    it("knows no policy that was not pushed", async () => {
      expect(await suite.state.readPolicy(1)).toBeUndefined();
    });
  });
}
