import { describe, expect, it } from "vitest";
import { cutWorld } from "../shrink/cut.ts";
import { planFor } from "./plan.ts";

const plans = Array.from({ length: 400 }, (_, seed) => planFor(seed));
const bare = (seed: number) => planFor(seed, { isAimed: false, isMore: false, isNewer: false });

describe("planFor()", () => {
  it("lets no fault, wrong date or token that may not do everything last into the calm", () => {
    let tokens = 0;
    for (const { seed, world, activeMs, secrets } of plans) {
      const dates = [world.date ?? []].flat();
      for (const { untilMs = Number.POSITIVE_INFINITY } of [...(world.faults ?? []), ...dates])
        expect(untilMs, `seed ${seed}`).toBeLessThanOrEqual(activeMs);
      const held = secrets.findLast(({ fromMs }) => fromMs <= activeMs)?.token ?? "";
      const { except, only, user, untilMs = Number.POSITIVE_INFINITY } = world.tokens?.[held] ?? {};
      expect([except, only, user, held === "other-user"], `seed ${seed}`).toEqual([
        undefined,
        undefined,
        undefined,
        false,
      ]);
      expect(untilMs, `seed ${seed}`).toBe(Number.POSITIVE_INFINITY);
      tokens += Number(secrets.length > 1);
    }
    expect(tokens).toBeGreaterThan(10);
  });

  it("aims half of the worlds, those in which nothing fails by people alone, and mixes more into a fifth", () => {
    const share = (is: (plan: (typeof plans)[number]) => boolean): number =>
      plans.filter(is).length / plans.length;
    expect(share(({ aim }) => aim !== undefined)).toBeCloseTo(0.5, 1);
    expect(share(({ hasMore }) => hasMore)).toBeCloseTo(0.2, 1);
    for (const { aim, climate } of plans) {
      if (aim && climate.networkSlow === 0) expect(aim.isHarsh).toBe(false);
    }
  });

  it("draws all else in a seed's world as it would without what was added to worlds since", () => {
    for (const { aim, hasMore, newer, ticks, world, ...rest } of plans.slice(0, 60)) {
      const { ticks: ownTicks, world: ownWorld, hasMore: _none, ...own } = bare(rest.seed);
      expect(rest).toEqual(own);
      if (!aim) expect(ticks, `seed ${rest.seed}`).toEqual(ownTicks);
      if (!hasMore && !newer) expect(world, `seed ${rest.seed}`).toEqual(ownWorld);
      const cut = cutWorld(rest.seed, { aim: [], more: [], newer: [] });
      expect([cut.world, cut.ticks, cut.aim]).toEqual([ownWorld, ownTicks, undefined]);
    }
  });
});
