import { describe, expect, it } from "vitest";
import { MemoryDatabase } from "../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import { grantExemption } from "../../src/watchdog/overrule/exemptions.ts";
import { DATA_FORMAT } from "../../src/watchdog/stored/codec.ts";
import { fiveUsd } from "../support/policies.ts";
import { watch } from "../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../support/world.ts";

type Json = Record<string, unknown>;

/** Adds to what is stored what a newer version might, and reads it again. */
function storage() {
  const database = new MemoryDatabase();
  const rows = database.account("default");
  const stores = createMemoryStores({ account: "default", database });
  const change = (item: "control" | "live" | "ledger", add: (json: Json) => void): void => {
    const row = rows[item];
    if (!row) throw new Error(`there is no ${item} yet`);
    const json = JSON.parse(row.text);
    add(json);
    rows[item] = { ...row, text: JSON.stringify(json) };
  };
  const read = (item: "control" | "live" | "ledger"): Json => JSON.parse(rows[item]?.text ?? "{}");
  return { rows, stores, change, read };
}

const NEWER = { aFieldOfTomorrow: { at: "2027-01-01T00:00:00.000Z", list: [1, "two", null] } };

describe("a newer version beside this one, while it is being deployed", () => {
  it("finds its own fields again, whatever this one wrote there meanwhile", async () => {
    const { rows, stores, change, read } = storage();
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), {
      policy: fiveUsd({ mode: "observe" }),
      stores,
    });
    await watched.ticks(2);
    const subject = { kind: "run", id: watched.runIds()[1] ?? "" } as const;
    const until = new Date(watched.ports.clock.now().getTime() + 2 * HOUR);
    await watched.run(grantExemption(watched.ports, { subject, until, owner: "ann", reason: "big" }, "ann"));
    for (const item of ["control", "live", "ledger"] as const)
      change(item, (json) => Object.assign(json, NEWER));
    const [key = "", text = "{}"] = [...rows.exemptions][0] ?? [];
    rows.exemptions.set(key, JSON.stringify({ ...JSON.parse(text), ...NEWER }));

    await watched.push(fiveUsd());
    await watched.ticks(1);
    expect(read("control").openIntents).toHaveLength(1);
    change("control", ({ openIntents }) => Object.assign((openIntents as Json[])[0] ?? {}, NEWER));
    watched.advance(110 * MINUTE);
    await watched.ticks(1);

    for (const item of ["control", "live", "ledger"] as const) expect(read(item), item).toMatchObject(NEWER);
    const exemption = JSON.parse(rows.exemptions.get(key) ?? "{}");
    expect(exemption).toMatchObject({ ...NEWER, noticedAt: expect.any(String) });
  });

  it("takes no version, head or subject from within a text: they stand beside it", async () => {
    const { rows, stores, change } = storage();
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd(), stores });
    await watched.ticks(1);
    const subject = { kind: "run", id: watched.runIds()[0] ?? "" } as const;
    const until = new Date(watched.ports.clock.now().getTime() + 2 * HOUR);
    await watched.run(grantExemption(watched.ports, { subject, until, owner: "ann", reason: "big" }, "ann"));
    const { state } = watched.ports;
    const look = async () => ({
      control: await state.readControl(),
      live: (await state.readLive()).version,
      ledger: (await state.readLedger()).version,
    });
    const before = await look();
    const within = { version: 999, head: { chain: "control", sequence: 999, hash: "x" }, exemptions: [] };
    for (const item of ["control", "live", "ledger"] as const)
      change(item, (json) => Object.assign(json, within));
    const [key = "", text = "{}"] = [...rows.exemptions][0] ?? [];
    rows.exemptions.set(key, JSON.stringify({ ...JSON.parse(text), kind: "malformed", subject: "all" }));
    expect(await look()).toEqual(before);
  });

  it("keeps what it knows of an open intent that this one pursues", async () => {
    const { stores, change, read } = storage();
    const stuck = { ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" as const } };
    const watched = await watch(worldOf(stuck), { policy: fiveUsd(), stores });
    await watched.ticks(1);
    change("control", ({ openIntents }) => Object.assign((openIntents as Json[])[0] ?? {}, NEWER));
    watched.advance(MINUTE);
    await watched.ticks(1);
    expect(read("control").openIntents).toMatchObject([{ ...NEWER, forcedAt: expect.any(String) }]);
  });
});

describe("data that a newer version wrote, and this one can't go on with", () => {
  it("is refused in words, and nothing is stopped on it", async () => {
    const { stores, change } = storage();
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd(), stores });
    await watched.ticks(1);
    change("control", (json) => Object.assign(json, { format: DATA_FORMAT + 1 }));
    await expect(watched.tick()).rejects.toThrow(
      `was written by a newer version of the watchdog: its data has format ${DATA_FORMAT + 1}, and this version knows ${DATA_FORMAT}. Nothing is decided on it: upgrade this one.`,
    );
    await expect(watched.push(fiveUsd())).rejects.toThrow("upgrade this one");
    expect(watched.aborts()).toEqual([]);
  });
});
