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
      all: async function* () {},
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
      all: () => audit.all(),
      heads: async function* () {},
    };
    expect(await verifyAll({ audit: headless, state })).toMatchObject({ withoutHead: 1, findings: [] });
  });

  it("believes no finding that comes of an append between two reads", async () => {
    const { audit, state } = createMemoryStores({ account: "acme" });
    const first = seal(draft(1), "acme", CHAIN, undefined);
    await audit.append({ sealed: first });
    const growing = {
      async *all() {
        yield* audit.all();
        await audit.append({ sealed: seal(draft(2), "acme", CHAIN, { sequence: 1, hash: first.hash }) });
      },
      heads: () => audit.heads(),
      readChain: (chain: string) => audit.readChain(chain),
    };
    expect(await verifyAll({ audit: growing, state })).toMatchObject({ entries: 2, findings: [] });
  });

  it("reads all of the table once, however many chains there are", async () => {
    const { audit, state } = createMemoryStores({ account: "acme" });
    const runs = Array.from({ length: 50 }, (_, i) => `run${i}`);
    for (const runId of runs)
      await audit.append({ sealed: seal({ ...draft(1), runId }, "acme", runChain(runId), undefined) });
    const read: string[] = [];
    const watched = {
      all: () => audit.all(),
      heads: () => audit.heads(),
      async readChain(chain: string) {
        read.push(chain);
        return audit.readChain(chain);
      },
    };
    expect(await verifyAll({ audit: watched, state })).toMatchObject({ chains: 50, findings: [] });
    expect(read).toEqual(["control"]);
  });
});
