import { describe, expect, it } from "vitest";
import { queryRuns } from "../../../../src/watchdog/explain/query.ts";
import { cli, explained, policyFile } from "../../../cli/support.ts";
import { instead } from "../../../support/instead.ts";
import { fiveUsd } from "../../../support/policies.ts";
import { watch } from "../../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../../support/world.ts";
import { policy, told } from "../telling.ts";

const ENDED = { ...OVER_5_USD, startsAfterMs: -2 * HOUR, endsAfterMs: -HOUR } as const;

describe("a budget is told as it is judged", () => {
  it("explain foresees the very decisions of the next tick, at each tick until all is spent", async () => {
    const growing = { ...HEALTHY, cost: { startUsd: 1, thenUsdPerHour: 60 } };
    const watched = await watch(worldOf(growing, HEALTHY), { policy: policy(5) });
    await watched.tick();
    const actions = new Set<string>();
    for (let minute = 0; minute < 6; minute++) {
      watched.advance(MINUTE);
      for (const runId of watched.runIds()) {
        const { decision } = await explained(watched, runId);
        const twin = JSON.parse(
          await told(watched, "scan", "--policy", await policyFile(policy(5)), "--json"),
        );
        const foreseen = twin.decisions.find((each: { runId?: string }) => each.runId === runId);
        if (!decision.why.includes("being stopped"))
          expect(foreseen?.action ?? "nothing").toBe(decision.action);
        actions.add(decision.action);
      }
      const before = await Promise.all(watched.runIds().map((runId) => explained(watched, runId)));
      const { decisions } = await watched.tick();
      for (const { runId, decision } of before) {
        const own = decisions.find((each) => each.runId === runId);
        expect(own?.action ?? "nothing").toBe(decision.action);
      }
    }
    expect(actions).toEqual(new Set(["nothing", "abort"]));
  });

  it("counts a run that is read anew, and one that the watchdog forgot, once", async () => {
    const watched = await watch(worldOf(HEALTHY, HEALTHY), { policy: policy(50) });
    await watched.ticks(3);
    const [runId = ""] = watched.runIds();
    expect((await explained(watched, runId)).rules[0]?.says).toContain(
      "spent $2.00 of $50.00 a day for the account",
    );
    const forgotten = instead(watched.ports.state, {
      readLive: async () => {
        const live = await watched.ports.state.readLive();
        return { ...live, runs: new Map([...live.runs].filter(([id]) => id !== runId)) };
      },
    });
    const connection = { ports: { ...watched.ports, state: forgotten } };
    const { out } = await cli(watched, ["explain", runId], { connection });
    expect(out).toContain("spent $2.00 of $50.00 a day for the account");
  });

  it("says of an ended run that what was spent by then is not kept, and why it was stopped", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: policy(5) });
    await watched.ticks(3);
    const [runId = ""] = watched.runIds();
    const { decision, rules } = await explained(watched, runId);
    expect(decision.why).toContain("the account spent $7.00 of $5.00 a day (all-a-day)");
    expect(rules[0]?.says).toBe("not known: what was spent by then is not kept");
  });
});

