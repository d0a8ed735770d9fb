import { describe, expect, it } from "vitest";
import type { RunScript } from "../../../../emulator/index.ts";
import { failing, instead } from "../../../support/instead.ts";
import { costRule, fiveUsd } from "../../../support/policies.ts";
import { type Watched, watch } from "../../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../../support/world.ts";
import { cli } from "../../support.ts";
import { dryRun, policy, push } from "./pushing.ts";

/** Costs 7 USD when it is first looked at, 9 in the end. */
const ending = (status: "SUCCEEDED" | "FAILED"): RunScript => ({
  ...OVER_5_USD,
  cost: { startUsd: 7, thenUsdPerHour: 2 },
  startsAfterMs: 0,
  ends: { afterMs: HOUR, status },
});

/** Three runs over 5 USD, two of which ended since, observed for three hours by the policy's only rule. */
async function observed(): Promise<Watched> {
  const watched = await watch(
    worldOf(ending("SUCCEEDED"), ending("FAILED"), { ...OVER_5_USD, startsAfterMs: 0 }, HEALTHY),
    { policy: policy(5, { mode: "observe" }) },
  );
  await watched.ticks(2);
  watched.advance(2 * HOUR);
  await watched.ticks(2);
  watched.advance(HOUR);
  return watched;
}

describe("a policy that goes from observe to enforce", () => {
  it("shows what each rule would have stopped, what became of that, and what people said", async () => {
    const watched = await observed();
    const ended = (status: string): string =>
      watched.runIds().find((id) => watched.status(id) === status) ?? "";
    const [succeeded, failed] = [ended("SUCCEEDED"), ended("FAILED")];
    await cli(watched, ["judge", failed, "wrong", "--reason", "it was fine"]);
    const { promotion } = await dryRun(watched, policy(5));
    expect(promotion.rules).toMatchObject([
      {
        ruleId: "cost",
        observedSince: expect.stringMatching(/Z$/),
        days: expect.closeTo(3 / 24, 1),
        changed: false,
        wouldHaveStopped: 3,
        ...{ succeeded: 1, otherwise: 1, live: 1, unknown: 0, wrong: 2 },
        verdicts: { right: 0, wrong: 1, planned: 0 },
        costUsd: expect.closeTo(9 + 9 + 7, 1),
        afterUsd: expect.closeTo(2 + 2, 0),
        runsOfUnknownCost: 0,
      },
    ]);
    const runs = promotion.rules[0].runs.map(({ runId }: { readonly runId: string }) => runId);
    expect(runs.slice(0, 2).toSorted()).toEqual([succeeded, failed].toSorted());
    const { out } = await push(watched, policy(5), ["--dry-run"]);
    expect(out).toMatch(/\nRULE +OBSERVED +STOPS +SUCCEEDED +THE OTHERS +COST +OF IT AFTER +JUDGED\n/);
    expect(out).toMatch(/\ncost +3h .* 3 +1 +1 ended otherwise, 1 live +\$25\.\d\d +\$\d\.\d\d +1 wrong\n/);
    expect(out).toMatch(new RegExp(`healthy runs: .*${failed} \\(judged wrong, FAILED, \\$9\\.00\\)`));
    expect(out).toContain(`${succeeded} (SUCCEEDED, $9.00)`);
    expect(out).toMatch(/cost was observed for 3h \d+m only\./);
  });

  it("says right after a push that the rule was observed for less than a minute", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: policy(5, { mode: "observe" }) });
    const { out } = await cli(watched, ["policy", "observed"]);
    expect(out).toMatch(/\ncost +less than a minute +0 /);
    expect(out).toContain("cost was observed for less than a minute only.");
  });

  it("says of a rule that changes with the push, or was never observed, that this was not observed", async () => {
    const watched = await observed();
    const changed = fiveUsd({ rules: [costRule(4), costRule(50, { id: "other" })] });
    const { promotion } = await dryRun(watched, changed);
    expect(promotion.rules).toMatchObject([
      { ruleId: "cost", changed: true, wouldHaveStopped: 3 },
      { ruleId: "other", observedSince: null, days: 0, changed: false, wouldHaveStopped: 0, runs: [] },
    ]);
    const { out } = await push(watched, changed, ["--dry-run"]);
    expect(out).toContain("is not what is about to be enforced, which stops otherwise: cost.");
    expect(out).toContain("Never observed: other. What it would have done, backtest shows.");
  });

  it("counts from the push that brought in the limit, and not what another limit would have stopped", async () => {
    const watched = await observed();
    await push(watched, policy(8, { mode: "observe" }));
    watched.advance(30 * MINUTE);
    const after = policy(8, { mode: "observe", rules: [costRule(8, { owner: "ann" })] });
    await push(watched, after);
    watched.advance(30 * MINUTE);
    const { promotion } = await dryRun(watched, policy(8));
    expect(promotion.rules).toMatchObject([
      { ruleId: "cost", days: expect.closeTo(1 / 24, 2), wouldHaveStopped: 0, costUsd: 0 },
    ]);
  });

  it("says so where the audit can't be read, and pushes all the same", async () => {
    const watched = await observed();
    const audit = instead(watched.ports.audit, { list: () => failing("the index is throttled") });
    const connection = { ports: { ...watched.ports, audit } };
    const { code, out } = await push(watched, policy(5), [], { connection });
    expect(out).toContain("What observing has shown of cost is not known: Error: the index is throttled.");
    expect(out).toContain("Version 2 is in force");
    expect(code).toBe(0);
  });

  it("is silent where no rule begins to stop runs", async () => {
    const watched = await observed();
    expect((await dryRun(watched, policy(6, { mode: "observe" }))).promotion).toBeNull();
  });
});

describe("watchdog policy observed", () => {
  it("shows the same of the policy in force, before anything is pushed", async () => {
    const watched = await observed();
    const { code, out } = await cli(watched, ["policy", "observed"]);
    expect(out).toMatch(/\ncost +3h .* 3 +1 +1 ended otherwise, 1 live /);
    expect(code).toBe(0);
    await push(watched, policy(5));
    expect((await cli(watched, ["policy", "observed"])).out).toContain("None of its rules is only observed.");
    const { out: json } = await cli(watched, ["policy", "observed", "--json"]);
    expect(JSON.parse(json)).toMatchObject({ version: 2, promotion: null });
  });
});
