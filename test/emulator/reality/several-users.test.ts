import { describe, expect, test } from "vitest";
import { createEmulator } from "../../../emulator/index.ts";
import { ask, HOUR, type Json, worldOf } from "../support.ts";
import { refusalOf } from "./support.ts";

// Facts, section 8: who does not own a run sees its cost only of pay-per-event Actors; section 20: runs that others pay for
// stand in the list of an Actor's maker, and a run's own `userId` names its owner.

describe("several users", () => {
  const world = {
    ...worldOf({ label: "mine" }, { label: "theirs", user: "rival", cost: 6, usageLagMs: 0 }),
    users: ["rival"],
    tokens: { rival: { user: "rival" } },
  } as const;
  const ids = (told: { data: Json }) => told.data.items.map(({ id }: Json) => id);

  test("each list their own runs, are who they are, and spend their own money", () => {
    const emulator = createEmulator({ world });
    emulator.clock.advance(HOUR);
    const rival = { token: "rival" };
    expect(ids(ask(emulator, "GET", "/v2/actor-runs"))).toEqual([emulator.truth.idOf("mine")]);
    expect(ids(ask(emulator, "GET", "/v2/actor-runs", rival))).toEqual([emulator.truth.idOf("theirs")]);
    const { data: user } = ask(emulator, "GET", "/v2/users/me", rival);
    expect(user.username).toBe("rival");
    expect(ask(emulator, "GET", "/v2/users/me/limits", rival).data.current.monthlyUsageUsd).toBe(6);
    expect(ask(emulator, "GET", "/v2/users/me/limits").data.current.monthlyUsageUsd).toBeCloseTo(0.2, 3);
    const theirs = emulator.truth.runs().find(({ label }) => label === "theirs");
    expect(theirs?.userId).toBe(user.id);
    expect(ask(emulator, "GET", `/v2/actor-runs/${theirs?.id}`, rival).data.userId).toBe(user.id);
  });

  test("stand in the list of an Actor's maker with their own id and without their cost, and are not the maker's to stop", () => {
    const emulator = createEmulator({ world });
    emulator.clock.advance(HOUR);
    const theirs = emulator.truth.idOf("theirs");
    const { items } = ask(emulator, "GET", "/v2/actors/acme~shop/runs").data;
    expect(items.map(({ id }: Json) => id)).toEqual([emulator.truth.idOf("mine"), theirs]);
    expect(items[1].userId).not.toBe(items[0].userId);
    expect(items[1]).not.toHaveProperty("usageTotalUsd");
    const { data } = ask(emulator, "GET", `/v2/actor-runs/${theirs}`);
    expect(data).not.toHaveProperty("usageTotalUsd");
    expect(data).not.toHaveProperty("usageUsd");
    const abort = ask(emulator, "POST", `/v2/actor-runs/${theirs}/abort`);
    expect(refusalOf(abort)).toEqual([403, "insufficient-permissions"]);
    expect(emulator.truth.askedToAbort(theirs)).toEqual([]);
  });

  test("are told of a pay-per-event Actor's charges to others, as documented", () => {
    const users = { users: ["rival"], username: "mapworks" } as const;
    const run = { label: "theirs", actor: "mapworks/places", user: "rival", cost: 6, usageLagMs: 0 };
    const emulator = createEmulator({ world: { ...worldOf(run), ...users } });
    emulator.clock.advance(HOUR);
    const [item] = ask(emulator, "GET", "/v2/actors/mapworks~places/runs").data.items;
    expect(item.usageTotalUsd).toBe(6);
  });

  test("count in the truth about the owner's spend as little as in his bill", () => {
    const emulator = createEmulator({ world });
    emulator.clock.advance(HOUR);
    const now = emulator.clock.now();
    expect(emulator.truth.spendByRun(now - HOUR, now).map(({ label }) => label)).toEqual(["mine"]);
    expect(emulator.truth.usdBetween(() => true, now - HOUR, now)).toBeCloseTo(0.2, 6);
    expect(emulator.truth.costUsdAt(emulator.truth.idOf("theirs"), now)).toBeCloseTo(6, 9);
  });
});
