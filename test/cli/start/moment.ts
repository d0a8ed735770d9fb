import type { Moment } from "../../../cli/start/view.ts";
import { parsePolicy } from "../../../src/policy/index.ts";
import { NO_BUDGETS } from "../../../src/watchdog/explain/budget-view.ts";
import { queryRuns } from "../../../src/watchdog/explain/query.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";

/** What the live view shows of so many runs, the first of them near its limit. */
export async function moment(runs: number): Promise<Moment> {
  const near = { ...HEALTHY, cost: { startUsd: 4, thenUsdPerHour: 0 } };
  const watched = await watch(worldOf(near, ...Array.from({ length: runs - 1 }, () => HEALTHY)), {
    policy: fiveUsd(),
  });
  const report = await watched.tick();
  const { control, runs: views } = await queryRuns(watched.ports);
  return {
    now: new Date(watched.emulator.clock.now()),
    runs: views,
    control,
    policy: parsePolicy(fiveUsd()),
    isReadOnly: false,
    budgets: NO_BUDGETS,
    nameOf: () => "acme/a-name-that-is-longer-than-most",
    report,
    ticks: 7,
    stopped: 2,
    observed: 0,
    forgoneMicroUsd: 0,
    forgoneUnknown: 0,
    held: 1,
    warned: 3,
    savedMicroUsd: 12_340_000,
  };
}
