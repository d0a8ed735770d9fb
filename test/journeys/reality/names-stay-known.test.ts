import { describe, expect, it } from "vitest";
import type { World } from "../../../emulator/index.ts";
import { resolveSubject, subjectMeant } from "../../../src/watchdog/overrule/exempt.ts";
import { endExemption, grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { burning, HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const DAY = 24 * HOUR;
const TOMORROW = DAY + HOUR;

/** Within 5 USD at the first tick, and over it a day later. */
const GROWING = burning(1, { startsAfterMs: -HOUR });
const RULE = { id: "shops", limit: { usageTotalUsd: 5 }, steps: [{ at: "100%", do: "abort" }] };
const with_ = (selector: object) => fiveUsd({ rules: [{ ...RULE, for: selector }] });
const changed = (...changes: NonNullable<World["changes"]>): World => ({ ...worldOf(GROWING), changes });

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

  it("keeps its exception while it can't be read", async () => {
    const world: World = {
      ...worldOf(GROWING, HEALTHY),
      faults: [{ match: { kind: "actor" }, fault: { kind: "html", status: 502 }, fromMs: HOUR }],
    };
    const { aborts } = await aDayLater(world, with_({ except: { actors: ["acme/shop"] } }));
    expect(aborts()).toEqual([]);
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
