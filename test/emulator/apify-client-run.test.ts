import { ApifyApiError } from "apify-client";
import { describe, expect, test, vi } from "vitest";
import { createEmulator, runningClock } from "../../emulator/index.ts";
import { emulatorOf, HOUR, idOf, MINUTE, SECOND, serve, worldOf } from "./support.ts";

describe("the official client's run", () => {
  test("gets a run, with dates as dates", async () => {
    const emulator = emulatorOf({ startsAfterMs: -HOUR, cost: 3, usageLagMs: 0 });
    const { client } = await serve(emulator);
    const run = await client.run(idOf(emulator)).get();
    expect(run).toMatchObject({ status: "RUNNING", usageTotalUsd: 3, stats: { runTimeSecs: 3_600 } });
    expect(run?.startedAt.getTime()).toBe(emulator.clock.now() - HOUR);
  });

  test("gets undefined for a run that is not there", async () => {
    const { client } = await serve(emulatorOf());
    expect(await client.run("nosuchrun").get()).toBeUndefined();
  });

  test("aborts gracefully: ABORTING, then ABORTED", async () => {
    const emulator = emulatorOf({ onAbort: { kind: "drains", forMs: 5 * SECOND } });
    const { client } = await serve(emulator);
    const run = client.run(idOf(emulator));
    expect((await run.abort({ gracefully: true })).status).toBe("ABORTING");
    emulator.clock.advance(5 * SECOND);
    expect(await run.get()).toMatchObject({ status: "ABORTED", statusMessage: "Actor was aborted" });
    expect(emulator.truth.calls[0]).toMatchObject({ kind: "abort", gracefully: true, effect: "aborting" });
  });

  test("aborts at once without grace", async () => {
    const emulator = emulatorOf({});
    const { client } = await serve(emulator);
    expect((await client.run(idOf(emulator)).abort()).status).toBe("ABORTED");
    expect(emulator.truth.calls[0]).toMatchObject({ gracefully: false, effect: "aborted" });
  });

  test("throws its own error when it aborts a run that is not there", async () => {
    const { client } = await serve(emulatorOf());
    const error = await client
      .run("nosuchrun")
      .abort()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApifyApiError);
    expect(error).toMatchObject({
      statusCode: 404,
      type: "record-not-found",
      message: "Actor run was not found",
    });
  });

  test("resurrects an ended run, with new options", async () => {
    const emulator = emulatorOf({ ends: { afterMs: SECOND, status: "FAILED" } });
    const { client } = await serve(emulator);
    emulator.clock.advance(MINUTE);
    const run = await client
      .run(idOf(emulator))
      .resurrect({ timeout: 120, memory: 2_048, maxTotalChargeUsd: 4, maxItems: 9, restartOnError: true });
    expect(run).toMatchObject({
      status: "RUNNING",
      stats: { resurrectCount: 1 },
      options: {
        timeoutSecs: 120,
        memoryMbytes: 2_048,
        maxTotalChargeUsd: 4,
        maxItems: 9,
        restartOnError: true,
      },
    });
  });

  test("updates the status message, even of a run that has ended", async () => {
    const emulator = emulatorOf({});
    const { client } = await serve(emulator);
    const run = client.run(idOf(emulator));
    await run.abort();
    const updated = await run.update({ statusMessage: "Stopped: too dear", isStatusMessageTerminal: true });
    expect(updated).toMatchObject({ statusMessage: "Stopped: too dear", isStatusMessageTerminal: true });
  });

  test("reboots a running run, and is refused for an ended one", async () => {
    const emulator = emulatorOf({});
    const { client } = await serve(emulator);
    const run = client.run(idOf(emulator));
    expect((await run.reboot()).stats).toMatchObject({ rebootCount: 1 });
    await run.abort();
    await expect(run.reboot()).rejects.toMatchObject({ statusCode: 403, type: "job-finished" });
  });

  test("metamorphs, charges and reads the log", async () => {
    const emulator = emulatorOf({ actor: "mapworks/places", cost: 0, usageLagMs: 0 });
    const { client } = await serve(emulator);
    const run = client.run(idOf(emulator));
    expect((await run.metamorph("acme/news", {})).stats.metamorph).toBe(1);
    await run.charge({ eventName: "place", count: 3 });
    expect(await run.get()).toMatchObject({ chargedEventCounts: { place: 3 }, usageTotalUsd: 0.03 });
    expect(await run.log().get()).toContain("ACTOR: Starting");
  });

  test("deletes an ended run, and is refused for a live one", async () => {
    const emulator = emulatorOf({});
    const { client } = await serve(emulator);
    const run = client.run(idOf(emulator));
    await expect(run.delete()).rejects.toMatchObject({ type: "cannot-remove-running-run" });
    await run.abort();
    await run.delete();
    expect(await run.get()).toBeUndefined();
  });

  test("waits for the end of a run", async () => {
    const world = worldOf({ ends: { afterMs: HOUR, status: "SUCCEEDED" } });
    const emulator = createEmulator({ world, clock: runningClock({ speed: 36_000 }) });
    const { client } = await serve(emulator);
    expect((await client.run(idOf(emulator)).waitForFinish()).status).toBe("SUCCEEDED");
  });
});

test("the official client rides out an outage of one answer", async () => {
  // The client warns of each retry.
  vi.spyOn(console, "warn").mockReturnValue();
  const emulator = emulatorOf({});
  emulator.faults.add({ fault: { kind: "html", status: 502 } });
  const { client } = await serve(emulator);
  expect((await client.runs().list()).total).toBe(1);
  expect(emulator.truth.calls.map((call) => call.status)).toEqual([502, 200]);
});
