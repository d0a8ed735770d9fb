import { describe, expect, test } from "vitest";
import {
  createEmulator,
  type Emulator,
  type ScheduleSpec,
  type WorldFault,
  worldNames,
} from "../../../emulator/index.ts";
import { ask, HOUR, type Json, MINUTE, serve, worldOf } from "../support.ts";

// Facts, section 18. The world begins at 08:00.

const withSchedules = (
  specs: readonly Partial<ScheduleSpec>[],
  { faults = [] }: { readonly faults?: readonly WorldFault[] } = {},
): Emulator =>
  createEmulator({
    world: {
      ...worldOf(),
      faults,
      tokens: { reader: { except: [{ kind: "update-schedule" }] } },
      schedules: specs.map((spec, index) => ({
        name: `often-${index}`,
        ...(spec.everyMs === undefined && { cron: "*/10 * * * *" }),
        starts: { actor: "acme/shop" },
        ...spec,
      })),
    },
  });
const listed = (emulator: Emulator, query = ""): Json[] =>
  ask(emulator, "GET", `/v2/schedules?${query}`).data.items;
const idOf = (emulator: Emulator, index = 0): string => listed(emulator)[index].id;
const read = (emulator: Emulator, index = 0): Json =>
  ask(emulator, "GET", `/v2/schedules/${idOf(emulator, index)}`).data;
const put = (emulator: Emulator, body: unknown, token = "good") =>
  ask(emulator, "PUT", `/v2/schedules/${idOf(emulator)}`, { body, token });
const starts = (emulator: Emulator): readonly string[] =>
  ask(emulator, "GET", "/v2/actor-runs").data.items.map(({ meta }: Json) => meta.scheduledAt.slice(11, 16));

/** Keys that Apify's API reference requires of its answers. */
const BASE =
  "id userId name cronExpression timezone isEnabled isExclusive createdAt modifiedAt nextRunAt lastRunAt".split(
    " ",
  );

describe("the list of schedules", () => {
  test("has the documented keys, and those of each action alone that say what it starts", () => {
    const emulator = withSchedules([
      { starts: [{ actor: "acme/shop" }, { actor: "acme/shop", task: "shop-eu" }] },
    ]);
    const list = ask(emulator, "GET", "/v2/schedules").data;
    expect(Object.keys(list)).toEqual(["total", "offset", "limit", "desc", "count", "items"]);
    expect(Object.keys(list.items[0])).toEqual([...BASE, "actions"]);
    expect(list.items[0].actions).toEqual([
      {
        id: expect.any(String),
        type: "RUN_ACTOR",
        actorId: ask(emulator, "GET", "/v2/actors/acme~shop").data.id,
      },
      {
        id: expect.any(String),
        type: "RUN_ACTOR_TASK",
        actorTaskId: ask(emulator, "GET", "/v2/actor-tasks/acme~shop-eu").data.id,
      },
    ]);
  });

  test("is of the user, by when they were created, and paged by offset", () => {
    const emulator = withSchedules([{}, {}, {}]);
    const names = (query: string) => listed(emulator, query).map(({ name }) => name);
    expect(names("")).toEqual(["often-0", "often-1", "often-2"]);
    expect(names("desc=1&limit=2")).toEqual(["often-2", "often-1"]);
    expect(names("offset=1&limit=1")).toEqual(["often-1"]);
    expect(ask(emulator, "GET", "/v2/schedules", { token: "other-user" }).data.items).toEqual([]);
    expect(ask(emulator, "GET", `/v2/schedules/${idOf(emulator)}`, { token: "other-user" }).status).toBe(404);
  });
});

describe("a schedule", () => {
  test("says when it is due next, and when it was last", () => {
    const emulator = withSchedules([{ cron: "15 * * * *", timezone: "Asia/Kolkata" }]);
    expect(read(emulator)).toMatchObject({ nextRunAt: "2026-09-01T08:45:00.000Z", lastRunAt: null });
    emulator.clock.advance(HOUR + MINUTE);
    expect(read(emulator)).toMatchObject({
      nextRunAt: "2026-09-01T09:45:00.000Z",
      lastRunAt: "2026-09-01T08:45:00.000Z",
    });
    expect(starts(emulator)).toEqual(["08:45"]);
  });

  test("has the options and the input of its actions in full", () => {
    const { actions, ...whole } = read(
      withSchedules([{ starts: { actor: "acme/shop", memoryMbytes: 512 } }]),
    );
    expect(whole).toMatchObject({ title: null, description: null, notifications: { email: true } });
    expect(actions).toMatchObject([{ type: "RUN_ACTOR", runInput: null, runOptions: { memoryMbytes: 512 } }]);
  });

  test("misses what is due while the scheduler is down, for good", () => {
    const emulator = withSchedules([{ misses: { fromMs: 5 * MINUTE, untilMs: 25 * MINUTE } }]);
    emulator.clock.advance(31 * MINUTE);
    expect(starts(emulator)).toEqual(["08:00", "08:30"]);
  });

  test("leaves ten seconds between two runs", () => {
    const emulator = withSchedules([{ cron: "*/4 * * * * *" }]);
    emulator.clock.advance(30_000);
    expect(ask(emulator, "GET", "/v2/actor-runs").data.items).toHaveLength(3);
  });
});

