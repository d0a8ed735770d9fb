import { describe, expect, it } from "vitest";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { verifyAll } from "../../../src/watchdog/audit/verify/verify.ts";
import { runChain, seal } from "../../../src/watchdog/model/entry.ts";
import { CHAIN, draft } from "./chains.ts";

describe("verifyAll()", () => {
  it("verifies every chain that is in the audit", async () => {
    const { audit, state } = createMemoryStores({ account: "acme" });
    const first = seal(draft(1), "acme", CHAIN, undefined);
    const second = seal(draft(2), "acme", CHAIN, { sequence: 1, hash: first.hash });
    const other = seal({ ...draft(1), runId: "run2" }, "acme", runChain("run2"), undefined);
    for (const sealed of [first, second, other]) await audit.append({ sealed });
    expect(await verifyAll({ audit, state })).toEqual({
      chains: 2,
      entries: 3,
      withoutHead: 0,
      openIntents: [],
      unboundPolicies: [],
      findings: [],
    });
  });

  it("verifies a chain that the index no longer shows, by its head", async () => {
    const { audit, state } = createMemoryStores({ account: "acme" });
    await audit.append({ sealed: seal(draft(1), "acme", CHAIN, undefined) });
    const cut = {
      readChain: async () => [],
      chains: async function* () {},
      heads: () => audit.heads(),
    };
    expect((await verifyAll({ audit: cut, state })).findings).toEqual([
      { chain: CHAIN, problem: "its end was cut: 0 entries stand, 1 were written" },
    ]);
  });

  it("says how many chains no head vouches for", async () => {
    const { audit, state } = createMemoryStores({ account: "acme" });
    await audit.append({ sealed: seal(draft(1), "acme", CHAIN, undefined) });
    const headless = {
      readChain: (chain: string) => audit.readChain(chain),
      chains: () => audit.chains(),
      heads: async function* () {},
    };
    expect(await verifyAll({ audit: headless, state })).toMatchObject({ withoutHead: 1, findings: [] });
  });

  it("believes no finding that comes of an append between two reads", async () => {
    const { audit, state } = createMemoryStores({ account: "acme" });
    const first = seal(draft(1), "acme", CHAIN, undefined);
    await audit.append({ sealed: first });
    let reads = 0;
    const growing = {
      chains: () => audit.chains(),
      heads: () => audit.heads(),
      async readChain(chain: string) {
        if (chain === CHAIN && reads++ === 0)
          await audit.append({ sealed: seal(draft(2), "acme", CHAIN, { sequence: 1, hash: first.hash }) });
        return audit.readChain(chain);
      },
    };
    expect(await verifyAll({ audit: growing, state })).toMatchObject({ entries: 2, findings: [] });
  });
});
