import { describe, expect, it } from "vitest";
import type { World } from "../../../emulator/index.ts";
import { instead } from "../../support/instead.ts";
import { ANY_SHARE, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, SECOND, worldOf, YOUNG_OVER_5_USD } from "../../support/world.ts";

type Faults = NonNullable<World["faults"]>;
type Refusal = Faults[number]["fault"];

const FORBIDDEN: Refusal = { kind: "refused", because: "permissions" };
const HANG: Refusal = { kind: "hang" };

const runs = [
  { ...OVER_5_USD, label: "dear", cost: { startUsd: 70, thenUsdPerHour: 10 } },
  { ...OVER_5_USD, label: "other" },
];
const troubled = (...faults: Faults): World => ({ ...worldOf(...runs), faults });

describe("the trouble of one resource", () => {
  it("stays with a run that may not be aborted: it is told with what is missing, and others are stopped", async () => {
    const watched = await watch(troubled({ match: { kind: "abort", run: "dear" }, fault: FORBIDDEN }), {
      policy: fiveUsd(),
    });
    const { idOf } = watched.emulator.truth;
    const [dear, other] = [idOf("dear"), idOf("other")];
    const { attention } = await watched.tick();
    expect(watched.status(other)).toBe("ABORTING");
    expect(attention).toEqual([
      expect.stringMatching(
        `^permission: run ${dear} can't be stopped: Apify answered 403 insufficient-perm`,
      ),
    ]);
    expect((await watched.entries(dear)).at(-1)).toMatchObject({
      kind: "abort.failed",
      response: "403 insufficient-permissions",
    });
    watched.advance(MINUTE);
    expect((await watched.tick()).attention).toHaveLength(1);
    // Granted: the next tick stops it, and needs nobody any more.
    watched.emulator.faults.clear();
    watched.advance(MINUTE);
    expect((await watched.tick()).attention).toEqual([]);
    expect(watched.status(dear)).toBe("ABORTING");
  });

  it("keeps a recorded live run remembered that may not be read any more", async () => {
    const world = troubled({ match: { kind: "get", run: "dear" }, fault: FORBIDDEN, fromMs: MINUTE });
    const watched = await watch(world, { policy: { ...fiveUsd(), mode: "observe" } });
    const dear = watched.emulator.truth.idOf("dear");
    await watched.tick();
    watched.advance(2 * MINUTE);
    watched.emulator.faults.add({
      match: { kind: "list" },
      fault: { kind: "status", status: 503 },
      times: 4,
    });
    await watched.tick().catch(() => undefined);
    expect((await watched.ports.state.readLive()).runs.has(dear)).toBe(true);
  });

  it.each<[string, Refusal]>([
    ["forbidden", FORBIDDEN],
    ["gone", { kind: "refused", because: "not-found" }],
    ["a proxy's page", { kind: "html", status: 403 }],
    ["never answered", HANG],
  ])("counts a run whose detail is %s, and stops the others", async (_what, fault) => {
    const watched = await watch(troubled({ match: { kind: "get", run: "dear" }, fault }), {
      policy: fiveUsd(),
    });
    const { skipped } = await watched.tick();
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([watched.emulator.truth.idOf("other")]);
    expect(Object.keys(skipped)).not.toEqual([]);
  });

  it.each([
    ["from the first look on", -HOUR],
    ["once it is about to be stopped", -5 * MINUTE],
  ])(
    "is announced where the list shows a run live whose detail is gone, %s",
    async (_when, startsAfterMs) => {
      const gone = { kind: "refused", because: "not-found" } as const;
      const dear = { ...OVER_5_USD, label: "dear", startsAfterMs };
      const faults: Faults = [{ match: { kind: "get", run: "dear" }, fault: gone }];
      const watched = await watch({ ...worldOf(dear), faults }, { policy: fiveUsd() });
      expect((await watched.ticks(3)).map(({ attention }) => attention)).toEqual([
        [],
        [],
        [
          expect.stringMatching(
            /^coverage:live-run-not-found not all could be seen: live run not found, once/,
          ),
        ],
      ]);
      expect(watched.aborts()).toEqual([]);
    },
  );

  it("costs the others no more than its part of the tick where an abort is never answered", async () => {
    const watched = await watch(troubled({ match: { kind: "abort", run: "dear" }, fault: HANG }), {
      policy: fiveUsd(),
    });
    const startedMs = watched.emulator.clock.now();
    await watched.tick();
    const other = watched.aborts(watched.emulator.truth.idOf("other"));
    expect(other).toHaveLength(1);
    expect((other[0]?.atMs ?? Number.NaN) - startedMs).toBeLessThan(30 * SECOND);
  });

  it.each(["actor", "task", "limits"] as const)(
    "does not keep a tick from stopping, though no %s is ever answered",
    async (kind) => {
      const tasked = runs.map((script) => ({ ...script, task: "shop-eu" }));
      const world: World = { ...worldOf(...tasked), faults: [{ match: { kind }, fault: HANG }] };
      const told = { limit: { usageTotalUsd: 5 }, steps: [{ at: "100%", do: "notify" }] };
      const rules = [
        { id: "by-actor", for: { actors: ["acme/*"] }, ...told },
        { id: "by-task", for: { tasks: ["acme/*"] }, ...told },
        ...(fiveUsd().rules as unknown[]),
      ];
      const watched = await watch(world, { policy: fiveUsd({ rules }) });
      const startedMs = watched.emulator.clock.now();
      const { skipped } = await watched.tick();
      expect(watched.aborts()).toHaveLength(2);
      expect((watched.aborts()[0]?.atMs ?? Number.NaN) - startedMs).toBeLessThan(12 * SECOND);
      const unanswered = Object.keys(skipped).filter((why) => why.endsWith("failed: no answer"));
      expect(unanswered).toHaveLength(1);
    },
  );
});

