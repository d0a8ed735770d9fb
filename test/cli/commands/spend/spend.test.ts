import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { csv } from "../../../../cli/show/csv.ts";
import { createEmulator, steppedClock } from "../../../../emulator/index.ts";
import { ABORT, ANY_SHARE } from "../../../support/policies.ts";
import { type Watched, watch, watchFrom } from "../../../support/watch.ts";
import { burning, HOUR, MINUTE, worldOf } from "../../../support/world.ts";
import { cli } from "../../support.ts";

const START = new Date("2026-11-25T10:00:00.000Z");

const policy = {
  version: 1,
  mode: "enforce",
  ...ANY_SHARE,
  rules: [
    { id: "a-day", budget: { usd: 20, per: "day" }, steps: [ABORT] },
    { id: "each", budget: { usd: 100, per: "month", each: "actor" }, steps: [ABORT] },
  ],
};

async function spending(minutes: number): Promise<Watched> {
  const runs = [
    burning(6, { task: "shop-eu" }),
    burning(4, { actor: "acme/nightly-archive", ends: { afterMs: 30 * MINUTE, status: "SUCCEEDED" } }),
  ];
  const watched = await watchFrom(START, worldOf(...runs), policy);
  await watched.ticks(minutes);
  return watched;
}

describe("watchdog spend", () => {
  it("tells by Actor, task, origin and time what the runs truly spent, down to now", async () => {
    const watched = await spending(90);
    const { truth, clock } = watched.emulator;
    const spent = truth.usdBetween(() => true, START.getTime(), clock.now());
    for (const by of ["actor", "task", "schedule", "origin", "hour", "day", "month"]) {
      const { out, code } = await cli(watched, ["spend", "--by", by, "--json"]);
      expect(code).toBe(0);
      const { rows, totalUsd } = JSON.parse(out);
      expect(totalUsd).toBeCloseTo(
        rows.reduce((sum: number, { usd }: { usd: number }) => sum + usd, 0),
        5,
      );
      // A look is up to a minute old.
      expect(totalUsd).toBeLessThanOrEqual(spent);
      expect(totalUsd).toBeGreaterThan(spent - 0.2);
    }
    const { rows } = JSON.parse((await cli(watched, ["spend", "--json"])).out);
    expect(rows.map(({ usd }: { usd: number }) => Math.round(usd))).toEqual([9, 2]);
  });

  it("names schedules, and has one row for what none of them started", async () => {
    const NIGHTLY_ID = "nightlynightly123";
    const world = {
      ...worldOf(burning(4, { origin: "SCHEDULER", scheduleId: NIGHTLY_ID }), burning(2)),
      schedules: [{ name: "nightly", id: NIGHTLY_ID, cron: "0 2 * * *", starts: { actor: "acme/shop" } }],
    };
    const watched = await watchFrom(START, world, {
      ...policy,
      rules: [{ id: "a-day", budget: { usd: 50, per: "day", each: "schedule" }, steps: [ABORT] }],
    });
    await watched.ticks(30);
    const { out: painted } = await cli(watched, ["spend", "--by", "schedule"], { columns: 120 });
    const out = stripVTControlCharacters(painted);
    expect(out).toMatch(/schedule nightly .*\$50 a day for each schedule/);
    expect(out).toMatch(/█ +nightly\n/);
    expect(out).toMatch(/░ +\(none\)\n/);
    const { rows } = JSON.parse((await cli(watched, ["spend", "--by", "schedule", "--json"])).out);
    expect(rows.map(({ key, name }: Record<string, string>) => [key, name])).toEqual([
      [NIGHTLY_ID, "nightly"],
      ["(none)", "(none)"],
    ]);
    expect((await cli(watched, ["spend", "--by", "schedule", "--csv"])).out).toContain(
      `${NIGHTLY_ID},nightly,`,
    );
  });

  it("shows the budgets, the dearest first, and how far the ledger goes back", async () => {
    const watched = await spending(90);
    const { out: painted } = await cli(watched, ["spend"], { columns: 120 });
    const out = stripVTControlCharacters(painted);
    expect(out).toMatch(/a-day .*the account .*\$10\.9\d .*█.* 5\d% .*\$20 a day in all .*2026-11-26 00:00/);
    expect(out).toContain("Spent from 2026-11-01 00:00 to 2026-11-25 12:00 UTC");
    expect(out).toContain("The ledger has all that runs spent since 2026-11-01 00:00 UTC.");
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  });

  it("has a row for each day and cuts what was not asked for", async () => {
    const watched = await spending(20);
    const { out } = await cli(watched, ["spend", "--by", "day", "--since", "2026-11-24", "--csv"]);
    expect(out.trim().split(/\r?\n/)).toEqual([
      "day,name,usd,runsOfUnknownCost,unknownBefore",
      "2026-11-24T00:00:00.000Z,2026-11-24 00:00,0,0,",
      expect.stringMatching(/^2026-11-25T00:00:00.000Z,2026-11-25 00:00,3\.\d+,0,$/),
    ]);
    const before = await cli(watched, ["spend", "--since", "2026-11-20", "--until", "2026-11-25"]);
    expect(before.out).toContain("Nothing was spent from 2026-11-20 00:00 to 2026-11-25 00:00 UTC.");
  });

  it("says what is wrong with a span", async () => {
    const watched = await spending(1);
    const wrong = await cli(watched, ["spend", "--since", "someday"]);
    expect([wrong.code, wrong.err]).toEqual([
      2,
      expect.stringContaining(
        '--since: got "someday", wanted a span (7d), a day (2026-11-25, yesterday, monday, last month), or a time with its zone',
      ),
    ]);
    expect((await cli(watched, ["spend", "--since", "2026-02-30"])).code).toBe(2);
    expect((await cli(watched, ["spend", "--since", "2026-11-26"])).err).toContain("is not in the past");
  });

  it("says that nothing is known before the first tick", async () => {
    const { out } = await cli(await spending(0), ["spend"]);
    expect(out).toContain("The ledger is not complete yet");
  });
});