describe("a PUT", () => {
  test("changes what its body has, moves modifiedAt, and answers the whole schedule", () => {
    const emulator = withSchedules([{}]);
    const before = read(emulator);
    emulator.clock.advance(MINUTE);
    const { status, data } = put(emulator, { isEnabled: false });
    expect([status, data]).toEqual([
      200,
      {
        ...before,
        isEnabled: false,
        nextRunAt: null,
        modifiedAt: "2026-09-01T08:01:00.000Z",
        lastRunAt: "2026-09-01T08:00:00.000Z",
      },
    ]);
    expect(read(emulator)).toEqual(data);
  });

  test("that disables holds what would start, and enabling makes up for none of it", () => {
    const emulator = withSchedules([{}]);
    put(emulator, { isEnabled: false });
    emulator.clock.advance(35 * MINUTE);
    expect(put(emulator, { isEnabled: true }).data.nextRunAt).toBe("2026-09-01T08:40:00.000Z");
    emulator.clock.advance(20 * MINUTE);
    expect(starts(emulator)).toEqual(["08:00", "08:40", "08:50"]);
  });

  test("that enables may fire a missed time at once, where the world says so", () => {
    const emulator = withSchedules([{ catchesUp: true }]);
    put(emulator, { isEnabled: false });
    emulator.clock.advance(15 * MINUTE);
    put(emulator, { isEnabled: true });
    emulator.clock.advance(MINUTE);
    expect(starts(emulator)).toEqual(["08:00", "08:15"]);
  });

  test("sets another time, zone and action", () => {
    const emulator = withSchedules([{ everyMs: 7 * MINUTE }]);
    const newsId = ask(emulator, "GET", "/v2/actors/acme~news").data.id;
    const actions = [{ type: "RUN_ACTOR", actorId: newsId, runInput: { body: "{}" } }];
    const { data } = put(emulator, { cronExpression: "@daily", timezone: "America/New_York", actions });
    expect(data).toMatchObject({ nextRunAt: "2026-09-02T04:00:00.000Z", actions });
    emulator.clock.advance(24 * HOUR);
    expect(emulator.truth.runs().map(({ actorName }) => actorName)).toEqual(["acme/shop", "acme/news"]);
  });

  test.each([
    [{ cronExpression: "61 * * * *" }, "cron-expression-invalid"],
    [{ cronExpression: "" }, "cron-expression-invalid"],
    [{ timezone: "Mars/Olympus" }, "invalid-input"],
    [{ cronExpression: "@daily", timezone: "Mars/Olympus" }, "invalid-input"],
    [{ isEnabled: "no" }, "invalid-input"],
    [{ name: "x" }, "invalid-input"],
    [{ name: "often-1" }, "schedule-name-not-unique"],
    [{ actions: [{ type: "RUN_ACTOR", actorId: "nobody" }] }, "schedule-actor-not-found"],
    [{ actions: [{ type: "RUN_ACTOR_TASK", actorTaskId: "nobody" }] }, "schedule-actor-task-not-found"],
  ])("of %j is refused, and changes nothing", (body, type) => {
    const emulator = withSchedules([{}, {}]);
    const before = read(emulator);
    expect(put(emulator, { isExclusive: true, ...body })).toMatchObject({ status: 400, error: { type } });
    expect(read(emulator)).toEqual(before);
  });

  test("is refused where the token may only read, of this schedule where a fault says so, and lost where one says that", () => {
    const faults: WorldFault[] = [
      {
        match: { kind: "schedule", schedule: "often-1" },
        fault: { kind: "refused", because: "permissions" },
      },
      { match: { kind: "update-schedule" }, fault: { kind: "reset", afterEffect: true }, fromMs: MINUTE },
    ];
    const emulator = withSchedules([{}, {}], { faults });
    expect(put(emulator, { isEnabled: false }, "reader")).toMatchObject({
      status: 403,
      error: { type: "insufficient-permissions" },
    });
    expect(read(emulator).isEnabled).toBe(true);
    expect(ask(emulator, "GET", `/v2/schedules/${idOf(emulator, 1)}`).status).toBe(403);
    emulator.clock.advance(MINUTE);
    expect(() => put(emulator, { isEnabled: false })).toThrow("connection reset");
    expect(read(emulator).isEnabled).toBe(false);
  });
});