describe("half a listing", () => {
  const halves = { ...worldOf(...runs, { ...YOUNG_OVER_5_USD, label: "young" }) };

  const many = Array.from({ length: 1_001 }, (_none, i) => ({ ...HEALTHY, startsAfterMs: -5 * MINUTE + i }));
  const twoPages = worldOf({ ...OVER_5_USD, label: "first", startsAfterMs: -6 * MINUTE }, ...many);

  it.each<[string, Refusal]>([
    ["forbidden", FORBIDDEN],
    ["a failure", { kind: "status", status: 500 }],
    ["no JSON", { kind: "bad-json" }],
    ["a proxy's page", { kind: "html", status: 502 }],
  ])(
    "whose second page is %s is judged as far as it goes, and said to be cut short",
    async (_what, fault) => {
      const faults = [{ match: { kind: "list" as const, nth: 2 }, fault, times: 4 }];
      const watched = await watch({ ...twoPages, faults }, { policy: fiveUsd() });
      const { complete, listed, skipped } = await watched.tick();
      expect(watched.aborts().map(({ runId }) => runId)).toEqual([watched.emulator.truth.idOf("first")]);
      expect({ complete, listed }).toEqual({ complete: false, listed: 1_000 });
      expect(skipped).toMatchObject({ "listing cut short": 1 });
      expect(Object.keys(skipped)).toContainEqual(
        expect.stringMatching(/^listing live runs to the end failed: \d/),
      );
    },
  );

  it("that shows what is live is judged, and the cursor stays where the other half could not be had", async () => {
    const watched = await watch(halves, { policy: { ...fiveUsd(), mode: "observe" } });
    await watched.tick();
    const { cursor } = await watched.ports.state.readLive();
    watched.advance(MINUTE);
    await watched.push(fiveUsd());
    watched.emulator.faults.add({
      match: { kind: "list" },
      fault: { kind: "status", status: 503 },
      times: 4,
    });
    const { skipped } = await watched.tick();
    expect(watched.aborts()).toHaveLength(3);
    expect(skipped).toMatchObject({ "listing new runs failed: 503 internal-server-error": 1 });
    expect((await watched.ports.state.readLive()).cursor).toEqual(cursor);
  });

  it("that shows what is new is judged with the runs that are known, and the tick fails at its end", async () => {
    const fresh = { ...YOUNG_OVER_5_USD, label: "new", startsAfterMs: MINUTE / 2 };
    const world = { ...halves, runs: [...halves.runs, fresh] };
    const watched = await watch(world, { policy: { ...fiveUsd(), mode: "observe" } });
    await watched.tick();
    watched.advance(MINUTE);
    await watched.push(fiveUsd(ANY_SHARE));
    const { apify } = watched.ports;
    const broken = instead(apify, {
      listRuns: (filter, signal) => {
        if (filter.statuses) {
          watched.emulator.faults.add({
            match: { kind: "list" },
            fault: { kind: "status", status: 503 },
            times: 4,
          });
        }
        return apify.listRuns(filter, signal);
      },
    });
    await expect(watched.tick({ ...watched.ports, apify: broken })).rejects.toThrow("503");
    expect(watched.aborts()).toHaveLength(4);
    expect(watched.aborts(watched.emulator.truth.idOf("new"))).toHaveLength(1);
  });
});
