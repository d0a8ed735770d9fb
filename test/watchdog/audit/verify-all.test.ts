import { describe, expect, it } from "vitest";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { verifyAll } from "../../../src/watchdog/audit/verify.ts";
import { runChain, seal } from "../../../src/watchdog/model/entry.ts";
import { at, DAY, NOON } from "../../support/builders.ts";
import { CHAIN, draft } from "./chains.ts";

describe("verifyAll()", () => {
  const span = { from: at(-DAY), to: at(DAY) };

  it("verifies every chain that is in the audit", async () => {
    const { audit } = createMemoryStores({ account: "acme" });
    const first = seal(draft(1), "acme", CHAIN, undefined);
    const second = seal(draft(2), "acme", CHAIN, { sequence: 1, hash: first.hash });
    const other = seal({ ...draft(1), runId: "run2" }, "acme", runChain("run2"), undefined);
    for (const sealed of [first, second, other]) await audit.append({ sealed });
    expect(await verifyAll(audit, span)).toEqual({ chains: 2, entries: 3, withoutHead: 0, findings: [] });
  });

  it("verifies a chain that the index no longer shows, by its head", async () => {
    const { audit } = createMemoryStores({ account: "acme" });
    await audit.append({ sealed: seal(draft(1), "acme", CHAIN, undefined) });
    const cut = {
      ...audit,
      readChain: async () => [],
      list: async function* () {},
      heads: () => audit.heads(),
    };
    expect((await verifyAll(cut, { from: NOON, to: NOON })).findings).toEqual([
      { chain: CHAIN, problem: "its end was cut: 0 entries stand, 1 were written" },
    ]);
  });

  it("says how many chains no head vouches for", async () => {
    const { audit } = createMemoryStores({ account: "acme" });
    await audit.append({ sealed: seal(draft(1), "acme", CHAIN, undefined) });
    const headless = {
      append: audit.append,
      readChain: (chain: string) => audit.readChain(chain),
      list: (of: typeof span) => audit.list(of),
      heads: async function* () {},
    };
    expect(await verifyAll(headless, span)).toMatchObject({ withoutHead: 1, findings: [] });
  });

  it("believes no finding that comes of an append between two reads", async () => {
    const { audit } = createMemoryStores({ account: "acme" });
    const first = seal(draft(1), "acme", CHAIN, undefined);
    await audit.append({ sealed: first });
    let reads = 0;
    const growing = {
      append: audit.append,
      list: (of: typeof span) => audit.list(of),
      heads: () => audit.heads(),
      async readChain(chain: string) {
        if (reads++ === 0)
          await audit.append({ sealed: seal(draft(2), "acme", CHAIN, { sequence: 1, hash: first.hash }) });
        return audit.readChain(chain);
      },
    };
    expect(await verifyAll(growing, span)).toMatchObject({ entries: 2, findings: [] });
  });
});
