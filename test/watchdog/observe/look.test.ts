import { describe, expect, it } from "vitest";
import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { totalOf } from "../../../src/policy/index.ts";
import { EMPTY_LIVE } from "../../../src/watchdog/model/live.ts";
import { emptyMemory, type Ports } from "../../../src/watchdog/model/ports.ts";
import { lookAt } from "../../../src/watchdog/observe/look.ts";
import { openContext } from "../../../src/watchdog/tick/open.ts";
import { at, HOUR, NOON, run, usd } from "../../support/builders.ts";
import { PretendAccount } from "../../support/pretend-account.ts";

describe("lookAt()", () => {
  it("leaves in the cells what is recorded of a run that the live index does not know", async () => {
    const account = new PretendAccount(() => NOON);
    account.runs.push({
      id: "run1",
      actorId: "actor1",
      origin: "API",
      startedAt: at(-HOUR),
      status: "RUNNING",
      resurrectCount: 1,
      microUsd: usd(3),
    });
    const { state, audit } = createMemoryStores({ account: "default" });
    await state.writeLedger([
      {
        record: {
          run: run({ status: "SUCCEEDED" }),
          life: 0,
          recordedAt: at(-600),
          version: 1,
          spent: { at: at(-600), microUsd: usd(2) },
        },
        expectedVersion: 0,
        spend: { "2026-11-24T11": usd(2) },
      },
    ]);
    const ports: Ports = {
      account: "default",
      apify: account.apify,
      state,
      audit,
      clock: { now: () => NOON, monotonicMs: () => 0, sleep: async () => undefined },
      log: { info: () => undefined, warn: () => undefined },
      newTickId: () => "tick",
      memory: emptyMemory(),
    };
    const { signal } = new AbortController();
    const context = await openContext(ports, EMPTY_LIVE, { signal, endsBy: at(60) });
    await lookAt(context, "run1");
    const { unrecorded = {}, recorded } = context.live.get("run1") ?? {};
    expect(totalOf(unrecorded)).toBe(usd(1));
    expect(recorded?.version).toBe(1);
  });
});
