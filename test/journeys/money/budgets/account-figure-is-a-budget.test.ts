import { describe, expect, it } from "vitest";
import { budgetChain, type Entry } from "../../../../src/watchdog/model/entry.ts";
import { mailOfEntry } from "../../../support/notices/mail.ts";
import { ABORT, ANY_SHARE, costRule } from "../../../support/policies.ts";
import type { Watched, WatchOptions } from "../../../support/watch.ts";
import { burning, HOUR, MINUTE, worldOf } from "../../../support/world.ts";
import { live, on } from "../filling.ts";

const steps = [
  { at: "90%", basis: "account", do: "notify" },
  { at: "100%", basis: "account", do: "notify" },
  ABORT,
];
const plan = { id: "plan", budget: { usd: 499, per: "cycle" }, steps };
const policy = { version: 1, mode: "enforce", ...ANY_SHARE, rules: [plan, costRule(5)] };

/** Of 620 USD, 400 are of runs; the cycle began at midnight of this day. */
const world = {
  ...worldOf(
    {
      ...live,
      startsAfterMs: -5 * HOUR,
      cost: 80,
      ends: { afterMs: 5 * HOUR - MINUTE, status: "SUCCEEDED" },
    },
    burning(0.1, { startsAfterMs: -MINUTE }),
  ),
  cycleStart: { day: 25, hour: 0 },
  outsideJumps: [{ afterMs: 90 * MINUTE, usd: 220 }],
};

const notices = async ({ ports }: Watched): Promise<readonly Entry[]> => {
  const from = "2026-11-25T00:00:00.000Z";
  const chain = budgetChain({ ruleId: "plan", group: "account", from });
  return (await ports.audit.readChain(chain)).map(({ text }) => JSON.parse(text) as Entry);
};

const watchedBy = (token?: WatchOptions["token"], tokens = {}) =>
  on({ ...world, tokens }, policy, token === undefined ? {} : { token });

const limited = (...kinds: readonly ("limits" | "usage")[]) =>
  watchedBy("scoped", { scoped: { except: kinds.map((kind) => ({ kind })) } });

describe("a budget on what Apify says of the account", () => {
  it("gives notice of what is spent outside of runs, once a window, and stops nothing for it", async () => {
    const watched = await watchedBy();
    await watched.ticks(80);
    expect(await notices(watched)).toEqual([]);
    await watched.ticks(240);
    const told = await notices(watched);
    expect(told.map(({ kind, step }) => [kind, step])).toEqual([
      ["step.notified", { at: 100, basis: "account", do: "notify" }],
    ]);
    const [{ evidence } = {}] = told;
    expect(evidence).toMatchObject({ basis: "account", source: "account", limit: 499 });
    expect(evidence?.measured).toBeGreaterThan(618);
    const [entry] = told;
    expect(entry && mailOfEntry(entry).text).toMatch(
      /^NOTICE: .*\nthe account has used \$6\d\d\.\d\d of \$499\.00 a usage cycle, by Apify's own figure \(plan\), at 100%\n/,
    );
    expect(watched.aborts()).toEqual([]);
  });

  it("is told once, also while the ledger does not go back to the beginning of the cycle", async () => {
    const watched = await on({ ...world, spentUsd: 600, outsideJumps: [] }, policy);
    await watched.ticks(5);
    expect((await notices(watched)).map(({ guard }) => guard)).toEqual([undefined]);
  });

  it("goes by the account's limits where the token may not read its usage by month", async () => {
    const watched = await limited("usage");
    await watched.ticks(160);
    expect(await notices(watched)).toHaveLength(1);
  });

  it("is said to be blind where the token may read neither, and nothing else suffers", async () => {
    const watched = await limited("usage", "limits");
    const dear = watched.emulator.startRun(burning(600));
    const reports = await watched.ticks(10);
    expect(reports.at(-1)?.blind).toContainEqual({
      ruleId: "plan",
      why: "Apify has not reported its usage cycle",
    });
    expect(reports.at(-1)?.attention).toContainEqual(
      expect.stringMatching(/^blind:plan\/\S+ rule plan can't judge: Apify has not reported its usage cycle/),
    );
    expect(reports.at(-1)?.complete).toBe(true);
    expect(watched.aborts(dear)).toHaveLength(1);
    expect(await notices(watched)).toEqual([]);
  });

  it("is said to be blind when Apify no longer tells the figure", async () => {
    const watched = await watchedBy();
    await watched.ticks(2);
    watched.emulator.faults.add({
      match: { kind: ["limits", "usage"] },
      fault: { kind: "refused", because: "permissions" },
      times: 10_000,
    });
    await watched.ticks(200);
    expect((await watched.tick()).blind).toEqual([
      { ruleId: "plan", why: "Apify no longer reports what the account has used" },
    ]);
    expect(await notices(watched)).toEqual([]);
  });
});
