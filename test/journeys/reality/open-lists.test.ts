import { describe, expect, it } from "vitest";
import { costRule, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";

const WEEK_SECS = 604_800;
const only = (limit: object, overrides: object = {}) =>
  fiveUsd({ rules: [costRule(0, { limit, ...overrides })] });

describe("a run with a timeout of a week", () => {
  const world = worldOf(
    { ...HEALTHY, label: "a week", timeoutSecs: WEEK_SECS },
    { ...HEALTHY, label: "an hour", timeoutSecs: 7_200 },
  );

  it("is none without a timeout, and is stopped by a limit on the timeout that was set", async () => {
    const watched = await watch(world, { policy: only({ noTimeout: true }) });
    await watched.ticks(2);
    expect(watched.aborts()).toEqual([]);
    await watched.push(only({ timeout: "1d" }));
    await watched.ticks(2);
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([watched.emulator.truth.idOf("a week")]);
  });
});

describe("what Apify may tell one day", () => {
  const world = worldOf(
    { ...HEALTHY, label: "new model", fields: { set: { pricingInfo: { pricingModel: "SOMETHING_NEW" } } } },
    { ...HEALTHY, label: "new service", fields: { set: { "usageUsd.PAID_ACTORS_PER_EVENT": 7 } } },
    HEALTHY,
  );

  it.each([
    ["new model", only({ runTime: "30m" }, { for: { pricingModels: ["SOMETHING_NEW"] } })],
    ["new service", only({ "usageUsd.PAID_ACTORS_PER_EVENT": 5 })],
  ])("is judged by once it tells it: a %s", async (label, policy) => {
    const watched = await watch(world, { policy });
    await watched.ticks(2);
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([watched.emulator.truth.idOf(label)]);
  });
});
