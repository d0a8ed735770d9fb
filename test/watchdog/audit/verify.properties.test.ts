import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifyChain } from "../../../src/watchdog/audit/verify/verify-chain.ts";
import { CHAIN, chainOf, draft } from "./chains.ts";

describe("verifyChain()", () => {
  const chains = fc
    .array(fc.record({ reason: fc.string({ unit: "grapheme" }), life: fc.nat({ max: 3 }) }), { maxLength: 8 })
    .map((list) =>
      chainOf(
        list.map(({ reason, life }, i) => ({
          ...draft(i + 1),
          subject: { kind: "run", runId: "run1", life },
          reason,
        })),
      ),
    );
  const full = chains.filter(({ stored }) => stored.length > 0);

  it("finds nothing in any chain that was left alone", () => {
    fc.assert(
      fc.property(chains, ({ stored, head }) => {
        expect(verifyChain(CHAIN, stored, head)).toEqual([]);
      }),
    );
  });

  it("finds any one entry that is gone, wherever it stood", () => {
    fc.assert(
      fc.property(full, fc.nat(), ({ stored, head }, n) => {
        const left = stored.filter((_, i) => i !== n % stored.length);
        expect(verifyChain(CHAIN, left, head)).not.toEqual([]);
      }),
    );
  });

  it("finds any one character that changed, in text, hash or head", () => {
    const flip = (text: string, n: number): string => {
      const letters = [...text];
      const i = n % letters.length;
      return letters.with(i, letters[i] === "0" ? "1" : "0").join("");
    };
    fc.assert(
      fc.property(
        full,
        fc.nat(),
        fc.nat(),
        fc.constantFrom("text", "hash"),
        ({ stored, head }, n, place, field) => {
          const changed = stored.map((each, i) =>
            i === n % stored.length ? { ...each, [field]: flip(each[field], place) } : each,
          );
          expect(verifyChain(CHAIN, changed, head)).not.toEqual([]);
          expect(verifyChain(CHAIN, stored, head && { ...head, hash: flip(head.hash, place) })).not.toEqual(
            [],
          );
        },
      ),
    );
  });
});