describe("what a budget would do", () => {
  it("is in the preview of a push, with the evidence, and lets go what only the old one stops", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: policy(50) });
    await watched.tick();
    const out = await told(watched, "policy", "push", await policyFile(policy(8)), "--dry-run");
    expect(out).toContain("it would stop 2 runs:");
    expect(out).toMatch(/STOP +\S+ +\$8\.00 +\$8\.00 +acme\/shop +all-a-day/);
    expect(out).toContain("budget  the account $8.00 of $8.00 a day\n");
    // What the last tick knows does for those who have no token.
    const offline = await cli(
      watched,
      ["policy", "push", await policyFile(policy(8)), "--dry-run", "--json"],
      {
        connection: { hasApify: false },
      },
    );
    const { preview } = JSON.parse(offline.out);
    expect(preview.effect.source).toBe("last-tick");
    expect(preview.effect.stops).toHaveLength(2);
    expect(preview.effect.budgets.groups).toMatchObject([{ ruleId: "all-a-day", spentUsd: 8, limitUsd: 8 }]);
  });

  it("is held where the ledger does not go back to the window's beginning, and that is said", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: policy(50) });
    await watched.tick();
    const week = policy(5, { per: "week" });
    const out = await told(watched, "policy", "push", await policyFile(week), "--dry-run");
    expect(out).toContain("it would hold 1:");
    expect(out).toContain("all-a-day: the ledger does not know all of the budget's window yet");
    expect(out).toContain(
      "budget  the account $7.00 of $5.00 a week (stops nothing yet: the ledger does not go back to its window's beginning)",
    );
  });

  it("is not known of a usage cycle that Apify has not told", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const out = await told(
      watched,
      "policy",
      "push",
      await policyFile(policy(5, { per: "cycle" })),
      "--dry-run",
    );
    expect(out).toContain("budget  all-a-day not known: Apify has not reported its usage cycle");
  });

  it("is told by a trial, on what the tables know and each run once, also of runs that have ended", async () => {
    const watched = await watch(worldOf(HEALTHY, ENDED), { policy: policy(50) });
    await watched.ticks(3);
    const before = await watched.ports.state.readSpend([{ from: "2026-01-01", to: "2027-01-01" }]);
    const { code, out } = await cli(watched, [
      "scan",
      "--max-usd-per-day",
      "4",
      "--max-usd-per-month",
      "400",
    ]);
    const day = (await queryRuns(watched.ports)).budgets.groups[0]?.spentUsd ?? 0;
    expect(day).toBeGreaterThan(4);
    expect(out).toMatch(/WOULD STOP +\S+ +\$\S+ +\$4\.00 +max-usd-per-day/);
    expect(out).toMatch(/SPENT +the account +\$\S+ +\$4\.00 +max-usd-per-day/);
    expect(out).toContain(`budget  the account $${day.toFixed(2)} of $4.00 a day\n`);
    expect(out).toContain(`budget  the account $${day.toFixed(2)} of $400.00 a month`);
    expect(code).toBe(1);
    expect(await watched.ports.state.readSpend([{ from: "2026-01-01", to: "2027-01-01" }])).toEqual(before);
  });

  it("fills a longer window in a trial, and counts what the tables have recorded once", async () => {
    // Begun before the day was, so that the week's list has it again.
    const overnight = { ...ENDED, startsAfterMs: -9 * HOUR };
    const watched = await watch(worldOf(HEALTHY, overnight), { policy: policy(50) });
    await watched.ticks(3);
    const out = await told(watched, "scan", "--policy", await policyFile(policy(4, { per: "week" })));
    expect(out).toContain("budget  the account $8.00 of $4.00 a week\n");
  });

  it("is told by a trial that must record runs upon what the tables have of them", async () => {
    const growing = { ...HEALTHY, cost: { startUsd: 1, thenUsdPerHour: 6 } };
    const watched = await watch(worldOf(growing), { policy: policy(50) });
    await watched.tick();
    watched.advance(55 * MINUTE);
    await watched.tick();
    // The hour turns: what it spent in the last one goes to the cells.
    watched.advance(6 * MINUTE);
    const out = await told(watched, "scan", "--max-usd-per-day", "4");
    expect(out).toMatch(/WOULD STOP +\S+ +\$\S+ +\$4\.00 +max-usd-per-day/);
    expect(out).not.toContain("stops nothing");
  });

  it("is told not to be covered by the ticks that leave its window unfilled, and by no other", async () => {
    const watched = await watch(worldOf(HEALTHY, ENDED), { policy: policy(50) });
    const runsPage = async (): Promise<never> => {
      throw new Error("the list does not answer");
    };
    const unfilled = "a budget's window is not filled yet";
    const failing = watched.process({ apify: instead(watched.ports.apify, { runsPage }) });
    expect((await watched.tick(failing)).skipped).toHaveProperty([unfilled]);
    watched.advance(MINUTE);
    expect((await watched.tick()).skipped).not.toHaveProperty([unfilled]);
  });

  it("is filled from Apify's list by a trial on tables that know nothing yet", async () => {
    const watched = await watch(worldOf(HEALTHY, ENDED));
    const out = await told(watched, "scan", "--max-usd-per-day", "4");
    expect(out).toMatch(/SPENT +the account +\$8\.00 +\$4\.00/);
  });
});
