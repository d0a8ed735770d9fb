import canonicalize from "canonicalize";
import { describe, expect, it } from "vitest";
import { verifyChain } from "../../../src/watchdog/audit/verify/verify-chain.ts";
import { type Entry, runChain, seal, sha256 } from "../../../src/watchdog/model/entry.ts";
import type { StoredEntry } from "../../../src/watchdog/model/ports.ts";
import { at } from "../../support/builders.ts";
import { CHAIN, chainOf, draft, findings, five, store } from "./chains.ts";

const replace = (
  sequence: number,
  change: (entry: StoredEntry) => Partial<StoredEntry>,
): readonly StoredEntry[] =>
  five.stored.map((each) => (each.sequence === sequence ? { ...each, ...change(each) } : each));
const without = (...sequences: readonly number[]): readonly StoredEntry[] =>
  five.stored.filter(({ sequence }) => !sequences.includes(sequence));

/** As one would who may write the table and knows how entries are hashed. */
function forged(entry: StoredEntry, change: Partial<Entry>): StoredEntry {
  const text = canonicalize({ ...JSON.parse(entry.text), ...change }) ?? "";
  return { ...entry, text, hash: sha256(text) };
}

describe("verifyChain()", () => {
  it("finds nothing in a chain as it was written", () => {
    expect(findings(five.stored)).toEqual([]);
    expect(findings(five.stored, "no head")).toEqual([]);
    expect(verifyChain(CHAIN, [])).toEqual([]);
  });

  it("finds a changed text", () => {
    const changed = replace(3, ({ text }) => ({ text: text.replace("reason 3", "reason X") }));
    expect(findings(changed)).toEqual(["3: its text was changed: the hash does not fit"]);
  });

  it("finds a changed text whose hash was changed with it, by the entry that follows", () => {
    const changed = five.stored.map((each) => (each.sequence === 3 ? forged(each, { reason: "X" }) : each));
    expect(findings(changed)).toEqual(["4: it does not follow the entry before it"]);
  });

  it("finds a changed last entry whose hash was changed with it, by the head", () => {
    const changed = five.stored.map((each) => (each.sequence === 5 ? forged(each, { reason: "X" }) : each));
    expect(findings(changed)).toEqual(["5: its last entry is not the one that was written"]);
    expect(findings(changed, "no head")).toEqual([]);
  });

  it("finds a whole tail that was written anew, by the head", () => {
    const anew = chainOf([1, 2, 3, 4, 5].map((i) => (i < 3 ? draft(i) : { ...draft(i), reason: "X" })));
    expect(findings(anew.stored)).toEqual(["5: its last entry is not the one that was written"]);
  });

  it("finds a first entry that says it follows another, in a chain that is whole in itself", () => {
    const elsewhere = { sequence: 0, hash: "e".repeat(64) };
    const sealed = seal(draft(1), "acme", CHAIN, elsewhere);
    const head = { sequence: 1, hash: sealed.hash };
    expect(findings([store(sealed)], head)).toEqual(["1: it does not follow the entry before it"]);
  });

  it("finds a changed hash", () => {
    expect(findings(replace(2, () => ({ hash: "f".repeat(64) })))).toEqual([
      "2: its text was changed: the hash does not fit",
      "3: it does not follow the entry before it",
    ]);
  });

  it.each([
    [[1], "1: entries 1 to 1 are missing"],
    [[3], "3: entries 3 to 3 are missing"],
    [[2, 3, 4], "2: entries 2 to 4 are missing"],
  ])("finds that entries %j were removed", (removed, finding) => {
    expect(findings(without(...removed))).toEqual([finding]);
  });

  it("finds a removed entry whose followers moved up", () => {
    const moved = without(3).map((each, i) => ({ ...each, sequence: i + 1 }));
    expect(findings(moved)).toEqual([
      "3: it says that it is run#run1 4: it was moved",
      "3: it does not follow the entry before it",
      "4: it says that it is run#run1 5: it was moved",
      "-: its end was cut: 4 entries stand, 5 were written",
    ]);
  });

  it("finds two entries that changed places", () => {
    const [a, b, c, d, e] = five.stored;
    if (!a || !b || !c || !d || !e) throw new Error("five entries");
    const swapped = [a, { ...c, sequence: 2 }, { ...b, sequence: 3 }, d, e];
    expect(findings(swapped)).toEqual([
      "2: it says that it is run#run1 3: it was moved",
      "2: it does not follow the entry before it",
      "3: it says that it is run#run1 2: it was moved",
      "3: it does not follow the entry before it",
      "4: it does not follow the entry before it",
    ]);
  });

  it("finds an entry of another chain", () => {
    const other = chainOf([draft(1)], runChain("run2"));
    const moved = other.stored.map((each) => ({ ...each, chain: CHAIN }));
    expect(verifyChain(CHAIN, moved).map(({ problem }) => problem)).toEqual([
      "it says that it is run#run2 1: it was moved",
    ]);
  });

  it.each([
    [[5], 4],
    [[3, 4, 5], 2],
    [[1, 2, 3, 4, 5], 0],
  ])("finds that entries %j were cut off", (cut, left) => {
    expect(findings(without(...cut))).toEqual([`-: its end was cut: ${left} entries stand, 5 were written`]);
  });

  it("can't see a cut tail without a head", () => {
    expect(findings(without(4, 5), "no head")).toEqual([]);
  });

  it("finds an entry that was appended by somebody else", () => {
    const appended = seal(draft(6), "acme", CHAIN, five.head);
    expect(findings([...five.stored, store(appended)])).toEqual([
      "6: it goes on behind the end that was written",
    ]);
  });

  it.each([
    ["entryId", "another"],
    ["kind", "abort.confirmed"],
    ["at", at(99).toISOString()],
    ["runId", "run2"],
    ["actorId", "actor2"],
    ["ruleId", "rule2"],
  ] as const)("finds a changed indexed copy of %s", (name, value) => {
    const changed = replace(2, ({ copies }) => ({ copies: { ...copies, [name]: value } }));
    expect(findings(changed)).toEqual([`2: the indexed copy of ${name} differs from its text`]);
  });

  it("finds an indexed copy that was taken away", () => {
    const changed = replace(2, ({ copies: { runId: _gone, ...rest } }) => ({ copies: rest }));
    expect(findings(changed)).toEqual(["2: the indexed copy of runId differs from its text"]);
  });

  it("finds a text that is no JSON", () => {
    expect(findings(replace(4, () => ({ text: "{" })))).toEqual([
      "4: its text was changed: the hash does not fit",
      "4: its text is no JSON object",
      "4: it does not follow the entry before it",
    ]);
  });

  it("finds a text that says the same in other words", () => {
    const spaced = replace(5, ({ text }) => {
      const other = JSON.stringify(JSON.parse(text), null, 1);
      return { text: other, hash: sha256(other) };
    });
    expect(findings(spaced)).toContain("5: its text is not in canonical form");
  });

  it.each(["5", '"text"', "true"])("finds that %s is no entry", (text) => {
    expect(findings(replace(3, () => ({ text, hash: sha256(text) })))).toContain(
      "3: its text is no JSON object",
    );
  });

  it.each(["[]", "{}"])("finds that %s is no entry", (text) => {
    expect(findings(replace(3, () => ({ text, hash: sha256(text) })))).toContain(
      `3: it says that it is undefined undefined: it was moved`,
    );
  });

  it.each(["null", "1e999", '{"reason":"\\ud800"}'])(
    "does not break on %s, which is JSON but no entry",
    (text) => {
      expect(findings(replace(3, () => ({ text })))).toContain(
        "3: its text was changed: the hash does not fit",
      );
    },
  );
});
