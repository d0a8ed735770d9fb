import { describe, expect, it } from "vitest";
import { DigestTally } from "../../../src/watchdog/notify/digest.ts";
import { instead } from "../../support/instead.ts";
import { ABORT, ANY_SHARE, fiveUsd } from "../../support/policies.ts";
import { type Watched, watch, watchFrom } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";
import { cli, widthOf } from "../support.ts";

const DAY = 24 * HOUR;
const START = new Date("2026-11-25T10:00:00.000Z");

const policy = {
  version: 1,
  mode: "enforce",
  ...ANY_SHARE,
  rules: [
    { id: "three", limit: { usageTotalUsd: 3 }, steps: [{ at: "50%", do: "notify" }, ABORT] },
    { id: "one", mode: "observe", limit: { usageTotalUsd: 1 }, steps: [ABORT] },
    { id: "a-day", budget: { usd: 5, per: "day" }, steps: [{ at: "100%", do: "notify" }] },
    { id: "each", budget: { usd: 50, per: "week", each: "actor" }, steps: [ABORT] },
  ],
};

const SUCCEEDS = { ends: { afterMs: 40 * MINUTE, status: "SUCCEEDED" } } as const;

/** One run is stopped at 3 USD; two come to 2.67 and 1.33 and succeed, though a rule that is observed would have stopped them. */
async function month(): Promise<Watched> {
  const runs = [burning(6), burning(4, SUCCEEDS), burning(2, { ...SUCCEEDS, actor: "acme/nightly-archive" })];
  const watched = await watchFrom(START, worldOf(...runs), policy);
  await watched.ticks(50);
  return watched;
}
/** Whoever only reads shares it. */
const ofMonth = month();

const json = async (watched: Watched, ...argv: readonly string[]) =>
  JSON.parse((await cli(watched, [...argv, "--json"])).out);

describe("watchdog report", () => {
  it("says that savings are unknown where the cost is, by rule, by Actor, in all and for programs", async () => {
    const rule = { id: "long", mode: "observe", limit: { runTime: "5m" }, steps: [ABORT] };
    const watched = await watchFrom(START, worldOf(burning(6, { costMissing: "absent" })), {
      ...policy,
      rules: [rule, { id: "a-day", budget: { usd: 5, per: "day" }, steps: [ABORT] }],
    });
    await watched.ticks(10);
    const { out } = await cli(watched, ["report"]);
    expect(out).toMatch(/^a-day .* unknown +unknown +the account/m);
    expect(out).toContain("which would have saved an amount that can't be determined.");
    expect(out.split("\n").filter((line) => / 1 +unknown( |$)/.test(line))).toHaveLength(3);
    expect(out).not.toContain("$0.00");
    const { saved, actors } = await json(watched, "report");
    expect(saved.observed.savedUsd).toBeNull();
    expect(actors).toEqual([expect.objectContaining({ wouldHaveSavedUsd: null })]);
  });

  it("gives the figures that the other commands give of the same tables", async () => {
    const watched = await ofMonth;
    const report = await json(watched, "report");
    const spend = await json(watched, "spend");
    expect(report.totalUsd).toBe(spend.totalUsd);
    expect(report.unknownBefore).toBe(spend.unknownBefore);
    expect(
      report.actors.map(({ actorId, name, usd }: Record<string, unknown>) => [actorId, name, usd]),
    ).toEqual(spend.rows.map(({ key, name, usd }: Record<string, unknown>) => [key, name, usd]));
    for (const { ruleId, group, from, usd } of spend.budgets) {
      const { current } = report.budgets.find((each: { ruleId: string }) => each.ruleId === ruleId);
      expect(current).toContainEqual(expect.objectContaining({ group, from, usd }));
    }
    expect(spend.budgets).toHaveLength(3);
    expect(report.overshoot).toEqual(await json(watched, "overshoot", "--since", "this month"));
    const entries = await json(watched, "audit", "list", "--since", "this month", "--limit", "0");
    const kinds = (kind: string) => entries.filter((each: { kind: string }) => each.kind === kind);
    expect(report.saved.enforced.stops).toHaveLength(kinds("abort.confirmed").length);
    expect(report.saved.observed.stops).toHaveLength(kinds("abort.observed").length);
    const digest = new DigestTally();
    for (const entry of entries) digest.note(entry);
    const { savedUsd } = digest.digest(new Date(report.from), new Date(report.until));
    expect(savedUsd).toBeGreaterThan(1);
    expect(report.saved.enforced.savedUsd.to).toBeCloseTo(savedUsd, 5);
  });

  it("holds what truly happened between its ends, and knows the stops that were wrong, and those that were near", async () => {
    const { saved, wrongStops, nearMisses } = await json(await ofMonth, "report");
    // One stopped at 1 USD would have left 1.67 and 0.33 unspent, and 2 of the one that was stopped at 3.
    const truth = [2, 1.67, 0.33];
    saved.observed.stops.forEach(({ savedUsd }: { savedUsd: { from: number; to: number } }, i: number) => {
      expect(savedUsd.from).toBeLessThanOrEqual((truth[i] ?? 0) + 0.001);
      expect(savedUsd.to).toBeGreaterThanOrEqual((truth[i] ?? 0) - 0.01);
    });
    expect(saved.enforced.savedUsd).toEqual({ from: 0, to: expect.closeTo(2, 1) });
    expect(wrongStops.observed).toMatchObject({ count: 2, of: 3, unknown: 0 });
    expect(nearMisses).toEqual([
      expect.objectContaining({ ruleId: "three", share: expect.closeTo(2.67 / 3, 2), actor: "acme/shop" }),
    ]);
  });

  it("reads single runs by their ids, and never all of them", async () => {
    const watched = await ofMonth;
    const state = instead(watched.ports.state, { allRuns: () => expect.fail("it read the whole table") });
    const read: string[] = [];
    const audit = instead(watched.ports.audit, {
      list(span) {
        read.push(`${span.from.toISOString()} ${span.to.toISOString()}`);
        return watched.ports.audit.list(span);
      },
    });
    const connection = { ports: { ...watched.ports, state, audit } };
    expect(await cli(watched, ["report"], { connection })).toMatchObject({ code: 0, err: "" });
    expect(read).toEqual(["2026-11-01T00:00:00.000Z 2026-11-25T11:00:00.000Z"]);
  });

  it("is a page in the order in which people ask, as wide as the terminal", async () => {
    const watched = await ofMonth;
    const { out } = await cli(watched, ["report"]);
    expect(out.split("\n").filter((line) => /^[A-Z][a-z]+( [\w ]+)?$/.test(line))).toEqual([
      "Saved",
      "Overshoot",
      "Wrong stops",
      "Near misses",
      "Budgets",
      "Spend by Actor",
      "Exemptions that ended",
      "Attention",
      "Not watched",
    ]);
    expect(out).toMatch(/^2026-11-01 00:00 to 2026-11-25 10:50 UTC; days and months begin in UTC\n/);
    expect(out).toContain("1 run stopped, at a cost of $3.00. Saved: $0.00 to $2.00.");
    expect(out).toMatch(
      /a-day +\$5 a day in all +25 +1× +\$7\.0\d +140% +the account +2026-11-25 00:00 +22\n/,
    );
    expect(out).toContain("What was spent before 2026-11-23 00:00 UTC: the ledger does not go back further.");
    for (const columns of [80, 120])
      for (const line of (await cli(watched, ["report"], { columns })).out.split("\n"))
        expect(widthOf(line)).toBeLessThanOrEqual(columns);
  });
});

