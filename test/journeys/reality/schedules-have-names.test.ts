import { describe, expect, it } from "vitest";
import type { ScheduleSpec, World, WorldFault } from "../../../emulator/index.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

// Facts, section 18: a run names its schedule by id alone; the schedule's name is its own, without an owner.

const DAY = 24 * HOUR;
const NIGHTLY_ID = "nightlynightly123";
const BY_NIGHTLY = { ...OVER_5_USD, origin: "SCHEDULER", scheduleId: NIGHTLY_ID } as const;
const RULE = { id: "nights", limit: { usageTotalUsd: 5 }, steps: [{ at: "100%", do: "abort" }] };
const with_ = (selector: object) => fiveUsd({ rules: [{ ...RULE, for: selector }] });
const NIGHTLY = with_({ schedules: ["nightly"] });

/** A run over 5 USD that the schedule started, and one that it did not. */
const world = (
  spec: Partial<ScheduleSpec> = {},
  faults: readonly WorldFault[] = [],
  runs = [BY_NIGHTLY],
): World => ({
  ...worldOf(...runs, OVER_5_USD),
  schedules: [
    { name: "nightly", id: NIGHTLY_ID, cron: "0 2 * * *", starts: HEALTHY, isEnabled: false, ...spec },
  ],
  faults,
});
const asked = ({ emulator }: Awaited<ReturnType<typeof watch>>, kind: string) =>
  emulator.truth.calls.filter((call) => call.kind === kind).length;

describe("a rule that names a schedule", () => {
  it.each([
    ["by its name", ["nightly"]],
    ["by some letters of it", ["night*"]],
    ["by its id", [NIGHTLY_ID]],
  ])("stops what that started alone, %s", async (_how, schedules) => {
    const watched = await watch(world(), { policy: with_({ schedules }) });
    await watched.ticks(3);
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([watched.emulator.truth.runs()[0]?.id]);
  });

  it("spares what that started alone, where it excepts it", async () => {
    const watched = await watch(world(), { policy: with_({ except: { schedules: ["nightly"] } }) });
    await watched.ticks(3);
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([watched.emulator.truth.runs()[1]?.id]);
  });

  it("asks for the name once a day, and for the list once a day; with an id alone for no name", async () => {
    const byName = await watch(world(), { policy: NIGHTLY });
    await byName.ticks(10);
    expect([asked(byName, "schedule"), asked(byName, "schedules")]).toEqual([1, 1]);
    const byId = await watch(world(), { policy: with_({ schedules: [NIGHTLY_ID] }) });
    await byId.ticks(10);
    expect(asked(byId, "schedule")).toBe(0);
    const plain = await watch(world(), { policy: fiveUsd() });
    await plain.ticks(10);
    expect([asked(plain, "schedule"), asked(plain, "schedules")]).toEqual([0, 0]);
  });

  it.each([
    ["refused", { kind: "refused", because: "permissions" }],
    ["not there", { kind: "refused", because: "not-found" }],
    ["broken", { kind: "status", status: 503 }],
    ["garbage", { kind: "html", status: 200 }],
    ["lost", { kind: "reset", afterEffect: true }],
  ] as const)("is blind where that schedule is %s, and nothing else is", async (_what, fault) => {
    const policy = fiveUsd({
      rules: [
        { ...RULE, for: { schedules: ["nightly"] } },
        { ...RULE, id: "api", for: { origins: ["API"] } },
      ],
    });
    const faults = [{ match: { kind: ["schedule", "schedules"] }, fault }] as const;
    const watched = await watch(world({}, faults), { policy });
    const reports = await watched.ticks(4);
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([watched.emulator.truth.runs()[1]?.id]);
    // That a reading failed is an attention of its own, until it answers.
    const told = reports.at(-1)?.attention.filter((each) => !each.startsWith("coverage:reading-the-name"));
    expect(told).toEqual([expect.stringMatching(/^blind:nights\/schedules-is-not-reported/)]);
  });

  it("goes on without the name that was known while it can't be read", async () => {
    const fault = { kind: "refused", because: "permissions" } as const;
    const faults = [{ match: { kind: "schedule" as const }, fault, fromMs: HOUR }];
    const late = { ...BY_NIGHTLY, cost: { startUsd: 0, thenUsdPerHour: 0.25 }, startsAfterMs: -HOUR };
    const watched = await watch(world({}, faults, [late]), { policy: NIGHTLY });
    await watched.tick();
    watched.advance(DAY + HOUR);
    const reports = await watched.ticks(2);
    expect(watched.aborts()).toHaveLength(1);
    expect(reports.flatMap(({ attention }) => attention)).toEqual([]);
  });

  it("says so where somebody gives the schedule another name, and goes on sparing it under the old one", async () => {
    const renamed = { edits: [{ atMs: HOUR, name: "moonlight" }] };
    const lasting = { ...BY_NIGHTLY, cost: { startUsd: 0, thenUsdPerHour: 0.25 }, startsAfterMs: -HOUR };
    const policy = fiveUsd({
      rules: [
        { ...RULE, for: { schedules: ["nightly"] } },
        { ...RULE, id: "others", for: { except: { schedules: ["nightly"] } } },
      ],
    });
    const watched = await watch(world(renamed, [], [lasting]), { policy });
    await watched.tick();
    watched.advance(DAY + HOUR);
    const { attention } = await watched.tick();
    expect(attention).toEqual([
      expect.stringMatching(
        /^rename:schedule#\w+\/nightly nightly is now moonlight; rule nights selects nothing; the exception of rule others holds under both/,
      ),
    ]);
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([watched.emulator.truth.runs()[1]?.id]);
  });

  it("says within a day that what it names was deleted", async () => {
    const deleted = { edits: [{ atMs: HOUR, isDeleted: true } as const] };
    const watched = await watch(world(deleted, [], []), { policy: NIGHTLY });
    expect((await watched.tick()).attention).toEqual([]);
    watched.advance(DAY + MINUTE);
    expect((await watched.tick()).attention).toEqual([
      expect.stringMatching(
        /^blind:nights\/selects-nothing .*none of the account's Actors, tasks and schedules/,
      ),
    ]);
  });
});

describe("a budget that names a schedule", () => {
  it("counts what that started alone, and stops it", async () => {
    const budget = { id: "night", budget: { usd: 6, per: "day" }, steps: [{ at: "100%", do: "abort" }] };
    const policy = fiveUsd({ rules: [{ ...budget, for: { schedules: ["nightly"] } }] });
    const watched = await watch(world(), { policy });
    await watched.ticks(3);
    expect(watched.aborts().map(({ runId }) => runId)).toEqual([watched.emulator.truth.runs()[0]?.id]);
  });
});