describe("watchdog runs --past", () => {
  it("lists what has ended, with what it cost and how that grew", async () => {
    const watched = await spending(95);
    const { out } = await cli(watched, ["runs", "--past"]);
    expect(out).toMatch(/2026-11-25 10:30 +\w+ +SUCCEEDED +30m +\$2\.00 +acme\/nightly-archive/);
    const [past] = JSON.parse((await cli(watched, ["runs", "--past", "--json"])).out);
    expect(past).toMatchObject({ status: "SUCCEEDED", usd: 2 });
    expect(past.curve.at(-1)).toMatchObject({ usd: 2 });
    expect((await cli(watched, ["runs", "--past", "--csv"])).out).toMatch(
      /^runId,.*\r?\n\w+,.*,SUCCEEDED,.*,2\r?\n$/,
    );
    expect((await cli(watched, ["runs", "--past", "--since", "5m"])).out).toContain(
      "No recorded run has ended",
    );
    const before = await cli(watched, ["runs", "--past", "--until", "2026-11-25T10:30Z"]);
    expect(before.out).toContain("No recorded run has ended");
    expect((await cli(watched, ["runs", "--limit", "3"])).err).toContain("--limit goes with --past alone.");
  });
});

describe("watchdog runs --past of an Actor", () => {
  it("takes its name or its id", async () => {
    const watched = await spending(95);
    const [past] = JSON.parse((await cli(watched, ["runs", "--past", "--json"])).out);
    for (const actor of ["acme/nightly-archive", past.actorId]) {
      const { out } = await cli(watched, ["runs", "--past", "--actor", actor, "--json"]);
      expect(JSON.parse(out)).toEqual([past]);
    }
  });

  it("says that there is none of that name, and which was meant", async () => {
    const { code, err } = await cli(await spending(95), ["runs", "--past", "--actor", "acme/nightly-archiv"]);
    expect(code).toBe(2);
    expect(err).toContain(
      'of an Actor "acme/nightly-archiv", by id or by name. Did you mean acme/nightly-archive?',
    );
  });
});

describe("watchdog runs --past of a time before the whole account was seen", () => {
  it("says since when it is known, and ends with 3 where that time was asked for", async () => {
    const watched = await watchFrom(START, worldOf(burning(4)), {
      ...policy,
      rules: [{ id: "five", limit: { usageTotalUsd: 5 }, steps: [ABORT] }],
    });
    await watched.ticks(2);
    const week = await cli(watched, ["runs", "--past"]);
    expect(week.code).toBe(0);
    expect(week.out).toContain("The whole account is known since 2026-11-25 10:00 UTC");
    expect((await cli(watched, ["runs", "--past", "--since", "3d"])).code).toBe(3);
  });
});