describe("watchdog report of a month", () => {
  it("is of that month by the policy's time zone, and ends with 3 where the ledger does not have all of it", async () => {
    const zoned = { ...policy, timeZone: "Europe/Berlin" };
    const watched = await watchFrom(START, worldOf(burning(6)), zoned);
    await watched.ticks(3);
    const { code, out } = await cli(watched, ["report", "--month", "2026-10", "--json"]);
    expect([code, JSON.parse(out)]).toEqual([
      3,
      expect.objectContaining({
        from: "2026-09-30T22:00:00.000Z",
        to: "2026-10-31T23:00:00.000Z",
        until: "2026-10-31T23:00:00.000Z",
        totalUsd: null,
        unknownBefore: "2026-10-31T23:00:00.000Z",
      }),
    ]);
    expect((await cli(watched, ["report", "--month", "2026-11"])).code).toBe(3);
    expect((await cli(watched, ["report"])).code).toBe(0);
  });

  it.each([
    [["--month", "2026-13"], 'got "2026-13", wanted a month'],
    [["--month", "november"], 'got "november", wanted a month'],
    [["--month", "2026-12"], "2026-12 is still to come; it is 2026-11-25 10:00 UTC"],
    [["--month", "2026-11", "--since", "7d"], "--month names all of the span"],
  ])("refuses %j", async (argv, says) => {
    const { code, err } = await cli(await watchFrom(START, worldOf(), policy), ["report", ...argv]);
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
  });

  it("says what is not known, and no 0, before the first tick and without a policy", async () => {
    const { out } = await cli(await watch(worldOf(burning(6))), ["report"]);
    expect(out).toContain("unknown");
    expect(out).toContain("No tick has seen the whole account yet.");
    expect(out).toContain("Near misses\nNot known: no policy is in force to judge by.");
    expect(out).not.toContain("$0.00");
  });
});

