import { describe, expect, it } from "vitest";
import { noticeOf } from "../../src/watchdog/audit/notice.ts";
import type { Explanation } from "../../src/watchdog/explain/explanation.ts";
import { queryRuns } from "../../src/watchdog/explain/query.ts";
import { cli, policyFile } from "../cli/support.ts";
import { instead } from "../support/instead.ts";
import { ABORT, ANY_SHARE, fiveUsd } from "../support/policies.ts";
import { type Watched, watch } from "../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../support/world.ts";

const budget = (usd: number, overrides: object = {}, steps: readonly object[] = [ABORT]) => ({
  id: "all-a-day",
  budget: { usd, per: "day", ...overrides },
  steps,
});
const policy = (usd: number, overrides: object = {}, more: object = {}) =>
  fiveUsd({ ...ANY_SHARE, rules: [budget(usd, overrides)], ...more });

const explain = async (watched: Watched, runId: string): Promise<Explanation> =>
  JSON.parse((await cli(watched, ["explain", runId, "--json"])).out);

/** What everybody is told, on a pipe. */
const told = async (watched: Watched, ...argv: string[]): Promise<string> => (await cli(watched, argv)).out;

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
        const { decision } = await explain(watched, runId);
        const twin = JSON.parse(
          await told(watched, "scan", "--policy", await policyFile(policy(5)), "--json"),
        );
        const foreseen = twin.decisions.find((each: { runId?: string }) => each.runId === runId);
        if (!decision.why.includes("being stopped"))
          expect(foreseen?.action ?? "nothing").toBe(decision.action);
        actions.add(decision.action);
      }
      const before = await Promise.all(watched.runIds().map((runId) => explain(watched, runId)));
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
    expect((await explain(watched, runId)).rules[0]?.says).toContain(
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
    const { decision, rules } = await explain(watched, runId);
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
    expect(out).toContain("budget  all-a-day not known: Apify has not told its usage cycle");
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

describe("what was told of a budget", () => {
  const steps = [{ at: "50%", do: "notify" }, ABORT];
  const spent = async (overrides: object = {}) => {
    const rules = [{ ...budget(8, overrides, steps), owner: "ann" }];
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: policy(50) });
    // The first tick has none before it by which the ledger could be up to date.
    await watched.ticks(1);
    await watched.push(fiveUsd({ ...ANY_SHARE, rules }));
    await watched.ticks(3);
    return watched;
  };

  it("stands in the audit without a run, and its chain verifies by its name", async () => {
    const watched = await spent();
    const list = await told(watched, "audit", "list", "--kind", "step.notified");
    expect(list).toMatch(/SPENT +\S* +the account spent \$8\.00 of \$8\.00 a day \(all-a-day\), at 100%/);
    expect(list).not.toContain("undefined");
    const [entry] = JSON.parse(await told(watched, "audit", "list", "--kind", "step.notified", "--json"));
    const shown = await told(watched, "audit", "show", entry.chain);
    expect(shown).toMatch(/evidence {2}the account spent \$8\.00 of \$8\.00 a day, read \S+ \(ledger\)/);
    expect(shown).toMatch(/window {4}\d{4}-\d\d-\d\d 00:00 to \d{4}-\d\d-\d\d 00:00 UTC/);
    expect(shown).toContain("This chain verifies");
    expect((await cli(watched, ["audit", "verify"])).code).toBe(0);
    const undone = await cli(watched, ["undo", entry.entryId, "--until", "1h", "--reason", "x"]);
    expect(undone.err).toContain("is a notice: there is nothing to undo");
  });

  it("names the Actor where each has its own", async () => {
    const watched = await spent({ each: "actor" });
    const list = await cli(watched, ["audit", "list", "--kind", "step.notified"], { columns: 200 });
    expect(list.out).toMatch(/SPENT.* acme\/shop +Actor \S+ spent \$8\.00 of \$8\.00 a day/);
    const scanned = await told(watched, "scan", "--policy", await policyFile(policy(1, { each: "actor" })));
    expect(scanned).toContain("budget  acme/shop $8.00 of $1.00 a day");
  });

  it("is what its owner is told: whose, of which window, what next and what overrules it", async () => {
    const watched = await spent();
    const [entry] = JSON.parse(await told(watched, "audit", "list", "--kind", "step.notified", "--json"));
    const { subject, text } = noticeOf(entry);
    expect(subject).toBe("[default] SPENT: budget all-a-day of the account");
    expect(text).toMatch(
      /^SPENT: the account spent \$8\.00 of \$8\.00 a day \(all-a-day\), at 100%\n\nBudget/,
    );
    expect(text).toMatch(/\nBudget {3}of the account, from \S+ 00:00 to \S+ 00:00 UTC\n/);
    expect(text).toContain("\nRule     all-a-day, of policy version 2, enforce\n");
    expect(text).toMatch(/\nMeasured the account spent \$8\.00 of \$8\.00 a day, read /);
    expect(text).toMatch(
      /\nOwner {4}ann\nNext {5}its runs are stopped on sight until .*\nOverrule watchdog exempt add --rule all-a-day/,
    );
    expect(text).not.toContain("undefined");
  });

  it("says in a run's own notice whose budget it was stopped for", async () => {
    const watched = await spent();
    const [runId = ""] = watched.runIds();
    const held = (await watched.entries(runId)).find(({ kind }) => kind === "abort.intended");
    expect(held && noticeOf(held).text).toMatch(
      /\nMeasured the account spent \$8\.00 of \$8\.00 a day, read /,
    );
  });

  it("stands before the runs, and in each of them", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: policy(16) });
    await watched.tick();
    const out = await cli(watched, ["runs"], { columns: 160 });
    expect(out.out).toContain("budget  the account $8.00 of $16.00 a day\n");
    expect(out.out).toContain("budget 50% of $16.00");
    const { budgets } = JSON.parse(await told(watched, "runs", "--json"));
    expect(budgets.groups).toMatchObject([{ share: 0.5, budget: { group: "account" }, reached: [] }]);
  });

  it("puts first, of runs in one budget, the one that is nearest to a limit of its own", async () => {
    const limit = { id: "six-hours", limit: { runTime: "6h" }, steps: [ABORT] };
    const both = fiveUsd({ ...ANY_SHARE, rules: [budget(8.5), limit] });
    const older = { ...HEALTHY, startsAfterMs: -3 * HOUR };
    const watched = await watch(worldOf(OVER_5_USD, older), { policy: both });
    await watched.tick();
    const { runs } = await queryRuns(watched.ports);
    expect(runs.map(({ shares }) => shares[0]?.ruleId)).toEqual(["all-a-day", "all-a-day"]);
    expect(runs.map(({ live }) => live.run.usageTotalMicroUsd)).toEqual([1_000_000, 7_000_000]);
  });

  it("may be overruled: by an exemption of the rule, and by an undo that has no ceiling of its own", async () => {
    const watched = await spent();
    const [runId = ""] = watched.runIds();
    const stop = (await watched.entries(runId)).find(({ kind }) => kind === "abort.confirmed");
    const undone = await cli(watched, ["undo", stop?.entryId ?? "", "--until", "6h", "--reason", "x"]);
    expect(undone.out).toContain(`Run ${runId} lives again`);
    expect(undone.out).not.toContain("when it has cost");
    await watched.ticks(2);
    expect(watched.status(runId)).toBe("RUNNING");
    expect((await explain(watched, runId)).decision).toMatchObject({ action: "hold", guard: "exemption" });
    const added = await told(
      watched,
      "exempt",
      "add",
      "--rule",
      "all-a-day",
      "--until",
      "6h",
      "--reason",
      "month end",
    );
    expect(added).toContain("Exempt: rule all-a-day");
    expect(await told(watched, "exempt", "list")).toMatch(/rule all-a-day .* month end/);
  });
});
