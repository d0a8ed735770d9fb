import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Exemption } from "../../src/policy/index.ts";
import { type EntryDraft, GENESIS, type Head, runChain, seal } from "../../src/watchdog/entry.ts";
import { ConflictError } from "../../src/watchdog/errors.ts";
import type { Append } from "../../src/watchdog/ports.ts";
import { drafts } from "./arbitraries.ts";
import type { Backend, Opened } from "./backends.ts";
import {
  collect,
  controlState,
  draft,
  headOf,
  later,
  NOON,
  openIntent,
  outcomes,
  sealed,
} from "./samples.ts";

type Suite = { readonly skip?: boolean; readonly runs?: number };

const CHAIN = runChain("run-1");
const EXEMPTION: Exemption & { kind: "valid" } = {
  kind: "valid",
  subject: { kind: "run", id: "run-1" },
  until: later(60_000),
  ceilingMicroUsd: 5_000_000,
  owner: "ops",
  reason: "import",
};

/** What every audit store promises, with the state store beside it. */
export function describeAuditStore(
  name: string,
  start: () => Promise<Backend>,
  { skip = false, runs = 20 }: Suite = {},
) {
  describe.skipIf(skip)(`audit store: ${name}`, () => {
    let backend: Backend;
    let account: string;
    let store: Opened;

    beforeAll(async () => {
      backend = await start();
    });
    afterAll(() => backend?.stop());
    beforeEach(() => {
      account = `account-${crypto.randomUUID()}`;
      store = backend.open(account);
    });

    /** Appends behind the tail, as a caller does: reads, seals, and after a conflict again. Returns the sequence. */
    async function appendNext(overrides: Partial<EntryDraft> = {}, chain = CHAIN): Promise<number> {
      for (;;) {
        const last = (await store.audit.readChain(chain)).at(-1);
        const entry = sealed(account, last && { sequence: last.sequence, hash: last.hash }, overrides, chain);
        try {
          await store.audit.append({ sealed: entry });
          return entry.entry.sequence;
        } catch (error) {
          if (!(error instanceof ConflictError)) throw error;
        }
      }
    }

    describe("append()", () => {
      it("stores the text and its hash as they are, with copies of what is looked for", async () => {
        const entry = sealed(account, undefined, { actorId: "actor-1", ruleId: "rule-1" });
        await store.audit.append({ sealed: entry });
        expect(await store.audit.readChain(CHAIN)).toEqual([
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
            const entry = seal(each, account, CHAIN, tail);
            await store.audit.append({ sealed: entry });
            tail = headOf(entry);
            const stored = (await store.audit.readChain(CHAIN)).at(-1);
            expect(stored).toMatchObject({
              text: entry.text,
              hash: entry.hash,
              sequence: entry.entry.sequence,
            });
            expect(JSON.parse(stored?.text ?? "")).toEqual(JSON.parse(JSON.stringify(entry.entry)));
          }),
          { numRuns: runs },
        );
      });

      it("refuses a place that is taken, and keeps the entry that is there", async () => {
        await store.audit.append({ sealed: sealed(account) });
        const second = sealed(account, undefined, { entryId: "entry-2" });
        const attempt = store.audit.append({ sealed: second });
        await expect(attempt).rejects.toThrow(ConflictError);
        await expect(store.audit.append({ sealed: second })).rejects.toThrow(
          `place 1 of chain "${CHAIN}" is taken`,
        );
        expect((await store.audit.readChain(CHAIN)).map(({ copies }) => copies.entryId)).toEqual(["entry-1"]);
      });

      it("moves control with the entry, and leaves the control chain's head alone", async () => {
        const next = controlState({ revision: 1, openIntents: [openIntent()] });
        await store.audit.append({ sealed: sealed(account), control: { next, expectedVersion: 0 } });
        expect(await store.state.readControl()).toEqual({ ...next, version: 1, exemptions: [] });
      });

      it("moves the control chain's head with an entry of that chain", async () => {
        const first = sealed(account, undefined, {}, "control");
        await store.audit.append({ sealed: first, control: { next: controlState(), expectedVersion: 0 } });
        const second = sealed(account, headOf(first), { entryId: "entry-2" }, "control");
        await store.audit.append({ sealed: second, control: { next: controlState(), expectedVersion: 1 } });
        expect(await store.state.readControl()).toMatchObject({ version: 2, head: headOf(second) });
        expect(await store.audit.readChain("control")).toHaveLength(2);
      });

      it("stores a policy once and never replaces it", async () => {
        const first = sealed(account, undefined, {}, "control");
        const policy = { version: 1, document: { rules: [{ id: "a" }] } };
        await store.audit.append({
          sealed: first,
          control: { next: controlState(), expectedVersion: 0 },
          policy,
        });
        expect(await store.state.readPolicy(1)).toEqual(policy.document);

        const second = sealed(account, headOf(first), { entryId: "entry-2" }, "control");
        const control = { next: controlState({ revision: 9 }), expectedVersion: 1 };
        const again = { sealed: second, control, policy: { version: 1, document: { rules: [] } } };
        await expect(store.audit.append(again)).rejects.toThrow("policy version 1 is taken");
        expect(await store.state.readPolicy(1)).toEqual(policy.document);
      });

      it("grants and withdraws an exemption with its entry", async () => {
        const first = sealed(account, undefined, { kind: "exemption.granted" }, "control");
        await store.audit.append({
          sealed: first,
          control: { next: controlState({ revision: 1 }), expectedVersion: 0 },
          exemption: { put: EXEMPTION },
        });
        expect((await store.state.readControl()).exemptions).toEqual([EXEMPTION]);

        const second = sealed(
          account,
          headOf(first),
          { kind: "exemption.ended", entryId: "entry-2" },
          "control",
        );
        await store.audit.append({
          sealed: second,
          control: { next: controlState({ revision: 2 }), expectedVersion: 1 },
          exemption: { remove: EXEMPTION.subject },
        });
        expect(await store.state.readControl()).toMatchObject({ version: 2, exemptions: [] });
      });

      it("replaces an exemption of the same subject", async () => {
        const first = sealed(account, undefined, {}, "control");
        const control = { next: controlState(), expectedVersion: 0 };
        await store.audit.append({ sealed: first, control, exemption: { put: EXEMPTION } });
        const { ceilingMicroUsd: _ceiling, ...longer } = { ...EXEMPTION, until: later(120_000) };
        const second = sealed(account, headOf(first), { entryId: "entry-2" }, "control");
        await store.audit.append({
          sealed: second,
          control: { ...control, expectedVersion: 1 },
          exemption: { put: longer },
        });
        expect((await store.state.readControl()).exemptions).toEqual([longer]);
      });

      it("refuses what no caller may ask for", async () => {
        const control = { next: controlState(), expectedVersion: 0 };
        const wrong: readonly Append[] = [
          { sealed: sealed("somebody-else") },
          { sealed: sealed(account, undefined, {}, "no-chain") },
          { sealed: sealed(account, undefined, {}, "control") },
          { sealed: sealed(account), exemption: { put: EXEMPTION } },
        ];
        for (const append of wrong) await expect(store.audit.append(append)).rejects.toThrow(Error);
        await store.audit.append({ sealed: sealed(account), control });
      });
    });

    describe("an append of which one part fails", () => {
      const everything = (overrides: Partial<Append> = {}): Append => ({
        sealed: sealed(account, undefined, { entryId: "all-or-nothing" }, "control"),
        control: { next: controlState({ revision: 7 }), expectedVersion: 0 },
        policy: { version: 1, document: { mine: true } },
        exemption: { put: EXEMPTION },
        ...overrides,
      });

      async function expectNothingOf(append: Append): Promise<void> {
        const before = await store.state.readControl();
        await expect(store.audit.append(append)).rejects.toThrow(ConflictError);
        expect(await store.state.readControl()).toEqual(before);
        expect(await store.state.readPolicy(1)).not.toEqual({ mine: true });
        const chain = await store.audit.readChain(append.sealed.entry.chain);
        expect(chain.map(({ copies }) => copies.entryId)).not.toContain("all-or-nothing");
      }

      it("changes nothing when the place is taken", async () => {
        const first = sealed(account, undefined, {}, "control");
        await store.audit.append({ sealed: first, control: { next: controlState(), expectedVersion: 0 } });
        const control = { next: controlState({ revision: 7 }), expectedVersion: 1 };
        await expectNothingOf(everything({ control }));
      });

      it("changes nothing when control has moved", async () => {
        await store.state.writeControl(controlState({ revision: 1 }), 0);
        await expectNothingOf(everything());
        const attempt = store.audit.append(everything());
        await expect(attempt).rejects.toThrow("the control state has moved on from version 0");
      });

      it("changes nothing when the policy version is taken", async () => {
        const first = sealed(account, undefined, {}, "control");
        const control = { next: controlState(), expectedVersion: 0 };
        await store.audit.append({ sealed: first, control, policy: { version: 1, document: {} } });
        const second = sealed(account, headOf(first), { entryId: "all-or-nothing" }, "control");
        await expectNothingOf(everything({ sealed: second, control: { ...control, expectedVersion: 1 } }));
      });

      it("does not move a run's head either", async () => {
        const first = sealed(account);
        await store.audit.append({ sealed: first });
        await store.state.writeControl(controlState(), 0);
        const second = sealed(account, headOf(first), { entryId: "all-or-nothing" });
        await expectNothingOf(everything({ sealed: second }));
        expect(await collect(store.audit.heads())).toEqual([{ chain: CHAIN, head: headOf(first) }]);
      });
    });

    describe("readChain()", () => {
      it("is empty when there is no such chain", async () => {
        expect(await store.audit.readChain(CHAIN)).toEqual([]);
      });

      it("gives 130 large entries in order, page after page", async () => {
        let tail: Head | undefined;
        const reason = "x".repeat(10_000);
        for (let index = 1; index <= 130; index++) {
          const entry = sealed(account, tail, { entryId: `entry-${index}`, reason });
          await store.audit.append({ sealed: entry });
          tail = headOf(entry);
        }
        const stored = await store.audit.readChain(CHAIN);
        expect(stored.map(({ sequence }) => sequence)).toEqual(
          Array.from({ length: 130 }, (_, index) => index + 1),
        );
        stored.reduce((previous, { text, hash }) => {
          expect(JSON.parse(text).previous).toBe(previous);
          return hash;
        }, GENESIS);
      });

      it("can't be changed through what it returned", async () => {
        await store.audit.append({ sealed: sealed(account) });
        const [entry] = await store.audit.readChain(CHAIN);
        try {
          Object.assign(entry ?? {}, { text: "{}" });
        } catch {
          // A frozen entry is as good as a copy.
        }
        expect((await store.audit.readChain(CHAIN))[0]?.text).toContain("entry-1");
      });

      it("gives 50 parallel appends 50 consecutive places when their callers try again", async () => {
        const places = await Promise.all(
          Array.from({ length: 50 }, (_, index) => appendNext({ entryId: `entry-${index}` })),
        );
        expect(places.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
        const stored = await store.audit.readChain(CHAIN);
        expect(new Set(stored.map(({ copies }) => copies.entryId)).size).toBe(50);
        const last = stored.at(-1);
        expect(await collect(store.audit.heads())).toEqual([
          { chain: CHAIN, head: { sequence: 50, hash: last?.hash } },
        ]);
      });
    });

    it("lets exactly one of 20 appends on the same control version through", async () => {
      const attempts = Array.from({ length: 20 }, (_, index) =>
        store.audit.append({
          sealed: sealed(account, undefined, { entryId: `entry-${index}` }, runChain(`run-${index}`)),
          control: { next: controlState({ apifyUserId: `tick-${index}` }), expectedVersion: 0 },
        }),
      );
      const { done, errors } = await outcomes(attempts);
      expect(done).toBe(1);
      expect(errors.every((error) => error instanceof ConflictError)).toBe(true);
      expect(await collect(store.audit.heads())).toHaveLength(1);
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
        const entries = await collect(store.audit.list({ from: new Date(from), to: new Date(to) }));
        return entries.map(({ copies }) => copies.entryId);
      };

      it("crosses months and years, oldest first, both ends included", async () => {
        for (const [index, time] of [...TIMES.toReversed(), "2027-01-05T00:00:00.000Z"].entries()) {
          await appendNext(at(time), runChain(`run-${index % 2}`));
        }
        expect(await idsIn("2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z")).toEqual(
          TIMES.slice(1, 4),
        );
        expect(await idsIn("2026-10-01T00:00:00.001Z", "2026-10-31T23:59:59.998Z")).toEqual([]);
        expect(await idsIn("2026-09-01T00:00:00.000Z", "2027-02-01T00:00:00.000Z")).toEqual([
          ...TIMES,
          "2027-01-05T00:00:00.000Z",
        ]);
        expect(await idsIn("2026-12-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z")).toEqual([]);
      });

      it("gives entries of one instant in the order of their ids, each once", async () => {
        for (const id of ["c", "a", "b"]) await appendNext({ entryId: id }, runChain(`run-${id}`));
        expect(await idsIn(NOON.toISOString(), NOON.toISOString())).toEqual(["a", "b", "c"]);
      });

      it("gives 120 large entries page after page", async () => {
        const reason = "x".repeat(10_000);
        for (let index = 0; index < 120; index++) {
          await appendNext(
            { entryId: `entry-${index}`, at: later(index).toISOString(), reason },
            runChain(`run-${index % 7}`),
          );
        }
        const found = await idsIn(NOON.toISOString(), later(120).toISOString());
        expect(found).toEqual(Array.from({ length: 120 }, (_, index) => `entry-${index}`));
      });
    });

    it("gives the head of every chain", async () => {
      expect(await collect(store.audit.heads())).toEqual([]);
      const control = sealed(account, undefined, {}, "control");
      await store.audit.append({ sealed: control, control: { next: controlState(), expectedVersion: 0 } });
      const heads = [{ chain: "control", head: headOf(control) }];
      for (const id of ["a", "b#c"]) {
        const entry = seal(draft({ entryId: id }), account, runChain(id), undefined);
        await store.audit.append({ sealed: entry });
        heads.push({ chain: runChain(id), head: headOf(entry) });
      }
      expect(await collect(store.audit.heads())).toEqual(heads);
    });

    it("never shows an entry of another account", async () => {
      const other = backend.open(`${account}-other`);
      await other.audit.append({ sealed: sealed(`${account}-other`) });
      expect(await store.audit.readChain(CHAIN)).toEqual([]);
      expect(await collect(store.audit.list({ from: NOON, to: later(1) }))).toEqual([]);
      expect(await collect(store.audit.heads())).toEqual([]);
    });
  });
}
