import { describe, expect, it } from "vitest";
import {
  budgetChain,
  type EntryDraft,
  GENESIS,
  type Head,
  runChain,
  seal,
} from "../../../src/watchdog/model/entry.ts";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import { collect, controlState, draft, headOf, later, NOON, sealed } from "../samples.ts";
import type { Suite } from "../suite.ts";
import { appendNext } from "./append-next.ts";

const CHAIN = runChain("run-1");
const BUDGET = budgetChain({ ruleId: "shop", group: "actor#1", from: "2026-11-01T00:00:00.000Z" });
const OTHER_BUDGET = budgetChain({ ruleId: "shop", group: "actor#1", from: "2026-12-01T00:00:00.000Z" });

/** Chains, spans of time and heads. */
export function describeAuditReading(suite: Suite): void {
  describe("isTaken()", () => {
    it("says of each place of a chain whether an entry is there", async () => {
      expect(await suite.audit.isTaken(CHAIN, 1)).toBe(false);
      await suite.audit.append({ sealed: sealed(suite.account) });
      expect(await suite.audit.isTaken(CHAIN, 1)).toBe(true);
      expect(await suite.audit.isTaken(CHAIN, 2)).toBe(false);
      expect(await suite.audit.isTaken(runChain("run-2"), 1)).toBe(false);
    });
  });

  describe("readChain()", () => {
    it("is empty when there is no such chain", async () => {
      expect(await suite.audit.readChain(CHAIN)).toEqual([]);
    });

    it("gives 130 large entries in order, page after page", async () => {
      let tail: Head | undefined;
      const reason = "x".repeat(10_000);
      for (let index = 1; index <= 130; index++) {
        const entry = sealed(suite.account, tail, { entryId: `entry-${index}`, reason });
        await suite.audit.append({ sealed: entry });
        tail = headOf(entry);
      }
      const stored = await suite.audit.readChain(CHAIN);
      expect(stored.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 130 }, (_, index) => index + 1),
      );
      stored.reduce((previous, { text, hash }) => {
        expect(JSON.parse(text).previous).toBe(previous);
        return hash;
      }, GENESIS);
    });

    it("can't be changed through what it returned", async () => {
      await suite.audit.append({ sealed: sealed(suite.account) });
      const [entry] = await suite.audit.readChain(CHAIN);
      try {
        Object.assign(entry ?? {}, { text: "{}" });
      } catch {
        // A frozen entry is as good as a copy.
      }
      expect((await suite.audit.readChain(CHAIN))[0]?.text).toContain("entry-1");
    });

    it("gives 50 parallel appends 50 consecutive places when their callers try again", async () => {
      const places = await Promise.all(
        Array.from({ length: 50 }, (_, index) => appendNext(suite, { entryId: `entry-${index}` })),
      );
      expect(places.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
      const stored = await suite.audit.readChain(CHAIN);
      expect(new Set(stored.map(({ copies }) => copies.entryId)).size).toBe(50);
      const last = stored.at(-1);
      expect(await collect(suite.audit.heads())).toEqual([
        { chain: CHAIN, head: { sequence: 50, hash: last?.hash } },
      ]);
    });
  });

  describe("list()", () => {
    const at = (iso: string): Partial<EntryDraft> => ({ entryId: iso, at: iso });
    const TIMES = [
      "2026-09-30T23:59:59.999Z",
      "2026-10-01T00:00:00.000Z",
      "2026-10-31T23:59:59.999Z",
      "2026-11-01T00:00:00.000Z",
      "2026-12-01T00:00:00.000Z",
    ];
    const idsIn = async (from: string, to: string) => {
      const entries = await collect(suite.audit.list({ from: new Date(from), to: new Date(to) }));
      return entries.map(({ copies }) => copies.entryId);
    };

    it("crosses months and years, oldest first, both ends included", async () => {
      for (const [index, time] of [...TIMES.toReversed(), "2027-01-05T00:00:00.000Z"].entries()) {
        await appendNext(suite, at(time), runChain(`run-${index % 2}`));
      }
      expect(await idsIn("2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z")).toEqual(TIMES.slice(1, 4));
      expect(await idsIn("2026-10-01T00:00:00.001Z", "2026-10-31T23:59:59.998Z")).toEqual([]);
      expect(await idsIn("2026-09-01T00:00:00.000Z", "2027-02-01T00:00:00.000Z")).toEqual([
        ...TIMES,
        "2027-01-05T00:00:00.000Z",
      ]);
      expect(await idsIn("2026-12-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z")).toEqual([]);
    });

    it("gives the same entries the other way round, the latest first", async () => {
      for (const [index, time] of TIMES.entries())
        await appendNext(suite, at(time), runChain(`run-${index}`));
      const [from, to] = [new Date("2026-10-01T00:00:00.000Z"), new Date("2027-02-01T00:00:00.000Z")];
      const entries = await collect(suite.audit.list({ from, to, latestFirst: true }));
      expect(entries.map(({ copies }) => copies.entryId)).toEqual(TIMES.slice(1).toReversed());
    });

    it("gives entries of one instant in the order of their ids, each once", async () => {
      for (const id of ["c", "a", "b"]) await appendNext(suite, { entryId: id }, runChain(`run-${id}`));
      expect(await idsIn(NOON.toISOString(), NOON.toISOString())).toEqual(["a", "b", "c"]);
    });

    it("gives 120 large entries page after page", async () => {
      const reason = "x".repeat(10_000);
      for (let index = 0; index < 120; index++) {
        await appendNext(
          suite,
          { entryId: `entry-${index}`, at: later(index).toISOString(), reason },
          runChain(`run-${index % 7}`),
        );
      }
      const found = await idsIn(NOON.toISOString(), later(120).toISOString());
      expect(found).toEqual(Array.from({ length: 120 }, (_, index) => `entry-${index}`));
    });
  });

  it("gives the head of every chain", async () => {
    expect(await collect(suite.audit.heads())).toEqual([]);
    const control = sealed(suite.account, undefined, {}, "control");
    await suite.audit.append({ sealed: control, control: { next: controlState(), expectedVersion: 0 } });
    const heads = [{ chain: "control", head: headOf(control) }];
    for (const chain of [runChain("a"), runChain("b#c"), BUDGET, OTHER_BUDGET]) {
      const entry = seal(draft({ entryId: chain }), suite.account, chain, undefined);
      await suite.audit.append({ sealed: entry });
      heads.push({ chain, head: headOf(entry) });
    }
    expect(await collect(suite.audit.heads())).toEqual(heads);
    for (const { chain, head } of heads) expect(await suite.audit.readHead(chain)).toEqual(head);
  });

  describe("a budget's chain", () => {
    it("grows beside those of runs and of other windows, with a head of its own", async () => {
      expect(await suite.audit.readHead(BUDGET)).toBeUndefined();
      await appendNext(suite, { entryId: "of-run" });
      for (const entryId of ["one", "two"]) await appendNext(suite, { entryId }, BUDGET);
      await appendNext(suite, { entryId: "other" }, OTHER_BUDGET);
      const chain = await suite.audit.readChain(BUDGET);
      expect(chain.map(({ sequence, copies }) => [sequence, copies.entryId])).toEqual([
        [1, "one"],
        [2, "two"],
      ]);
      expect(await suite.audit.readHead(BUDGET)).toEqual({ sequence: 2, hash: chain[1]?.hash });
      expect((await suite.audit.readHead(OTHER_BUDGET))?.sequence).toBe(1);
      expect((await suite.audit.readHead(CHAIN))?.sequence).toBe(1);
    });

    it("has each place once, and keeps its head when an append is refused", async () => {
      const first = sealed(suite.account, undefined, {}, BUDGET);
      await suite.audit.append({ sealed: first });
      const second = sealed(suite.account, undefined, { entryId: "entry-2" }, BUDGET);
      await expect(suite.audit.append({ sealed: second })).rejects.toThrow(ConflictError);
      expect(await suite.audit.readHead(BUDGET)).toEqual(headOf(first));
    });

    it("is no run: nothing is recorded by it", async () => {
      await appendNext(suite, {}, BUDGET);
      expect(await collect(suite.state.allRuns())).toEqual([]);
      expect((await suite.state.readSpend([])).recordings).toBe(0);
    });
  });
}
