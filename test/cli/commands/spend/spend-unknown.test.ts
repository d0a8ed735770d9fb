import { describe, expect, it } from "vitest";
import type { RunScript } from "../../../../emulator/index.ts";
import { ANY_SHARE, costRule } from "../../../support/policies.ts";
import { type Watched, watchFrom } from "../../../support/watch.ts";
import { burning, HOUR, MINUTE, worldOf } from "../../../support/world.ts";
import { cli } from "../../support.ts";

const START = new Date("2026-11-30T10:00:00.000Z");
/** A limit needs no ledger of before: that one begins with the first tick. */
const limit = { version: 1, mode: "enforce", ...ANY_SHARE, rules: [costRule(50)] };

async function begun(...runs: readonly RunScript[]): Promise<Watched> {
  const watched = await watchFrom(START, worldOf(...runs), limit);
  await watched.ticks(10);
  return watched;
}

const told = async (watched: Watched, ...more: string[]) => {
  const { code, out } = await cli(watched, ["spend", ...more]);
  return { code, out };
};

describe("watchdog spend of a time before the ledger's beginning", () => {
  it("says that it is unknown, and ends with 3", async () => {
    const watched = await begun(burning(6));
    const { code, out } = await told(watched, "--since", "2026-10-01");
    expect(code).toBe(3);
    expect(out).toContain("Unknown before 2026-11-30 10:00 UTC: the ledger does not go back further.");
    expect(out).toMatch(/\$0\.9\d +100% +in all +unknown before 2026-11-30 10:00/);
    const before = await told(watched, "--since", "2026-10-01", "--until", "2026-11-01");
    expect(before.code).toBe(3);
    expect(before.out).toContain("Unknown before 2026-11-01 00:00 UTC");
    expect(before.out).not.toContain("Nothing was spent");
  });

  it("says so to programs, in JSON and CSV", async () => {
    const watched = await begun(burning(6));
    const { code, out } = await told(watched, "--since", "2026-10-01", "--until", "2026-11-01", "--json");
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      rows: [],
      totalUsd: null,
      unknownBefore: "2026-11-01T00:00:00.000Z",
    });
    const csv = await told(watched, "--since", "2026-10-01", "--csv");
    expect(csv.code).toBe(3);
    expect(csv.out.split("\r\n").at(-1)).toMatch(
      /^\(unknown\),before 2026-11-30 10:00 UTC,,0,2026-11-30T10:00:00\.\d+Z\n$/,
    );
    const months = await told(watched, "--by", "month", "--since", "2026-10-01", "--csv");
    expect(months.out.trim().split("\r\n")).toEqual([
      "month,name,usd,runsOfUnknownCost,unknownBefore",
      "2026-10-01T00:00:00.000Z,2026-10-01 00:00,,0,2026-11-01T00:00:00.000Z",
      expect.stringMatching(
        /^2026-11-01T00:00:00.000Z,2026-11-01 00:00,0\.9\d*,0,2026-11-30T10:00:00\.\d+Z$/,
      ),
    ]);
  });

  it("ends with 0 where the ledger has all of it, and where this month was not asked for by name", async () => {
    const watched = await begun(burning(6));
    watched.advance(2 * HOUR);
    const known = await told(watched, "--since", "1h");
    expect([known.code, known.out]).toEqual([0, expect.not.stringContaining("nknown")]);
    const month = await told(watched);
    expect([month.code, month.out]).toEqual([0, expect.stringContaining("Unknown before 2026-11-30 10:00")]);
  });

  it("knows nothing of before and says so ahead of the first tick", async () => {
    const watched = await watchFrom(START, worldOf(burning(6)), limit);
    const { code, out } = await told(watched, "--since", "7d", "--json");
    expect([code, JSON.parse(out).totalUsd]).toEqual([3, null]);
  });
});

describe("a cost that Apify does not report", () => {
  const hidden = { costMissing: "absent" as const };
  const policy = {
    ...limit,
    rules: [{ id: "a-day", budget: { usd: 20, per: "day" }, steps: [{ at: "10%", do: "notify" }] }],
  };
  const spending = async () => {
    const runs = [
      burning(30),
      burning(6, { actor: "acme/nightly-archive", ...hidden }),
      burning(6, {
        actor: "acme/nightly-archive",
        ...hidden,
        ends: { afterMs: 4 * MINUTE, status: "SUCCEEDED" },
      }),
    ];
    const watched = await watchFrom(START, worldOf(...runs), policy);
    await watched.ticks(10);
    return watched;
  };

  it("is unknown of so many runs in spend, and no 0", async () => {
    const watched = await spending();
    const { out } = await told(watched, "--since", "2026-11-30");
    expect(out).toMatch(/a-day .*unknown of 2 runs/);
    expect(out).toMatch(/unknown +acme\/nightly-archive +unknown of 2 runs/);
    expect(out).toMatch(/in all +unknown of 2 runs/);
    const json = JSON.parse((await told(watched, "--json", "--since", "2026-11-30")).out);
    expect(json.rows).toMatchObject([
      { name: "acme/shop", runsOfUnknownCost: 0 },
      { name: "acme/nightly-archive", usd: null, runsOfUnknownCost: 2 },
    ]);
    expect(json).toMatchObject({ runsOfUnknownCost: 2, budgets: [{ runsOfUnknownCost: 2 }] });
    expect((await told(watched, "--csv", "--since", "2026-11-30")).out).toMatch(
      /,acme\/nightly-archive,,2,\n$/,
    );
  });

  it("is no less told where it is Apify's usage cycle that is not known", async () => {
    const rules = [{ id: "plan", budget: { usd: 20, per: "cycle" }, steps: [{ at: "90%", do: "notify" }] }];
    const tokens = { scoped: { except: [{ kind: "limits" as const }] } };
    const watched = await watchFrom(
      START,
      { ...worldOf(burning(6)), tokens },
      { ...limit, rules },
      { token: "scoped" },
    );
    await watched.ticks(3);
    expect((await told(watched)).out).toContain(
      "budget  plan not known: Apify has not reported its usage cycle",
    );
    const { unknownBudgets } = JSON.parse((await told(watched, "--json")).out);
    expect(unknownBudgets).toEqual([{ ruleId: "plan", reason: "Apify has not reported its usage cycle" }]);
  });

  it("is in the notice of a budget, in runs and in what explain says", async () => {
    const watched = await spending();
    const list = await cli(watched, ["audit", "list", "--kind", "step.notified", "--json"]);
    const [entry] = JSON.parse(list.out);
    expect(entry.evidence.facts).toEqual({ runsOfUnknownCost: expect.any(Number) });
    const shown = await cli(watched, ["audit", "list", "--kind", "step.notified"], { columns: 200 });
    expect(shown.out).toMatch(/the account spent \$\d\.\d\d of \$20\.00 a day, unknown of \d runs/);
    const runs = await cli(watched, ["runs"], { columns: 200 });
    expect(runs.out).toMatch(/budget {2}the account \$4\.\d\d of \$20\.00 a day, unknown of 2 runs/);
    const [runId = ""] = watched.runIds();
    const explained = await cli(watched, ["explain", runId], { columns: 300 });
    expect(explained.out).toMatch(/of \$20\.00 a day, unknown of 2 runs for the account/);
    const past = JSON.parse((await cli(watched, ["runs", "--past", "--json"])).out);
    expect(past).toMatchObject([{ usd: null }]);
  });
});
