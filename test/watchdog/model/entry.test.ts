import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type EntryDraft,
  entryIdOf,
  GENESIS,
  type Head,
  runChain,
  seal,
  sha256,
} from "../../../src/watchdog/model/entry.ts";
import { NOON } from "../../support/builders.ts";

const draft = (overrides: Partial<EntryDraft> = {}): EntryDraft => ({
  entryId: "entry1",
  kind: "abort.held",
  at: NOON.toISOString(),
  subject: { kind: "run", runId: "run1", life: 0 },
  runId: "run1",
  by: "watchdog",
  ...overrides,
});
const first = () => seal(draft(), "acme", "run#run1", undefined);

describe("seal()", () => {
  it("puts the first entry of a chain behind 64 zeros", () => {
    expect(first().entry).toEqual({
      ...draft(),
      account: "acme",
      chain: "run#run1",
      sequence: 1,
      previous: GENESIS,
    });
    expect(GENESIS).toMatch(/^0{64}$/);
  });

  it("puts every other behind the one before it, by its hash", () => {
    const { hash } = first();
    expect(seal(draft(), "acme", "run#run1", { sequence: 41, hash }).entry).toMatchObject({
      sequence: 42,
      previous: hash,
    });
  });

  it("writes the canonical JSON of RFC 8785: keys in order, no spaces, nothing that is undefined", () => {
    expect(first().text).toBe(
      '{"account":"acme","at":"2026-11-24T12:00:00.000Z","by":"watchdog","chain":"run#run1","entryId":"entry1",' +
        `"kind":"abort.held","previous":"${GENESIS}","runId":"run1","sequence":1,` +
        '"subject":{"kind":"run","life":0,"runId":"run1"}}',
    );
  });

  it("hashes that very text", () => {
    const { text, hash } = first();
    expect(hash).toBe(sha256(text));
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256("é")).not.toBe(sha256("e\u0301"));
  });

  it("writes the same text whatever the order in which the fields were put", () => {
    const backwards = Object.fromEntries(Object.entries(draft()).reverse()) as EntryDraft;
    expect(seal(backwards, "acme", "run#run1", undefined).text).toBe(first().text);
  });

  it("refuses a figure that JSON has no word for", () => {
    const spoilt = draft({ finalUsageTotalUsd: Number.NaN });
    expect(() => seal(spoilt, "acme", "run#run1", undefined)).toThrow("NaN");
  });

  it("gives another hash for any other text, account, chain, place or predecessor", () => {
    const tail: Head = { sequence: 3, hash: "a".repeat(64) };
    const hashes = [
      seal(draft(), "acme", "run#run1", tail),
      seal(draft({ reason: "" }), "acme", "run#run1", tail),
      seal(draft(), "other", "run#run1", tail),
      seal(draft(), "acme", "run#run2", tail),
      seal(draft(), "acme", "run#run1", { ...tail, sequence: 4 }),
      seal(draft(), "acme", "run#run1", { ...tail, hash: "b".repeat(64) }),
      first(),
    ].map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("can be read back to the last character", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (reason, usd) => {
          const { text, entry } = seal(
            draft({ reason, finalUsageTotalUsd: usd }),
            "acme",
            "run#run1",
            undefined,
          );
          expect(JSON.parse(text)).toEqual({ ...entry, finalUsageTotalUsd: usd === 0 ? 0 : usd });
        },
      ),
    );
  });
});

describe("entryIdOf()", () => {
  it("is 20 hex digits, the same for the same parts on every day", () => {
    expect(entryIdOf("run#run1", 0, "rule1", 100, 5_000_000, "abort.intended", 0)).toBe(
      sha256('["run#run1",0,"rule1",100,5000000,"abort.intended",0]').slice(0, 20),
    );
    expect(entryIdOf("a")).toMatch(/^[0-9a-f]{20}$/);
  });

  it("tells parts apart by where they end, by their type and by their absence", () => {
    const ids = [
      entryIdOf("a", "b"),
      entryIdOf("ab"),
      entryIdOf("a,b"),
      entryIdOf('a","b'),
      entryIdOf("b", "a"),
      entryIdOf("a", "b", undefined),
      entryIdOf("1"),
      entryIdOf(1),
      entryIdOf(),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("gives every other list of parts another id", () => {
    const parts = fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(undefined)), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(entryIdOf(...a) === entryIdOf(...b)).toBe(same);
      }),
    );
  });
});

describe("runChain()", () => {
  it("names a chain that no other run and no account has", () => {
    expect([runChain("run1"), runChain("control")]).toEqual(["run#run1", "run#control"]);
  });
});
