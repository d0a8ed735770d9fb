import { describe, expect, it } from "vitest";
import type { World } from "../../../emulator/index.ts";
import { standingsOf } from "../../../src/policy/index.ts";
import { storedLedger } from "../../../src/watchdog/ledger/stored-ledger.ts";
import { resolveSubject, subjectMeant } from "../../../src/watchdog/overrule/exempt.ts";
import { endExemption, grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { policyInForce } from "../../../src/watchdog/policies/policy-in-force.ts";
import { ABORT, fiveUsd, oneBudget } from "../../support/policies.ts";
import { type Watched, watch, watchFrom } from "../../support/watch.ts";
import { burning, HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const DAY = 24 * HOUR;
const TOMORROW = DAY + HOUR;

/** Within 5 USD at the first tick, and over it a day later. */
const GROWING = burning(1, { startsAfterMs: -HOUR });
const RULE = { id: "shops", limit: { usageTotalUsd: 5 }, steps: [{ at: "100%", do: "abort" }] };
const with_ = (selector: object) => fiveUsd({ rules: [{ ...RULE, for: selector }] });
const changed = (...changes: NonNullable<World["changes"]>): World => ({ ...worldOf(GROWING), changes });

const START = new Date("2026-09-01T08:00:00.000Z");

/** Where the budgets stand by what ticks left in the tables, in USD. */
async function spentBy({ ports }: Watched): Promise<Readonly<Record<string, number>>> {
  const inForce = await policyInForce(ports, await ports.state.readControl());
  const now = ports.clock.now();
  const ledger = await storedLedger(ports.state, inForce?.policy, await ports.state.readLive(), now);
  if (inForce === undefined || ledger === undefined) throw new Error("there are no budgets");
  const { groups } = standingsOf(inForce.policy, ledger, now);
  return Object.fromEntries([...groups].map(([key, { spent }]) => [key, spent / 1e6]));
}

/** What two ticks a day apart say: names are asked for again once a day. */
async function aDayLater(world: World, policy: unknown) {
  const watched = await watch(world, { policy });
  await watched.tick();
  watched.advance(TOMORROW);
  return { ...watched, report: await watched.tick() };
}

describe("an Actor that is called otherwise", () => {
  it("is announced at once, by both names, where its user's new name takes it out of a rule", async () => {
    const world = changed({ kind: "rename-user", atMs: HOUR, to: "acme-inc" });
    const { report, aborts, advance, process, tick, push } = await aDayLater(
      world,
      with_({ actors: ["acme/*"] }),
    );
    const says = "acme/shop is now acme-inc/shop; rule shops selects nothing";
    expect(report.attention).toEqual([expect.stringContaining(says)]);
    expect(report.attention[0]).toMatch(/^rename:/);
    expect(aborts()).toEqual([]);
    advance(MINUTE);
    // It is known to another process, too, and until a policy is pushed.
    expect((await tick(process())).attention).toEqual([expect.stringContaining(says)]);
    await push(with_({ actors: ["acme-inc/*"] }));
    advance(MINUTE);
    expect((await tick()).attention).toEqual([]);
    expect(aborts()).toHaveLength(1);
  });

  it("is excepted by the new name in the first look under a policy that was pushed with it, on the same day", async () => {
    const world = changed({ kind: "rename-actor", atMs: HOUR, actor: "acme/shop", to: "store" });
    const { aborts, advance, push, tick, emulator } = await watch(world, {
      policy: with_({ actors: ["acme/*"] }),
    });
    await tick();
    advance(6 * HOUR);
    await push(with_({ except: { actors: ["acme/store"] } }));
    await tick();
    expect(aborts()).toEqual([]);
    await push(with_({ actors: ["acme/store"] }));
    const asked = emulator.truth.calls.length;
    await tick();
    expect(aborts()).toHaveLength(1);
    advance(MINUTE);
    await tick();
    const names = emulator.truth.calls.slice(asked).filter(({ kind }) => kind === "actor");
    expect(names.length).toBeLessThanOrEqual(1);
  });

  it("stays excepted under its old and its new name until a policy is pushed", async () => {
    const world = changed({ kind: "rename-actor", atMs: HOUR, actor: "acme/shop", to: "store" });
    const policy = with_({ except: { actors: ["acme/shop"] } });
    const { report, aborts, advance, tick, push } = await aDayLater(world, policy);
    expect(report.attention).toEqual([
      expect.stringMatching(
        /acme\/shop is now acme\/store; the exception of rule shops holds under both names/,
      ),
    ]);
    expect(aborts()).toEqual([]);
    advance(TOMORROW);
    expect((await tick()).attention).toHaveLength(1);
    expect(aborts()).toEqual([]);
    await push(policy);
    advance(MINUTE);
    expect((await tick()).attention).toEqual([]);
    expect(aborts()).toHaveLength(1);
  });

  it("is none of a rule's losses where its new name matches as well", async () => {
    const world = changed({ kind: "rename-actor", atMs: HOUR, actor: "acme/shop", to: "shop-eu" });
    const { report, aborts } = await aDayLater(world, with_({ actors: ["acme/shop*"] }));
    expect(report.attention).toEqual([]);
    expect(aborts()).toHaveLength(1);
  });

  it("may be a task, too", async () => {
    const world: World = {
      ...worldOf({ ...GROWING, task: "shop-eu" }),
      changes: [{ kind: "rename-task", atMs: HOUR, task: "shop-eu", to: "shop-at" }],
    };
    const { report, aborts } = await aDayLater(world, with_({ except: { tasks: ["acme/shop-eu"] } }));
    expect(report.attention).toEqual([
      expect.stringContaining("acme/shop-eu is now acme/shop-at; the exception"),
    ]);
    expect(aborts()).toEqual([]);
  });
});

describe("a name that was known", () => {
  it("stays known when its Actor is deleted, and the rule that selects nothing else is announced", async () => {
    const world = changed({ kind: "delete-actor", atMs: HOUR, actor: "acme/shop" });
    const { report, aborts } = await aDayLater(world, with_({ actors: ["acme/shop"] }));
    expect(aborts()).toHaveLength(1);
    expect(report.attention).toEqual([
      expect.stringContaining("acme/shop is gone; rule shops selects nothing"),
    ]);
  });

  it("is asked for again at once where its Actor's runs are gone", async () => {
    const rules = [
      RULE,
      { id: "usual", limit: { timesTypical: { usd: 3 } }, steps: [{ at: "100%", do: "notify" }] },
    ].map((rule) => ({ ...rule, for: { actors: ["acme/shop"] } }));
    const world = changed({ kind: "delete-actor", atMs: HOUR, actor: "acme/shop" });
    const { tick, advance } = await watch(world, { policy: fiveUsd({ rules }) });
    await tick();
    // What is typical is not known, and so asked for once an hour; a name that is known once a day.
    advance(2 * HOUR);
    expect((await tick()).attention).toEqual([
      expect.stringContaining("acme/shop is gone; rule shops selects"),
    ]);
  });

  it.each(["permissions", "not-found", "monthly-limit"] as const)(
    "stays known when Apify answers %s",
    async (because) => {
      const world: World = {
        ...worldOf(GROWING),
        faults: [{ match: { kind: "actor" }, fault: { kind: "refused", because }, fromMs: HOUR }],
      };
      const { aborts } = await aDayLater(world, with_({ actors: ["acme/shop"] }));
      expect(aborts()).toHaveLength(1);
    },
  );

  it("that could not be read at first is known to its rules within minutes of when it can be", async () => {
    const refused = { kind: "refused", because: "permissions" } as const;
    const faults = [{ match: { kind: "actor" }, fault: refused, fromMs: 0, untilMs: MINUTE }] as const;
    const world: World = { ...worldOf(OVER_5_USD), faults };
    const watched = await watch(world, { policy: with_({ actors: [OVER_5_USD.actor] }) });
    const [first] = await watched.ticks(4);
    expect(first?.decisions).toEqual([]);
    expect(watched.aborts()).toEqual([]);
    await watched.ticks(3);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("keeps its exception while it can't be read", async () => {
    const world: World = {
      ...worldOf(GROWING, HEALTHY),
      faults: [{ match: { kind: "actor" }, fault: { kind: "html", status: 502 }, fromMs: HOUR }],
    };
    const { aborts } = await aDayLater(world, with_({ except: { actors: ["acme/shop"] } }));
    expect(aborts()).toEqual([]);
  });
});

describe("a budget whose Actor is called otherwise", () => {
  const budget = (each: string, ...actors: readonly string[]) => ({
    ...oneBudget(100, "month"),
    rules: [{ id: "shops", for: { actors }, budget: { usd: 100, per: "month", each }, steps: [ABORT] }],
  });
  const world = (changes: World["changes"]): World => ({
    ...worldOf(
      {
        ...OVER_5_USD,
        cost: { startUsd: 80, thenUsdPerHour: 0 },
        ends: { afterMs: 2 * HOUR, status: "SUCCEEDED" },
      },
      { ...OVER_5_USD, cost: { startUsd: 12, thenUsdPerHour: 0 }, label: "live" },
      burning(10, { actor: "acme/shop-eu", startsAfterMs: DAY, label: "other" }),
    ),
    actors: [{ name: "acme/shop" }, { name: "acme/shop-eu" }],
    ...(changes && { changes }),
    tasks: [],
  });
  const renamed: World["changes"] = [{ kind: "rename-actor", atMs: HOUR, actor: "acme/shop", to: "store" }];
  /** Names are read again after a day. */
  async function twoDays(changes: World["changes"], policy: unknown) {
    const watched = await watchFrom(START, world(changes), policy);
    await watched.ticks(2);
    watched.advance(TOMORROW);
    const reports = await watched.ticks(2);
    return { ...watched, reports };
  }

  it("keeps the money that was booked under the old name, and stops others by it", async () => {
    const { reports, emulator, aborts } = await twoDays(renamed, budget("account", "acme/shop*"));
    expect(reports.at(-1)?.attention).toEqual([
      expect.stringContaining(
        "acme/shop is now acme/store; budget shops selects it no more, and keeps what was spent under the old name",
      ),
    ]);
    expect(aborts(emulator.truth.idOf("other"))).toHaveLength(1);
    // What is called otherwise now is stopped by it no more.
    expect(aborts(emulator.truth.idOf("live"))).toEqual([]);
  });

  it("counts none of what was spent under the new name from the day after on", async () => {
    const spends = world(renamed);
    const late = burning(1_000, { startsAfterMs: 2 * DAY, label: "late" });
    const watched = await watchFrom(
      START,
      { ...spends, runs: [spends.runs[0] ?? late, late] },
      budget("account", "acme/shop*"),
    );
    await watched.ticks(2);
    for (let day = 0; day < 3; day++) {
      watched.advance(TOMORROW);
      await watched.ticks(2);
    }
    expect(await spentBy(watched)).toEqual({ "shops/account": 80 });
  });

  it("keeps it for each Actor, and while a policy is pushed", async () => {
    const policy = budget("actor", "acme/shop*");
    const watched = await twoDays(renamed, policy);
    const { emulator, push, ticks } = watched;
    const shop = `shops/${emulator.truth.runs()[0]?.actorId}`;
    expect(await spentBy(watched)).toMatchObject({ [shop]: 92 });
    await push(budget("actor", "acme/shop*", "acme/nothing"));
    watched.advance(TOMORROW);
    await ticks(2);
    expect(await spentBy(watched)).toMatchObject({ [shop]: 92 });
  });
});

describe("an exemption of an Actor that is deleted, and created again under its name", () => {
  const asking = { signal: new AbortController().signal, canAsk: true };
  const again: World = {
    ...worldOf({ ...HEALTHY, label: "old" }, { ...OVER_5_USD, startsAfterMs: 3 * MINUTE, label: "new" }),
    changes: [
      { kind: "delete-actor", atMs: MINUTE, actor: "acme/shop" },
      { kind: "create-actor", atMs: 2 * MINUTE, actor: { name: "acme/shop" } },
    ],
  };
  const grant = async ({ emulator, ports, run }: Watched, given: string) => {
    const resolved = await run(resolveSubject(ports, { kind: "actor", id: given }, asking));
    if (resolved.kind === "unknown") throw new Error(resolved.why);
    const { subject, byName } = resolved;
    const until = new Date(emulator.clock.now() + 9 * HOUR);
    const wish = { subject, ...(byName && { name: byName }), until, owner: "ann", reason: "a sale" };
    await run(grantExemption(ports, wish, "ann"));
    return subject;
  };

  it("covers the new one where it was given by its name, until it is ended by it", async () => {
    const watched = await watch(again, { policy: fiveUsd() });
    const { emulator, ports, run, ticks, aborts } = watched;
    const granted = await grant(watched, "acme~shop");
    await ticks(6);
    expect(emulator.truth.runs()[1]?.actorId).not.toBe(granted.id);
    expect(aborts()).toEqual([]);
    const meant = await run(subjectMeant(ports, { kind: "actor", id: "acme/shop" }, asking));
    if (meant.kind === "unknown") throw new Error(meant.why);
    expect(meant.subject).toEqual(granted);
    expect(await run(endExemption(ports, meant.subject, { by: "ann", reason: "over" }))).toBeDefined();
    await ticks(2);
    expect(aborts()).toHaveLength(1);
  });

  it("does not where it was given by its id", async () => {
    const watched = await watch(again, { policy: fiveUsd() });
    await grant(watched, watched.emulator.truth.runs()[0]?.actorId ?? "");
    await watched.ticks(6);
    expect(watched.aborts(watched.emulator.truth.idOf("new"))).toHaveLength(1);
  });
});
