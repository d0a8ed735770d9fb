import { describe, expect, test } from "vitest";
import { createEmulator } from "../../../emulator/index.ts";
import { ask, emulatorOf, HOUR, idOf, MINUTE, serve } from "../support.ts";
import { detailOf, itemOf } from "./support.ts";

// Facts, section 7: every key of `stats` is optional, much of the rest may be null or absent, a READY run had null
// durations; section 6: a brand-new run may lack `startedAt`; section 20 and its list of undocumented keys.

const RUN = { label: "run", cost: 6, usageLagMs: 0 } as const;

describe("a field", () => {
  test("can be set, at any depth, in one kind of answer or in both", () => {
    const emulator = emulatorOf({
      ...RUN,
      fields: [
        { set: { startedAt: "1970-01-01T00:00:00.000Z" } },
        { in: "detail", set: { "stats.runTimeSecs": null, "made.up": 1 } },
      ],
    });
    expect([itemOf(emulator, "run").startedAt, detailOf(emulator, "run").startedAt]).toEqual([
      "1970-01-01T00:00:00.000Z",
      "1970-01-01T00:00:00.000Z",
    ]);
    expect(detailOf(emulator, "run")).toMatchObject({
      stats: { runTimeSecs: null, computeUnits: 0 },
      made: { up: 1 },
    });
    expect(itemOf(emulator, "run")).not.toHaveProperty("made");
  });

  test("can be left out for a time", () => {
    const emulator = emulatorOf({ ...RUN, fields: { omit: ["startedAt"], untilMs: MINUTE } });
    expect(itemOf(emulator, "run")).not.toHaveProperty("startedAt");
    emulator.clock.advance(MINUTE);
    expect(itemOf(emulator, "run")).toHaveProperty("startedAt");
  });

  test("can be one of the few that are kept", () => {
    const emulator = emulatorOf({
      ...RUN,
      fields: { keep: { stats: ["resurrectCount", "computeUnits", "none"] } },
    });
    expect(detailOf(emulator, "run").stats).toEqual({ resurrectCount: 0, computeUnits: 0 });
    expect(itemOf(emulator, "run")).not.toHaveProperty("stats");
  });

  test("is changed in the answer to an abort as well, and in what truth says was told", () => {
    const emulator = emulatorOf({ ...RUN, fields: { set: { usageTotalUsd: 99 } } });
    const { data } = ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/abort`);
    expect(data).toMatchObject({ status: "ABORTED", usageTotalUsd: 99 });
    expect(emulator.truth.calls.at(-1)?.shown).toEqual({
      [idOf(emulator)]: { status: "ABORTED", usageTotalUsd: 99 },
    });
    expect(emulator.truth.costUsdAt(idOf(emulator), emulator.clock.now())).toBe(0);
  });
});

test("an end can be left over from a former life, while the run is RUNNING", () => {
  const ends = { afterMs: HOUR, status: "SUCCEEDED" } as const;
  const emulator = emulatorOf({ ...RUN, ends, keepsFinishedAt: true });
  const endedAt = new Date(emulator.clock.now() + HOUR).toISOString();
  emulator.clock.advance(3 * HOUR);
  ask(emulator, "POST", `/v2/actor-runs/${idOf(emulator)}/resurrect`);
  for (const shown of [itemOf(emulator, "run"), detailOf(emulator, "run")])
    expect(shown).toMatchObject({ status: "RUNNING", finishedAt: endedAt });
  expect(detailOf(emulator, "run").isStatusMessageTerminal).toBeNull();
  emulator.clock.advance(HOUR);
  expect(itemOf(emulator, "run").finishedAt).toBe(new Date(emulator.clock.now()).toISOString());
});

test("instants can have microseconds and an offset, and mean the same", () => {
  const emulator = emulatorOf({ ...RUN, timestamps: "microseconds" });
  const { startedAt } = itemOf(emulator, "run");
  expect(startedAt).toMatch(/^2026-09-01T08:00:00\.000456\+00:00$/);
  expect(Date.parse(startedAt)).toBe(emulator.clock.now());
  expect(detailOf(emulator, "run").startedAt).toBe(startedAt);
});

test("a READY run has the nulls that real ones have", () => {
  const emulator = emulatorOf({ ...RUN, readyForMs: HOUR });
  expect(detailOf(emulator, "run")).toMatchObject({
    finishedAt: null,
    exitCode: null,
    statusMessage: null,
    isStatusMessageTerminal: null,
    stats: { durationMillis: null, runTimeSecs: null, computeUnits: 0 },
    options: { restartOnError: false, maxItems: null },
  });
});

test("the world odd-shapes has each of them, and the official client reads them all", async () => {
  const emulator = createEmulator({ world: "odd-shapes" });
  emulator.clock.advance(5 * MINUTE);
  expect(itemOf(emulator, "starts-1970").startedAt).toBe("1970-01-01T00:00:00.000Z");
  expect(Date.parse(itemOf(emulator, "starts-next-year").startedAt)).toBeGreaterThan(
    emulator.clock.now() + 300 * 24 * HOUR,
  );
  expect(itemOf(emulator, "starts-never")).not.toHaveProperty("startedAt");
  const risen = detailOf(emulator, "end-left-over");
  expect(risen).toMatchObject({ status: "RUNNING", stats: { resurrectCount: 1 } });
  expect(Date.parse(risen.finishedAt)).toBeLessThan(emulator.clock.now() - 23 * HOUR);
  expect(Object.keys(detailOf(emulator, "few-stats").stats)).toHaveLength(3);
  expect(detailOf(emulator, "no-resurrect-count").stats).not.toHaveProperty("resurrectCount");
  const total = detailOf(emulator, "total-without-usage");
  expect([total.usageTotalUsd > 0, "usage" in total, "pricingInfo" in total]).toEqual([true, false, false]);
  const usage = detailOf(emulator, "usage-without-total");
  expect(["usage" in usage, "usageTotalUsd" in usage]).toEqual([true, false]);
  expect(detailOf(emulator, "nulls").stats.durationMillis).toBeNull();
  const { client } = await serve(emulator);
  const { items } = await client.runs().list();
  for (const { id } of items) expect((await client.run(id).get())?.id).toBe(id);
});
