import { describe, expect, it } from "vitest";
import { queryRuns } from "../../../../src/watchdog/explain/query.ts";
import { cli, explained, policyFile } from "../../../cli/support.ts";
import { mailOfEntry } from "../../../support/notices/mail.ts";
import { ABORT, ANY_SHARE, fiveUsd } from "../../../support/policies.ts";
import { watch } from "../../../support/watch.ts";
import { HEALTHY, HOUR, OVER_5_USD, worldOf } from "../../../support/world.ts";
import { budget, policy, told } from "../telling.ts";

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
    const undone = await cli(watched, ["undo", entry.entryId, "--until", "1h", "--reason", "x", "--yes"]);
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
    const { subject, text } = mailOfEntry(entry);
    expect(subject).toBe("[default] SPENT: budget all-a-day of the account");
    expect(text).toMatch(/\nthe account spent \$8\.00 of \$8\.00 a day \(all-a-day\), at 100%\n\nBudget/);
    expect(text).toMatch(/\nBudget {5}of the account, from \S+ 00:00 to \S+ 00:00 UTC\n/);
    expect(text).toContain("\nRule       all-a-day, of policy version 2, enforce\n");
    expect(text).toMatch(/\nMeasured {3}the account spent \$8\.00 of \$8\.00 a day, read /);
    expect(text).toMatch(
      /\nOwner {6}ann\nNext {7}its runs are stopped on sight until .*\nTo exempt {2}watchdog exempt add --rule all-a-day/,
    );
    expect(text).not.toContain("undefined");
  });

  it("says in a run's own notice whose budget it was stopped for", async () => {
    const watched = await spent();
    const [runId = ""] = watched.runIds();
    const held = (await watched.entries(runId)).find(({ kind }) => kind === "abort.intended");
    expect(held && mailOfEntry(held).text).toMatch(
      /\nMeasured {3}the account spent \$8\.00 of \$8\.00 a day, read /,
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
    const undone = await cli(watched, [
      "undo",
      stop?.entryId ?? "",
      "--until",
      "6h",
      "--reason",
      "x",
      "--yes",
    ]);
    expect(undone.out).toContain(`Run ${runId} lives again`);
    expect(undone.out).not.toContain("when it has cost");
    await watched.ticks(2);
    expect(watched.status(runId)).toBe("RUNNING");
    expect((await explained(watched, runId)).decision).toMatchObject({ action: "hold", guard: "exemption" });
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
      "--yes",
    );
    expect(added).toContain("Exempt: rule all-a-day");
    expect(await told(watched, "exempt", "list")).toMatch(/rule all-a-day .* month end/);
  });
});
