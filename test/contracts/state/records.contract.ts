import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { typicals } from "../arbitraries.ts";
import { NOON } from "../samples.ts";
import type { Suite } from "../suite.ts";

/** What is kept of Actors and tasks, and policies. */
export function describeRecords(suite: Suite): void {
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
