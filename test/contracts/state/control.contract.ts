import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EMPTY_CONTROL } from "../../../src/watchdog/model/control.ts";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import type { Tampering } from "../../../src/watchdog/model/notice.ts";
import { controlStates } from "../audit/entry-arbitraries.ts";
import { controlState, headOf, openIntent, outcomes, sealed } from "../samples.ts";
import type { Suite } from "../suite.ts";

const tampering = (id: string): Tampering => ({
  id,
  change: "changed",
  at: "2026-11-24T12:10:00.000Z",
  chain: "run#abc",
  sequence: 3,
  was: { kind: "abort.confirmed" },
});

/** The control item: versions, conflicts, its JSON form. */
export function describeControl(suite: Suite): void {
  describe("control", () => {
    it("is empty, at version 0, before the first write", async () => {
      expect(await suite.state.readControl()).toEqual(EMPTY_CONTROL);
    });

    it("comes back as it was written, at the next version", async () => {
      const next = controlState({ revision: 3, openIntents: [openIntent()] });
      await suite.state.writeControl(next, 0);
      expect(await suite.state.readControl()).toEqual({ ...next, version: 1, exemptions: [] });
      await suite.state.writeControl(controlState({ revision: 4 }), 1);
      expect(await suite.state.readControl()).toMatchObject({ revision: 4, version: 2, openIntents: [] });
    });

    it("shows which accounts have anything in the table, once they have", async () => {
      const other = suite.backend.open(`other-${suite.account}`);
      expect(await suite.state.readAccounts()).not.toContain(suite.account);
      await suite.state.writeControl(controlState({ revision: 1 }), 0);
      await other.state.writeControl(controlState({ revision: 1 }), 0);
      expect(await suite.state.readAccounts()).toEqual(
        expect.arrayContaining([suite.account, `other-${suite.account}`]),
      );
    });

    it("shows with it the mark of a tampering: the first, and how many", async () => {
      await suite.state.markTampering([tampering("1"), tampering("2")]);
      await suite.state.markTampering([tampering("3")]);
      const mark = { first: JSON.stringify(tampering("1")), seen: 3 };
      expect(await suite.state.readControl()).toEqual({ ...EMPTY_CONTROL, tampering: mark });
      await suite.state.writeControl(controlState({ revision: 1 }), 0);
      expect((await suite.state.readControl()).tampering).toEqual(mark);
      await suite.state.unmarkTampering({ ...mark, seen: 2 });
      expect((await suite.state.readControl()).tampering, "more was seen meanwhile").toEqual(mark);
      await suite.state.unmarkTampering(mark);
      await suite.state.unmarkTampering(mark);
      expect(await suite.state.readControl()).toMatchObject({ version: 1, revision: 1 });
      expect(await suite.state.readControl()).not.toHaveProperty("tampering");
      await suite.state.markTampering([tampering("4")]);
      expect((await suite.state.readControl()).tampering).toEqual({
        first: JSON.stringify(tampering("4")),
        seen: 1,
      });
    });

    it("refuses a write on a version that is not the stored one, and keeps what is stored", async () => {
      await suite.state.writeControl(controlState({ revision: 1 }), 0);
      await expect(suite.state.writeControl(controlState({ revision: 2 }), 0)).rejects.toThrow(ConflictError);
      await expect(suite.state.writeControl(controlState({ revision: 2 }), 2)).rejects.toThrow(
        "the control state has moved on from version 2",
      );
      expect(await suite.state.readControl()).toMatchObject({ revision: 1, version: 1 });
    });

    it("lets exactly one of 20 writers win each version", async () => {
      for (const version of [0, 1, 2]) {
        const attempts = Array.from({ length: 20 }, (_, index) =>
          suite.state.writeControl(controlState({ apifyUserId: `writer-${index}` }), version),
        );
        const { done, errors } = await outcomes(attempts);
        expect(done).toBe(1);
        expect(errors.every((error) => error instanceof ConflictError)).toBe(true);
        expect((await suite.state.readControl()).version).toBe(version + 1);
      }
    });

    it("lets exactly one of 20 writers of the same words win", async () => {
      const attempts = Array.from({ length: 20 }, () => suite.state.writeControl(controlState(), 0));
      expect((await outcomes(attempts)).done).toBe(1);
    });

    it("keeps the head of its chain whatever a plain write says of it", async () => {
      const entry = sealed(suite.account, undefined, { kind: "control.paused" }, "control");
      await suite.audit.append({ sealed: entry, control: { next: controlState(), expectedVersion: 0 } });
      await suite.state.writeControl(controlState({ head: { sequence: 9, hash: "wrong" } }), 1);
      expect((await suite.state.readControl()).head).toEqual(headOf(entry));
    });

    it("round trips every field", async () => {
      let version = 0;
      await fc.assert(
        fc.asyncProperty(controlStates, async (next) => {
          await suite.state.writeControl(next, version);
          version += 1;
          expect(await suite.state.readControl()).toStrictEqual({ version, ...next, exemptions: [] });
        }),
        { numRuns: suite.runs },
      );
    });

    it("refuses what would not come back as it was", async () => {
      const next = controlState({ openIntents: [openIntent({ at: new Date(Number.NaN) })] });
      await expect(suite.state.writeControl(next, 0)).rejects.toThrow(Error);
      expect(await suite.state.readControl()).toEqual(EMPTY_CONTROL);
    });
  });
}