describe("watchdog report of what people and time changed", () => {
  it("counts a stop that was undone as wrong, which saved nothing", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await watched.ticks(3);
    const [run = ""] = watched.runIds();
    const undo = ["undo", run, "--until", "2h", "--reason", "it was the month-end crawl", "--yes"];
    expect((await cli(watched, undo)).code).toBe(0);
    const { saved, wrongStops } = await json(watched, "report", "--since", "1d");
    expect(wrongStops.enforced).toMatchObject({ count: 1, of: 1, undone: 1 });
    expect(saved.enforced.savedUsd).toEqual({ from: 0, to: 0 });
    const { out } = await cli(watched, ["report", "--since", "1d"]);
    expect(out).toMatch(new RegExp(`${run} .* \\$7\\.00 +undone +acme/shop`));
  });

  it("counts a stop as it was judged, also after the month, whatever became of the run", async () => {
    const watched = await month();
    const { saved } = await json(watched, "report");
    const [stopped] = saved.enforced.stops;
    const [, succeeded] = saved.observed.stops;
    watched.advance(10 * DAY);
    for (const [run, verdict] of [
      [stopped.runId, "right"],
      [stopped.runId, "wrong"],
      [succeeded.runId, "planned"],
    ])
      expect((await cli(watched, ["judge", run, verdict, "--reason", "we looked"])).err).toBe("");
    const { wrongStops } = await json(watched, "report", "--month", "2026-11");
    expect(wrongStops).toEqual({
      enforced: { count: 1, of: 1, undone: 0, judged: { right: 0, wrong: 1, planned: 0 } },
      observed: {
        count: 2,
        of: 3,
        succeeded: 2,
        unknown: 0,
        judged: { right: 0, wrong: 1, planned: 1 },
      },
    });
    const { out } = await cli(watched, ["report", "--month", "2026-11"]);
    expect(out).toContain("1 of 1 stop was wrong; judged: 1 wrong.");
    expect(out).toMatch(/ judged wrong +acme\/shop/);
  });

  it("has the exemptions that ended, and how long a pause lasted, longest first", async () => {
    const watched = await watchFrom(START, worldOf(burning(1)), policy);
    await watched.tick();
    const [run = ""] = watched.runIds();
    const add = ["exempt", "add", "--run", run, "--until", "5m", "--owner", "ann", "--reason", "a migration"];
    expect((await cli(watched, [...add, "--yes"])).code).toBe(0);
    expect((await cli(watched, ["pause", "--reason", "an incident", "--yes"])).code).toBe(0);
    await watched.ticks(10);
    expect((await cli(watched, ["resume", "--reason", "it is over", "--yes"])).code).toBe(0);
    await watched.ticks(10);
    const report = await json(watched, "report");
    expect(report.exemptionsEnded).toEqual([
      expect.objectContaining({ owner: "ann", grantedFor: "a migration", reason: "its time was up" }),
    ]);
    const [pause] = report.attention;
    expect(pause).toMatchObject({ id: "pause", secs: 600, until: expect.any(String) });
    expect(report.notWatched.pausedSecs).toBe(600);
    const { out } = await cli(watched, ["report"]);
    expect(out).toMatch(/10m +2026-11-25 10:\d\d +2026-11-25 10:\d\d +pause: an incident \(ann@laptop\)/);
    expect(out).toContain("10m in which the watchdog was paused.");
  });

  it("knows of a pause that began before the span and ends after it, or not at all", async () => {
    const watched = await watchFrom(START, worldOf(burning(1)), policy);
    expect((await cli(watched, ["pause", "--reason", "an incident", "--yes"])).code).toBe(0);
    watched.advance(3 * HOUR);
    const pausedIn = async (...argv: readonly string[]) =>
      (await json(watched, "report", ...argv)).notWatched;
    const anHour = ["--since", "2026-11-25T11:00Z", "--until", "2026-11-25T12:00Z"];
    expect(await pausedIn(...anHour)).toMatchObject({ pausedSecs: 3600 });
    expect((await cli(watched, ["resume", "--reason", "it is over", "--yes"])).code).toBe(0);
    expect(await pausedIn(...anHour)).toMatchObject({ pausedSecs: 3600 });
    watched.advance(MINUTE);
    expect((await cli(watched, ["pause", "--reason", "another", "--yes"])).code).toBe(0);
    expect(await pausedIn(...anHour)).toMatchObject({ pausedSecs: 3600 });
    expect(await pausedIn("--since", "2026-11-25T09:00Z", "--until", "2026-11-25T10:00Z")).toMatchObject({
      pausedSecs: 0,
    });
  });
});

describe("watchdog report of attention that is over", () => {
  it("says how long it lasted, and when no tick was complete", async () => {
    const watched = await watchFrom(START, worldOf(burning(1)), policy);
    const lift = ["exempt", "add", "--rule", "three", "--until", "10m", "--reason", "a migration", "--yes"];
    expect((await cli(watched, lift)).code).toBe(0);
    await watched.ticks(3);
    watched.advance(40 * MINUTE);
    await watched.ticks(3);
    const report = await json(watched, "report");
    expect(report.attention).toContainEqual(
      expect.objectContaining({
        id: "gap",
        from: "2026-11-25T10:02:00.000Z",
        until: "2026-11-25T10:43:00.000Z",
        secs: 41 * 60,
      }),
    );
    expect(report.attention).toContainEqual(
      expect.objectContaining({
        id: "weaker:exempt:three",
        from: "2026-11-25T10:00:00.000Z",
        until: "2026-11-25T10:43:00.000Z",
      }),
    );
    expect(report.notWatched.gapSecs).toBe(41 * 60);
    const { out } = await cli(watched, ["report"]);
    expect(out).toMatch(/41m +2026-11-25 10:02 +2026-11-25 10:43 +gap: no tick was complete/);
    expect(out).toContain("41m in which no tick was complete.");
  });
});
