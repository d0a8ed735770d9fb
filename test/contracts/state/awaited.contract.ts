import { describe, expect, it } from "vitest";
import { NOON } from "../samples.ts";
import type { Suite } from "../suite.ts";

const at = (minutes: number): Date => new Date(NOON.getTime() + minutes * 60_000);

/** Ended runs that are kept beside the live index until they are due. */
export function describeAwaited(suite: Suite): void {
  describe("awaited", () => {
    const between = async (after: Date, until: Date) => {
      const found = await suite.state.readAwaited({ after, until });
      return found.map(({ due, runIds }) => [due, runIds.toSorted()]);
    };

    it("comes back once it is due, the earliest first, and not what was due before", async () => {
      await suite.state.writeAwaited({ due: at(10), runIds: ["run-3"] });
      await suite.state.writeAwaited({ due: at(5), runIds: ["run-2", "run-1"] });
      await suite.state.writeAwaited({ due: at(0), runIds: ["run-0"] });
      expect(await between(at(0), at(10))).toEqual([
        [at(5), ["run-1", "run-2"]],
        [at(10), ["run-3"]],
      ]);
      expect(await between(at(5), at(9))).toEqual([]);
      expect(await between(at(5), at(5))).toEqual([]);
      expect(await between(at(6), at(5))).toEqual([]);
    });

    it("stands once when it is written twice, and replaces nothing that is due at the same instant", async () => {
      await suite.state.writeAwaited({ due: at(5), runIds: ["run-1", "run-2"] });
      await suite.state.writeAwaited({ due: at(5), runIds: ["run-2", "run-1"] });
      await suite.state.writeAwaited({ due: at(5), runIds: ["run-1"] });
      await suite.state.writeAwaited({ due: at(5), runIds: ["run-3"] });
      const found = await suite.state.readAwaited({ after: at(0), until: at(5) });
      const ids = found.flatMap(({ runIds }) => runIds);
      expect([...new Set(ids)].toSorted()).toEqual(["run-1", "run-2", "run-3"]);
      expect(ids.filter((id) => id === "run-2")).toHaveLength(1);
    });

    it("keeps as many as an item does not hold", async () => {
      const runIds = Array.from({ length: 12_000 }, (_, index) => `${index}`.padStart(17, "a"));
      await suite.state.writeAwaited({ due: at(5), runIds });
      const found = await suite.state.readAwaited({ after: at(0), until: at(5) });
      expect(found.flatMap((each) => each.runIds).toSorted()).toEqual(runIds.toSorted());
    });
  });
}
