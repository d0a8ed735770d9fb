import { describe, expect, test } from "vitest";
import { emulatorOf, HOUR, MINUTE, SECOND, serve } from "./support.ts";

describe("the official client's runs", () => {
  const start = Date.parse("2026-09-01T08:00:00.000Z");
  const six = () =>
    emulatorOf(
      { startsAfterMs: -6 * MINUTE },
      { startsAfterMs: -5 * MINUTE, ends: { afterMs: SECOND, status: "SUCCEEDED" } },
      { startsAfterMs: -4 * MINUTE, actor: "acme/news" },
      { startsAfterMs: -3 * MINUTE, ends: { afterMs: SECOND, status: "FAILED" } },
      { startsAfterMs: -2 * MINUTE, task: "shop-eu" },
      { startsAfterMs: -1 * MINUTE, readyForMs: HOUR },
    );

  test("are listed by start, or the other way round, a page at a time", async () => {
    const emulator = six();
    const { client } = await serve(emulator);
    const ids = emulator.truth.runs().map((run) => run.id);
    const page = await client.runs().list({ limit: 2, offset: 1 });
    expect(page).toMatchObject({ total: 6, offset: 1, limit: 2, count: 2, desc: false });
    expect(page.items.map((run) => run.id)).toEqual(ids.slice(1, 3));
    const backwards = await client.runs().list({ desc: true });
    expect(backwards.items.map((run) => run.id)).toEqual(ids.toReversed());
  });

  test("can be iterated over", async () => {
    const emulator = six();
    const { client } = await serve(emulator);
    const seen: string[] = [];
    for await (const run of client.runs().list({ limit: 5 })) seen.push(run.id);
    expect(seen).toEqual(
      emulator.truth
        .runs()
        .slice(0, 5)
        .map((run) => run.id),
    );
  });

  test("are filtered by one status or several", async () => {
    const { client } = await serve(six());
    const failed = await client.runs().list({ status: "FAILED" });
    expect(failed.items.map((run) => run.status)).toEqual(["FAILED"]);
    const live = await client.runs().list({ status: ["READY", "RUNNING", "TIMING-OUT", "ABORTING"] });
    expect(live.items.map((run) => run.status)).toEqual(["RUNNING", "RUNNING", "RUNNING", "READY"]);
  });

  test("are filtered by dates, both bounds inclusive", async () => {
    const { client } = await serve(six());
    const between = await client
      .runs()
      .list({ startedAfter: new Date(start - 4 * MINUTE), startedBefore: new Date(start - 2 * MINUTE) });
    expect(between.items.map((run) => start - run.startedAt.getTime())).toEqual(
      [4, 3, 2].map((n) => n * MINUTE),
    );
  });

  test("of an Actor and of a task are theirs alone", async () => {
    const { client } = await serve(six());
    expect((await client.actor("acme/news").runs().list()).total).toBe(1);
    expect((await client.task("acme/shop-eu").runs().list({ desc: true })).items).toHaveLength(1);
  });
});
