import { expect, it } from "vitest";
import { standingsOf } from "../../../../src/policy/index.ts";
import { recordDue } from "../../../../src/watchdog/ledger/record.ts";
import { ledgerFor } from "../../../../src/watchdog/ledger/tick-ledger.ts";
import { lookAt } from "../../../../src/watchdog/observe/look.ts";
import { openContext } from "../../../../src/watchdog/tick/open.ts";
import { dailyBudget } from "../../../support/policies.ts";
import { entriesOfKind } from "../../../support/recorded.ts";
import { type Watched, watchFrom, within } from "../../../support/watch.ts";
import { burning, MINUTE, OVER_5_USD, SECOND, worldOf } from "../../../support/world.ts";

const START = new Date("2026-11-25T10:02:00.000Z");

/** Leaves the live index with other ids of what was told of budgets. */
async function rememberAsSaid({ ports }: Watched, said: readonly string[]): Promise<void> {
  const live = await ports.state.readLive();
  await ports.state.writeLive({ ...live, budgets: { looks: {}, ...live.budgets, said } });
}

it("remembers the last five hundred things that were told of budgets, and tells none again that it forgot", async () => {
  const watched = await watchFrom(START, worldOf(burning(10)), dailyBudget(1, { mode: "observe" }));
  await watched.tick();
  const others = Array.from({ length: 500 }, (_, i) => `told-before-${i}`);
  await rememberAsSaid(watched, others);
  watched.advance(10 * MINUTE);
  await watched.tick();
  const told = await entriesOfKind(watched, "step.notified");
  expect(told.length).toBeGreaterThan(0);
  const { budgets } = await watched.ports.state.readLive();
  expect(budgets?.said).toEqual([...others.slice(told.length), ...told.map(({ entryId }) => entryId)]);

  await rememberAsSaid(watched, []);
  watched.advance(MINUTE);
  await watched.tick();
  expect(await entriesOfKind(watched, "step.notified")).toEqual(told);
});

it("tells of a step once a window, whatever guard holds the budget's stops meanwhile", async () => {
  const watched = await watchFrom(START, worldOf(OVER_5_USD), dailyBudget(8));
  const guards: unknown[] = [];
  const tick = async (): Promise<void> => {
    const { decisions } = await watched.tick();
    for (const each of decisions) if (!("runId" in each)) guards.push(each.guard);
    watched.advance(MINUTE);
  };
  await tick();
  for (let minute = 0; minute < 4; minute++) await tick();
  watched.advance(20 * MINUTE);
  await tick();
  await tick();
  const { length } = guards;
  expect([guards[0], guards[length - 3], guards[length - 2], guards[length - 1]]).toEqual([
    "unfilledWindow",
    undefined,
    "staleLedger",
    undefined,
  ]);
  const told = await entriesOfKind(watched, "step.notified");
  expect(told).toMatchObject([{ step: { at: 80 }, guard: "unfilledWindow" }]);
});

it("a spend is in the sum before it is recorded, and right after", async () => {
  const watched = await watchFrom(START, worldOf(burning(6)), dailyBudget(100));
  await watched.ticks(57);
  // The hour turns between two looks: what the run spent in it is written down then.
  watched.advance(58 * SECOND);
  const { ports } = watched;
  const context = await openContext(watched.process(), await ports.state.readLive(), within(watched, MINUTE));
  const policy = (await context.policyOf(await ports.state.readControl()))?.policy;
  const [runId = ""] = watched.runIds();
  const sum = async (): Promise<number | undefined> => {
    const ledger = policy && (await ledgerFor(context, policy));
    const standings = policy && ledger && standingsOf(policy, ledger, ports.clock.now());
    return standings?.groups.values().next().value?.spent;
  };
  await watched.run(sum());
  watched.advance(3 * SECOND);
  await watched.run(lookAt(context, runId));
  const before = await watched.run(sum());
  await watched.run(recordDue(context));
  expect(context.live.get(runId)).not.toHaveProperty("unrecorded");
  expect(before).toBeGreaterThan(5_000_000);
  expect(await watched.run(sum())).toBe(before);
});
