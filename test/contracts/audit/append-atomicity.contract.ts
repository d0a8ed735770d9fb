import { describe, expect, it } from "vitest";
import { runChain } from "../../../src/watchdog/model/entry.ts";
import { ConflictError } from "../../../src/watchdog/model/errors.ts";
import type { Append } from "../../../src/watchdog/model/ports.ts";
import { collect, controlState, EXEMPTION, headOf, outcomes, sealed } from "../samples.ts";
import type { Suite } from "../suite.ts";

const CHAIN = runChain("run-1");

/** All of an append or nothing, whichever part fails and whoever else writes. */
export function describeAtomicity(suite: Suite): void {
  describe("an append of which one part fails", () => {
    const everything = (overrides: Partial<Append> = {}): Append => ({
      sealed: sealed(suite.account, undefined, { entryId: "all-or-nothing" }, "control"),
      control: { next: controlState({ revision: 7 }), expectedVersion: 0 },
      policy: { version: 1, document: { mine: true } },
      exemption: { put: EXEMPTION },
      ...overrides,
    });

    async function expectNothingOf(append: Append): Promise<void> {
      const before = await suite.state.readControl();
      await expect(suite.audit.append(append)).rejects.toThrow(ConflictError);
      expect(await suite.state.readControl()).toEqual(before);
      expect(await suite.state.readPolicy(1)).not.toEqual({ mine: true });
      const chain = await suite.audit.readChain(append.sealed.entry.chain);
      expect(chain.map(({ copies }) => copies.entryId)).not.toContain("all-or-nothing");
    }

    it("changes nothing when the place is taken", async () => {
      const first = sealed(suite.account, undefined, {}, "control");
      await suite.audit.append({ sealed: first, control: { next: controlState(), expectedVersion: 0 } });
      const control = { next: controlState({ revision: 7 }), expectedVersion: 1 };
      await expectNothingOf(everything({ control }));
    });

    it("changes nothing when control has moved", async () => {
      await suite.state.writeControl(controlState({ revision: 1 }), 0);
      await expectNothingOf(everything());
      const attempt = suite.audit.append(everything());
      await expect(attempt).rejects.toThrow("the control state has moved on from version 0");
    });

    it("changes nothing when the policy version is taken", async () => {
      const first = sealed(suite.account, undefined, {}, "control");
      const control = { next: controlState(), expectedVersion: 0 };
      await suite.audit.append({ sealed: first, control, policy: { version: 1, document: {} } });
      const second = sealed(suite.account, headOf(first), { entryId: "all-or-nothing" }, "control");
      await expectNothingOf(everything({ sealed: second, control: { ...control, expectedVersion: 1 } }));
    });

    it("does not move a run's head either", async () => {
      const first = sealed(suite.account);
      await suite.audit.append({ sealed: first });
      await suite.state.writeControl(controlState(), 0);
      const second = sealed(suite.account, headOf(first), { entryId: "all-or-nothing" });
      await expectNothingOf(everything({ sealed: second }));
      expect(await collect(suite.audit.heads())).toEqual([{ chain: CHAIN, head: headOf(first) }]);
    });
  });

  it("lets exactly one of 20 appends on the same control version through", async () => {
    const attempts = Array.from({ length: 20 }, (_, index) =>
      suite.audit.append({
        sealed: sealed(suite.account, undefined, { entryId: `entry-${index}` }, runChain(`run-${index}`)),
        control: { next: controlState({ apifyUserId: `tick-${index}` }), expectedVersion: 0 },
      }),
    );
    const { done, errors } = await outcomes(attempts);
    expect(done).toBe(1);
    expect(errors.every((error) => error instanceof ConflictError)).toBe(true);
    expect(await collect(suite.audit.heads())).toHaveLength(1);
  });
}
