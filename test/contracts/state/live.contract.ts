import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import { EMPTY_LIVE, type Live } from "../../../src/watchdog/model/live.ts";
import { liveRun, NOON, outcomes } from "../samples.ts";
import type { Suite } from "../suite.ts";
import { lives } from "./live-arbitraries.ts";

/** The live index: versions, conflicts, its JSON form, and what does not fit into one item. */
export function describeLive(suite: Suite): void {
  describe("live", () => {
    const liveOf = (runs: readonly string[], version = 0): Live => ({
      version,
      runs: new Map(runs.map((id) => [id, liveRun({ id })])),
    });

    it("is empty, at version 0, before the first write", async () => {
      expect(await suite.state.readLive()).toEqual(EMPTY_LIVE);
    });

    it("comes back as it was written, at the next version, without the detail of its runs", async () => {
      const detailed = liveRun({ detail: { stats: { memAvgBytes: 1 } } });
      await suite.state.writeLive({ version: 0, runs: new Map([["run-1", detailed]]) });
      expect(await suite.state.readLive()).toEqual({ version: 1, runs: new Map([["run-1", liveRun()]]) });
    });

    it("lets exactly one of 20 writers win each version", async () => {
      for (const version of [0, 1]) {
        const attempts = Array.from({ length: 20 }, (_, index) =>
          suite.state.writeLive(liveOf([`writer-${index}`], version)),
        );
        const { done, errors } = await outcomes(attempts);
        expect(done).toBe(1);
        expect(errors.every((error) => error instanceof ConflictError)).toBe(true);
        expect((await suite.state.readLive()).version).toBe(version + 1);
      }
    });

    it("round trips every field", async () => {
      let version = 0;
      await fc.assert(
        fc.asyncProperty(lives, async (content) => {
          await suite.state.writeLive({ version, ...content });
          version += 1;
          expect(await suite.state.readLive()).toStrictEqual({ version, ...content });
        }),
        { numRuns: suite.runs },
      );
    });

    it("round trips 5,000 runs, with characters of every width, and grows and shrinks again", async () => {
      // Hashes, so that packing does not make them small.
      const hash = (index: number): string => createHash("sha512").update(String(index)).digest("base64url");
      const many = Array.from({ length: 5_000 }, (_, index) => `run-${hash(index)}-é漢😀`);
      const large = liveOf(many);
      await suite.state.writeLive(liveOf(["run-1"]));
      await suite.state.writeLive({ ...large, version: 1 });
      expect(await suite.state.readLive()).toEqual({ ...large, version: 2 });
      await suite.state.writeLive({ ...large, version: 2, cursor: NOON });
      expect(await suite.state.readLive()).toEqual({ ...large, version: 3, cursor: NOON });
      await suite.state.writeLive(liveOf(["run-1"], 3));
      expect(await suite.state.readLive()).toEqual(liveOf(["run-1"], 4));
    });

    it("refuses a large write on a version that is not the stored one, and keeps what is stored", async () => {
      const large = liveOf(Array.from({ length: 2_000 }, (_, index) => `run-${index}`));
      await suite.state.writeLive(large);
      const { done, errors } = await outcomes([suite.state.writeLive(large), suite.state.writeLive(large)]);
      expect(done).toBe(0);
      expect(errors.every((error) => error instanceof ConflictError)).toBe(true);
      expect(await suite.state.readLive()).toEqual({ ...large, version: 1 });
    });

    it("never shows a mixture of two large writes", async () => {
      const largeBy = (writer: string) => Array.from({ length: 2_000 }, (_, index) => `${writer}-${index}`);
      await suite.state.writeLive(liveOf(largeBy("writer-0")));
      const writing = (async () => {
        for (const version of [1, 2, 3, 4]) {
          await suite.state.writeLive(liveOf(largeBy(`writer-${version}`), version));
        }
      })();
      for (let read = 0; read < 8; read++) {
        const { version, runs: seen } = await suite.state.readLive();
        expect([...seen.keys()]).toEqual(largeBy(`writer-${version - 1}`));
      }
      await writing;
    });
  });
}