describe("somebody in the Console", () => {
  test("edits, enables again and deletes, each at its time", () => {
    const emulator = withSchedules([
      {
        edits: [
          { atMs: 15 * MINUTE, cronExpression: "*/5 * * * *" },
          { atMs: 22 * MINUTE, isDeleted: true },
        ],
      },
    ]);
    emulator.clock.advance(16 * MINUTE);
    expect(read(emulator)).toMatchObject({
      cronExpression: "*/5 * * * *",
      modifiedAt: "2026-09-01T08:15:00.000Z",
    });
    emulator.clock.advance(HOUR);
    expect(listed(emulator)).toEqual([]);
    expect(starts(emulator)).toEqual(["08:00", "08:10", "08:20"]);
  });

  test("can't leave alone what others disable", () => {
    const emulator = withSchedules([{ reenabled: { afterMs: 2 * MINUTE, times: 1 } }]);
    put(emulator, { isEnabled: false });
    emulator.clock.advance(3 * MINUTE);
    expect(read(emulator)).toMatchObject({ isEnabled: true, modifiedAt: "2026-09-01T08:02:00.000Z" });
    put(emulator, { isEnabled: false });
    emulator.clock.advance(3 * MINUTE);
    expect(read(emulator).isEnabled).toBe(false);
  });
});

test.each(worldNames)("the schedules that runs of %s name are there", (name) => {
  const emulator = createEmulator({ world: name });
  emulator.clock.advance(30 * MINUTE);
  const runs: Json[] = ask(emulator, "GET", "/v2/actor-runs").data?.items ?? [];
  const named = new Set(runs.flatMap(({ meta }) => meta.scheduleId ?? []));
  const ids = ask(emulator, "GET", "/v2/schedules").data?.items.map(({ id }: Json) => id);
  expect(ids ?? []).toEqual(expect.arrayContaining([...named]));
});

test("the official client lists, reads, changes and deletes schedules", async () => {
  const emulator = withSchedules([{}, {}]);
  const { client } = await serve(emulator);
  const { items, total } = await client.schedules().list();
  expect([total, items.map(({ name }) => name)]).toEqual([2, ["often-0", "often-1"]]);
  const schedule = client.schedule(items[0]?.id ?? "");
  expect((await schedule.get())?.nextRunAt).toEqual(new Date("2026-09-01T08:10:00.000Z"));
  expect((await schedule.update({ isEnabled: false })).isEnabled).toBe(false);
  expect((await schedule.get())?.isEnabled).toBe(false);
  await schedule.delete();
  expect(await schedule.get()).toBeUndefined();
  expect((await client.schedules().list()).total).toBe(1);
});

test("the world storm spends 50 USD in 39 minutes, whoever stops what", () => {
  const emulator = createEmulator({ world: "storm" });
  const startMs = emulator.clock.now();
  emulator.clock.advance(39 * MINUTE);
  const spent = () =>
    emulator.truth
      .spendByRun(startMs, emulator.clock.now())
      .filter(({ label }) => label?.startsWith("price"))
      .reduce((sum, { usd }) => sum + usd, 0);
  expect(spent()).toBeGreaterThan(50);
  for (const { id } of ask(emulator, "GET", "/v2/actor-runs?status=READY,RUNNING").data.items)
    ask(emulator, "POST", `/v2/actor-runs/${id}/abort`);
  emulator.clock.advance(30 * MINUTE);
  const live = ask(emulator, "GET", "/v2/actor-runs?status=READY,RUNNING").data.items;
  expect(live.filter(({ meta }: Json) => meta.scheduleId === idOf(emulator)).length).toBe(30);
  const failed = ask(emulator, "GET", "/v2/actor-runs?status=FAILED").data;
  expect(failed.total).toBeGreaterThan(50);
});
