import { describe, expect, it } from "vitest";
import type { World } from "../../../emulator/index.ts";
import type { Name } from "../../../src/watchdog/model/ports.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { burning, HEALTHY, HOUR, MINUTE, worldOf } from "../../support/world.ts";

const DAY = 24 * HOUR;
const RULE = { id: "shops", limit: { usageTotalUsd: 500 }, steps: [{ at: "100%", do: "abort" }] };
const only = (...actors: readonly string[]) => fiveUsd({ rules: [{ ...RULE, for: { actors } }] });
const GROWING = burning(1, { startsAfterMs: -HOUR });
const IS_GONE = "acme/shop is gone; rule shops selects nothing";

describe("an Actor that is deleted", () => {
  it("calls for a person until a policy is pushed, whether or not that names it still", async () => {
    const changes: World["changes"] = [{ kind: "delete-actor", atMs: HOUR, actor: "acme/shop" }];
    const { advance, push, tick, process } = await watch(
      { ...worldOf(GROWING), changes },
      { policy: only("acme/*") },
    );
    await tick();
    advance(DAY + HOUR);
    expect((await tick()).attention).toEqual([expect.stringContaining(IS_GONE)]);
    advance(2 * DAY);
    expect((await tick(process())).attention).toEqual([expect.stringContaining(IS_GONE)]);
    await push(only("acme/*", "acme/other"));
    for (const wait of [MINUTE, 2 * DAY]) {
      advance(wait);
      expect((await tick()).attention).toEqual([]);
    }
  });

  it("is no loss of a rule that has the one that was created under its name", async () => {
    const changes: World["changes"] = [
      { kind: "delete-actor", atMs: MINUTE, actor: "acme/shop" },
      { kind: "create-actor", atMs: 2 * MINUTE, actor: { name: "acme/shop" } },
    ];
    const { advance, tick } = await watch(
      { ...worldOf(GROWING, { ...HEALTHY, startsAfterMs: DAY }), changes },
      { policy: only("acme/shop") },
    );
    await tick();
    advance(DAY + HOUR);
    expect((await tick()).attention).toEqual([]);
  });

  it("is announced however many are gone that no rule has to do with", async () => {
    const changes: World["changes"] = [{ kind: "delete-actor", atMs: HOUR, actor: "acme/shop" }];
    const { advance, emulator, ports, tick } = await watch(
      { ...worldOf(GROWING), changes },
      { policy: only("acme/*") },
    );
    await tick();
    const readAt = new Date(emulator.clock.now() + DAY);
    const gone: Name = { name: "others/thing", readAt, unreadable: "gone", goneUnder: 1 };
    const known = [...ports.memory.names];
    ports.memory.names.clear();
    for (let i = 0; i < 60; i++) ports.memory.names.set(`actor#other${i}`, gone);
    for (const [key, name] of known) ports.memory.names.set(key, name);
    advance(DAY + HOUR);
    expect((await tick()).attention).toEqual([expect.stringContaining(IS_GONE)]);
  });
});