describe("watchdog overshoot", () => {
  it("sets what stopped runs cost beyond their limits beside what was foreseen", async () => {
    const watched = await spending(0);
    await watched.push({
      ...policy,
      rules: [{ id: "three", limit: { usageTotalUsd: 3 }, steps: [ABORT] }],
    });
    await watched.ticks(40);
    const [rule] = JSON.parse((await cli(watched, ["overshoot", "--json"])).out);
    expect(rule).toMatchObject({ ruleId: "three", metric: "usageTotalUsd", beyond: 0 });
    expect(rule.stops).toHaveLength(1);
    // A minute and a half at 6 USD an hour.
    expect(rule.mostBoundUsd).toBeCloseTo(0.15, 2);
    expect(rule.mostUsd).toBeGreaterThan(0);
    expect(rule.mostUsd).toBeLessThan(rule.mostBoundUsd);
    expect((await cli(watched, ["overshoot"])).out).toMatch(/three +cost +1 .* none/);
    expect((await cli(watched, ["overshoot", "--csv"])).out).toMatch(
      /^rule,metric,.*\r?\nthree,usageTotalUsd,/,
    );
    const none = await cli(await spending(1), ["overshoot"]);
    expect(none.out).toContain("No run was stopped in that time: folder the test's, account default.");
  });
});

describe("watchdog backfill", () => {
  const old = burning(2, { startsAfterMs: -5 * 24 * HOUR, ends: { afterMs: HOUR, status: "SUCCEEDED" } });
  const begun = async () => {
    const world = worldOf(old, burning(1));
    const limit = {
      ...policy,
      rules: [{ id: "five", limit: { usageTotalUsd: 5 }, steps: [ABORT] }],
    };
    return watch(createEmulator({ world, clock: steppedClock(START) }), { policy: limit });
  };

  it("fills the ledger from Apify's list, says how far, and has nothing to do a second time", async () => {
    const watched = await begun();
    await watched.ticks(2);
    const first = await cli(watched, ["backfill", "--since", "30d"]);
    expect([first.code, first.out]).toEqual([
      0,
      expect.stringMatching(/^Done: 1 run recorded\. The ledger has all since 2026-10-26 10:00 UTC\./),
    ]);
    const { out } = await cli(watched, ["spend", "--since", "2026-11-20", "--until", "2026-11-21", "--json"]);
    expect(JSON.parse(out).totalUsd).toBeCloseTo(2, 4);
    const again = await cli(watched, ["backfill", "--since", "30d"]);
    expect([again.code, again.out]).toEqual([0, expect.stringContaining("Nothing to do")]);
  });

  it("waits for the first tick, and refuses a time to come", async () => {
    const watched = await begun();
    const early = await cli(watched, ["backfill", "--since", "30d"]);
    expect([early.code, early.err]).toEqual([1, expect.stringContaining("Let the watchdog look first")]);
    await watched.tick();
    const future = await cli(watched, ["backfill", "--since", "2027-01-01"]);
    expect([future.code, future.err]).toEqual([2, expect.stringContaining("is still to come")]);
    expect((await cli(watched, ["backfill"])).code).toBe(2);
  });

  it("that is interrupted says how to go on", async () => {
    const watched = await begun();
    await watched.tick();
    const { code, out } = await cli(watched, ["backfill", "--since", "30d"], { signal: AbortSignal.abort() });
    expect([code, out]).toEqual([130, expect.stringContaining("Say the same again to go on from there.")]);
  });
});

describe("csv()", () => {
  it.each(["=1+1", "+1", "-1", "@x", " =1", "\u00a0@x", "＝1", "-1\u001b"])("makes %j text", (name) => {
    expect(csv(["a"], [[name]]).split("\r\n")[1]).toMatch(/^'/);
  });

  it.each(["\t=1", "\r=1", "\n=1", "a;=1"])("leaves %j no place to begin a formula", (name) => {
    expect(csv(["a"], [[name]]).split("\r\n")[1]).toMatch(/^(\\[trn]|")/);
  });

  it("quotes what needs it, keeps a row in its line, and lets no spreadsheet take a name for a formula", () => {
    expect(
      csv(
        ["a", "b"],
        [
          ["x,y", 'say "hi"'],
          ["=1+1", undefined],
          ["two\nlines", -5],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""hi"""\r\n\'=1+1,\r\ntwo\\nlines,-5');
  });
});
