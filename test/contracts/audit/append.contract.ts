import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Head, runChain, seal } from "../../../src/watchdog/model/entry.ts";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import type { Append } from "../../../src/watchdog/model/ports.ts";
import { controlState, EXEMPTION, headOf, later, NOON, openIntent, sealed } from "../samples.ts";
import type { Suite } from "../suite.ts";
import { drafts } from "./entry-arbitraries.ts";

const CHAIN = runChain("run-1");

/** One append and what goes with it. */
export function describeAppend(suite: Suite): void {
  describe("append()", () => {
    it("stores the text and its hash as they are, with copies of what is looked for", async () => {
      const entry = sealed(suite.account, undefined, { actorId: "actor-1", ruleId: "rule-1" });
      await suite.audit.append({ sealed: entry });
      expect(await suite.audit.readChain(CHAIN)).toEqual([
        {
          chain: CHAIN,
          sequence: 1,
          text: entry.text,
          hash: entry.hash,
          copies: {
            entryId: "entry-1",
            kind: "abort.held",
            at: NOON.toISOString(),
            runId: "run-1",
            actorId: "actor-1",
            ruleId: "rule-1",
          },
        },
      ]);
    });

    it("round trips entries with every field", async () => {
      let tail: Head | undefined;
      await fc.assert(
        fc.asyncProperty(drafts, async (each) => {
          const entry = seal(each, suite.account, CHAIN, tail);
          await suite.audit.append({ sealed: entry });
          tail = headOf(entry);
          const stored = (await suite.audit.readChain(CHAIN)).at(-1);
          expect(stored).toMatchObject({
            text: entry.text,
            hash: entry.hash,
            sequence: entry.entry.sequence,
          });
          expect(JSON.parse(stored?.text ?? "")).toEqual(JSON.parse(JSON.stringify(entry.entry)));
        }),
        { numRuns: suite.runs },
      );
    });

    it("refuses a place that is taken, and keeps the entry that is there", async () => {
      await suite.audit.append({ sealed: sealed(suite.account) });
      const second = sealed(suite.account, undefined, { entryId: "entry-2" });
      const attempt = suite.audit.append({ sealed: second });
      await expect(attempt).rejects.toThrow(ConflictError);
      await expect(suite.audit.append({ sealed: second })).rejects.toThrow(
        `place 1 of chain "${CHAIN}" is taken`,
      );
      expect((await suite.audit.readChain(CHAIN)).map(({ copies }) => copies.entryId)).toEqual(["entry-1"]);
    });

    it("moves control with the entry, and leaves the control chain's head alone", async () => {
      const next = controlState({ revision: 1, openIntents: [openIntent()] });
      await suite.audit.append({ sealed: sealed(suite.account), control: { next, expectedVersion: 0 } });
      expect(await suite.state.readControl()).toEqual({ ...next, version: 1, exemptions: [] });
    });

    it("moves the control chain's head with an entry of that chain", async () => {
      const first = sealed(suite.account, undefined, {}, "control");
      await suite.audit.append({ sealed: first, control: { next: controlState(), expectedVersion: 0 } });
      const second = sealed(suite.account, headOf(first), { entryId: "entry-2" }, "control");
      await suite.audit.append({ sealed: second, control: { next: controlState(), expectedVersion: 1 } });
      expect(await suite.state.readControl()).toMatchObject({ version: 2, head: headOf(second) });
      expect(await suite.audit.readChain("control")).toHaveLength(2);
    });

    it("stores a policy once and never replaces it", async () => {
      const first = sealed(suite.account, undefined, {}, "control");
      const policy = { version: 1, document: { rules: [{ id: "a" }] } };
      await suite.audit.append({
        sealed: first,
        control: { next: controlState(), expectedVersion: 0 },
        policy,
      });
      expect(await suite.state.readPolicy(1)).toEqual(policy.document);

      const second = sealed(suite.account, headOf(first), { entryId: "entry-2" }, "control");
      const control = { next: controlState({ revision: 9 }), expectedVersion: 1 };
      const again = { sealed: second, control, policy: { version: 1, document: { rules: [] } } };
      await expect(suite.audit.append(again)).rejects.toThrow("policy version 1 is taken");
      expect(await suite.state.readPolicy(1)).toEqual(policy.document);
    });

    it("grants and withdraws an exemption with its entry", async () => {
      const first = sealed(suite.account, undefined, { kind: "exemption.granted" }, "control");
      await suite.audit.append({
        sealed: first,
        control: { next: controlState({ revision: 1 }), expectedVersion: 0 },
        exemption: { put: EXEMPTION },
      });
      expect((await suite.state.readControl()).exemptions).toEqual([EXEMPTION]);

      const second = sealed(
        suite.account,
        headOf(first),
        { kind: "exemption.ended", entryId: "entry-2" },
        "control",
      );
      await suite.audit.append({
        sealed: second,
        control: { next: controlState({ revision: 2 }), expectedVersion: 1 },
        exemption: { remove: EXEMPTION.subject },
      });
      expect(await suite.state.readControl()).toMatchObject({ version: 2, exemptions: [] });
    });

    it("replaces an exemption of the same subject", async () => {
      const first = sealed(suite.account, undefined, {}, "control");
      const control = { next: controlState(), expectedVersion: 0 };
      await suite.audit.append({ sealed: first, control, exemption: { put: EXEMPTION } });
      const { ceilingMicroUsd: _ceiling, ...longer } = { ...EXEMPTION, until: later(120_000) };
      const second = sealed(suite.account, headOf(first), { entryId: "entry-2" }, "control");
      await suite.audit.append({
        sealed: second,
        control: { ...control, expectedVersion: 1 },
        exemption: { put: longer },
      });
      expect((await suite.state.readControl()).exemptions).toEqual([longer]);
    });

    it.each([
      ["puts", (standing: typeof EXEMPTION) => ({ put: { ...standing, noticedAt: later(1) }, standing })],
      ["removes", (standing: typeof EXEMPTION) => ({ remove: standing.subject, standing })],
    ])(
      "%s an exemption only in place of the grant that was seen, where that is asked for",
      async (_, write) => {
        const first = sealed(suite.account, undefined, {}, "control");
        const control = { next: controlState(), expectedVersion: 0 };
        const second = {
          sealed: sealed(suite.account, headOf(first), { entryId: "entry-2" }, "control"),
          control: { ...control, expectedVersion: 1 },
        };
        await suite.audit.append({ sealed: first, control, exemption: { put: EXEMPTION } });
        const others = [
          { ...EXEMPTION, until: later(120_000) },
          { ...EXEMPTION, grantedAt: later(-1) },
          { ...EXEMPTION, subject: { kind: "run", id: "run-2" } as const },
        ];
        for (const other of others) {
          const attempt = suite.audit.append({ ...second, exemption: write(other) });
          await expect(attempt).rejects.toThrow(ConflictError);
        }
        expect(await suite.state.readControl()).toMatchObject({ version: 1, exemptions: [EXEMPTION] });
        await suite.audit.append({ ...second, exemption: write(EXEMPTION) });
        expect((await suite.state.readControl()).exemptions).not.toEqual([EXEMPTION]);
      },
    );

    it("refuses what no caller may ask for", async () => {
      const control = { next: controlState(), expectedVersion: 0 };
      const wrong: readonly Append[] = [
        { sealed: sealed("somebody-else") },
        { sealed: sealed(suite.account, undefined, {}, "no-chain") },
        { sealed: sealed(suite.account, undefined, {}, "control") },
        { sealed: sealed(suite.account), exemption: { put: EXEMPTION } },
      ];
      for (const append of wrong) await expect(suite.audit.append(append)).rejects.toThrow(Error);
      await suite.audit.append({ sealed: sealed(suite.account), control });
    });
  });
}
