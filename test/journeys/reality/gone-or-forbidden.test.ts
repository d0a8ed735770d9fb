import { describe, expect, it } from "vitest";
import type { RunScript, World } from "../../../emulator/index.ts";
import type { Ports } from "../../../src/watchdog/model/ports.ts";
import { instead } from "../../support/instead.ts";
import { OBSERVED, oneBudget } from "../../support/policies.ts";
import { recordedIn } from "../../support/recorded.ts";
import { type Watched, watchFrom } from "../../support/watch.ts";
import { burning, HOUR, MINUTE, OVER_5_USD, SECOND, worldOf } from "../../support/world.ts";

const START = new Date("2026-11-25T09:00:00.000Z");

const spentUsd = async ({ ports }: Watched): Promise<readonly number[]> =>
  [...(await recordedIn({ state: ports.state })).runs.values()].map((microUsd) => microUsd / 1e6);

const readsOf = ({ emulator }: Watched): number =>
  emulator.truth.calls.filter(({ kind }) => kind === "get").length;

const remembered = async ({ ports }: Watched): Promise<number> => (await ports.state.readLive()).runs.size;

describe("a run that is deleted once it has ended", () => {
  it("leaves what it was seen to spend in the ledger, and so in the budgets", async () => {
    const deleted = burning(60, { ends: { afterMs: 30 * MINUTE, status: "SUCCEEDED" }, label: "deleted" });
    const world: World = {
      ...worldOf(deleted),
      faults: [
        {
          match: { kind: "get", run: "deleted" },
          fault: { kind: "refused", because: "not-found" },
          fromMs: 30 * MINUTE,
        },
      ],
    };
    const watched = await watchFrom(START, world, oneBudget(1_000, "day"));
    await watched.ticks(30);
    // Recorded when it was first seen; what came after is in the live index until the hour turns.
    expect(await spentUsd(watched)).toEqual([0]);
    await watched.ticks(15);
    expect(await remembered(watched)).toBe(0);
    expect(await spentUsd(watched)).toEqual([29]);
  });
});

describe("a run whose detail may not be read", () => {
  const forbidden = (run: Partial<RunScript>): World => ({
    ...worldOf(burning(60, { ...run, label: "secret" })),
    faults: [{ match: { kind: "get", run: "secret" }, fault: { kind: "refused", because: "permissions" } }],
  });

  const ends = { afterMs: 20 * MINUTE, status: "SUCCEEDED" } as const;

  /** Once it has ended no list shows it any more, either. */
  const alsoUnlisted = ({ ports, process }: Watched): Ports => {
    const { apify } = ports;
    const listRuns: typeof apify.listRuns = async (filter, signal) => {
      const listing = await apify.listRuns(filter, signal);
      return filter.startedBefore ? { ...listing, runs: [] } : listing;
    };
    return process({ apify: instead(apify, { listRuns }) });
  };

  it("ends as the list of what started with it shows it, with its last figure", async () => {
    const watched = await watchFrom(START, forbidden({ ends }), OBSERVED);
    await watched.ticks(25);
    expect(await spentUsd(watched)).toEqual([20]);
    const [runId = ""] = watched.runIds();
    expect(await watched.ports.state.readRun(runId)).toMatchObject({
      run: { status: "SUCCEEDED" },
      settledAt: expect.any(Date),
    });
    expect((await watched.tick()).attention).toEqual([]);
  });

  it("ends like that, too, where lists first showed it when it was old, and its life is never told", async () => {
    const watched = await watchFrom(START, forbidden({ startsAfterMs: MINUTE, ends }), OBSERVED);
    await watched.tick();
    watched.advance(15 * MINUTE);
    await watched.ticks(10);
    expect(await spentUsd(watched)).toEqual([20]);
  });

  it("is forgotten ten minutes after no list shows it any more, with all that it was seen to spend", async () => {
    const watched = await watchFrom(START, forbidden({ ends }), OBSERVED);
    const ports = alsoUnlisted(watched);
    const ticks = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        await watched.tick(ports);
        watched.advance(MINUTE);
      }
    };
    await ticks(25);
    expect(await remembered(watched)).toBe(1);
    await ticks(10);
    expect(await remembered(watched)).toBe(0);
    expect(await spentUsd(watched)).toEqual([19]);
    expect((await watched.tick(ports)).attention).toEqual([]);
  });

  it("has the figure that the list showed of it once it has ended, and is asked for twice more", async () => {
    const ends = { afterMs: 30 * SECOND, status: "SUCCEEDED" } as const;
    const watched = await watchFrom(
      START,
      forbidden({ startsAfterMs: 5 * MINUTE + 10 * SECOND, ends }),
      OBSERVED,
    );
    await watched.ticks(8);
    const before = readsOf(watched);
    await watched.ticks(30);
    expect(readsOf(watched)).toBe(before + 1);
    watched.advance(24 * HOUR);
    const reports = await watched.ticks(3);
    expect(readsOf(watched)).toBe(before + 2);
    expect(await remembered(watched)).toBe(0);
    expect(await spentUsd(watched)).toEqual([0.5]);
    expect(reports.at(-1)?.attention).toEqual([]);
  });
});

describe("a run of before the watchdog came whose detail is never answered", () => {
  it("keeps budgets from stopping for ten ticks, in which that is announced, and is left out then", async () => {
    const past = (label: string): RunScript => ({
      ...OVER_5_USD,
      startsAfterMs: -3 * HOUR,
      costMissing: { as: "absent", in: "list" },
      ends: { afterMs: HOUR, status: "SUCCEEDED" },
      label,
    });
    const world: World = {
      ...worldOf(past("mute"), past("told"), burning(600, { label: "burning" })),
      faults: [{ match: { kind: "get", run: "mute" }, fault: { kind: "status", status: 500 } }],
    };
    const watched = await watchFrom(START, world, oneBudget(40, "day"));
    const reports = await watched.ticks(9);
    expect(reports.at(-1)?.attention).toContainEqual(expect.stringMatching(/^failed:filling-the-ledger/));
    expect(watched.aborts()).toEqual([]);
    await watched.ticks(2);
    expect(watched.aborts()).toHaveLength(1);
    expect(watched.warnings).toContainEqual(expect.stringContaining("left out of the ledger"));
    expect((await watched.tick()).attention).toEqual([]);
  });
});

describe("a run that had ended only just before the watchdog came, and may not be read", () => {
  it.each([
    ["by Apify's word", { kind: "refused", because: "permissions" }, 1],
    ["by somebody else's page, at last", { kind: "html", status: 403 }, 10],
  ] as const)("is in the ledger as the list had it, %s", async (_why, fault, ticks) => {
    const ended: RunScript = {
      ...OVER_5_USD,
      startsAfterMs: -HOUR,
      cost: 4,
      ends: { afterMs: HOUR - MINUTE, status: "SUCCEEDED" },
      label: "young",
    };
    const faults = [{ match: { kind: "get", run: "young" }, fault }] as const;
    const watched = await watchFrom(START, { ...worldOf(ended), faults }, oneBudget(40, "day"));
    await watched.ticks(ticks);
    expect(await spentUsd(watched)).toEqual([expect.closeTo(3.93, 1)]);
    expect(watched.warnings).not.toContainEqual(expect.stringContaining("left out of the ledger"));
  });
});
