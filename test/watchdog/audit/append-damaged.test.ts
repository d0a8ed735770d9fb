import { describe, expect, it } from "vitest";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { appendOnce, readChain } from "../../../src/watchdog/audit/append.ts";
import { verifyAll } from "../../../src/watchdog/audit/verify/verify.ts";
import type { AuditStore } from "../../../src/watchdog/model/ports.ts";
import { CHAIN, draft } from "./chains.ts";

/** The audit, the first entry of each chain damaged by somebody who can write to its table. */
const damaged = (audit: AuditStore): AuditStore =>
  new Proxy(audit, {
    get: (target, name: keyof AuditStore) =>
      name === "readChain"
        ? async (chain: string) =>
            (await target.readChain(chain)).map((entry, nth) => (nth === 0 ? { ...entry, text: "{" } : entry))
        : (target[name] as (...args: unknown[]) => unknown).bind(target),
  });

describe("a chain with an entry that can't be read", () => {
  it("takes the next one, so that damage keeps nothing from being stopped or recorded", async () => {
    const { audit, state } = createMemoryStores({ account: "acme" });
    const ports = { audit: damaged(audit), account: "acme" };
    await appendOnce(ports, CHAIN, draft(1));
    expect(await appendOnce(ports, CHAIN, draft(2))).toEqual({ kind: "appended" });
    const { entries, tail } = await readChain(ports, CHAIN);
    expect(entries.map(({ entryId }) => entryId)).toEqual([draft(2).entryId]);
    expect(tail?.sequence).toBe(2);
    expect(await audit.readChain(CHAIN)).toHaveLength(2);
    expect((await verifyAll({ audit, state })).findings).toEqual([]);
  });
});
