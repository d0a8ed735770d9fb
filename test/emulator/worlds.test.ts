import { describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type WorldName, worldNames } from "../../emulator/index.ts";
import { ask, HOUR, type Json, MINUTE } from "./support.ts";

const LIVE = "/v2/actor-runs?status=READY,RUNNING,TIMING-OUT,ABORTING";
const seeds = [1, 2, 3, 42];

function live(emulator: Emulator): Json[] {
  return ask(emulator, "GET", LIVE).data.items;
}

function dearNow(emulator: Emulator): string[] {
  return live(emulator)
    .filter((run) => run.usageTotalUsd >= 5)
    .map((run) => run.id);
}

/** The runs that breach 5 USD, six hours or 20 GB within 24 h if nobody stops them, standby excepted. */
function breaches(emulator: Emulator): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const note = (id: string, what: string) => found.set(id, (found.get(id) ?? new Set()).add(what));
  for (let minute = 0; minute < 24 * 60; minute += 15) {
    const nowMs = emulator.clock.now();
    for (const run of live(emulator)) {
      if (run.meta.origin === "STANDBY") continue;
      const { stats } = ask(emulator, "GET", `/v2/actor-runs/${run.id}`).data;
      if (run.usageTotalUsd >= 5) note(run.id, "cost");
      if (run.status !== "READY" && nowMs - Date.parse(run.startedAt) >= 6 * HOUR) note(run.id, "time");
      if (stats.netRxBytes >= 20e9) note(run.id, "traffic");
      if (run.status === "READY" && nowMs - Date.parse(run.startedAt) >= HOUR) note(run.id, "queue");
    }
    emulator.clock.advance(15 * MINUTE);
  }
  return found;
}

describe.each(seeds)("with seed %i", (seed) => {
  const open = (world: WorldName) => createEmulator({ world, seed });

  test("quiet has nothing to stop", () => {
    const emulator = open("quiet");
    expect(live(emulator).length).toBeGreaterThan(1);
    expect(breaches(emulator).size).toBe(0);
  });

  test("runaway passes 4 USD after five minutes, 5 USD after seven and a half, and alone", () => {
    const emulator = open("runaway");
    emulator.clock.advance(7 * MINUTE);
    expect(dearNow(emulator)).toEqual([]);
    emulator.clock.advance(MINUTE);
    expect(dearNow(emulator)).toHaveLength(1);
    expect(live(emulator).length).toBeGreaterThan(1);
    emulator.clock.advance(3 * HOUR);
    expect(dearNow(emulator)).toHaveLength(1);
  });

  test("slow-leak passes 5 USD after four and a half hours, before its six hours are full", () => {
    const emulator = open("slow-leak");
    emulator.clock.advance(4.5 * HOUR);
    expect(dearNow(emulator)).toEqual([]);
    emulator.clock.advance(10 * MINUTE);
    expect(dearNow(emulator)).toHaveLength(1);
    expect(emulator.truth.runs()[0]?.lives[0]?.startedAtMs).toBeGreaterThan(emulator.clock.now() - 6 * HOUR);
  });

  test("stuck has a run that needs force, one that nothing stops, and one that is READY for ever", () => {
    const emulator = open("stuck");
    const dear = dearNow(emulator);
    expect(dear).toHaveLength(2);
    const abortAll = (gracefully: number) =>
      dear.map(
        (id) => ask(emulator, "POST", `/v2/actor-runs/${id}/abort?gracefully=${gracefully}`).data.status,
      );
    abortAll(1);
    emulator.clock.advance(10 * MINUTE);
    expect(abortAll(0).sort()).toEqual(["ABORTED", "ABORTING"]);
    emulator.clock.advance(24 * HOUR);
    expect(
      live(emulator)
        .map((run) => run.status)
        .sort(),
    ).toEqual(["ABORTING", "READY"]);
  });

  test("burst has forty runs pass 5 USD together", () => {
    const emulator = open("burst");
    expect(dearNow(emulator)).toEqual([]);
    emulator.clock.advance(75_000);
    expect(dearNow(emulator)).toHaveLength(40);
  });

  test("missing-cost has runs past six hours of which no read tells the cost", () => {
    const emulator = open("missing-cost");
    const untold = live(emulator).filter((run) => typeof run.usageTotalUsd !== "number");
    const old = untold.filter((run) => emulator.clock.now() - Date.parse(run.startedAt) >= 6 * HOUR);
    expect([untold.length, old.length]).toEqual([5, 3]);
    expect(new Set(untold.map((run) => "usageTotalUsd" in run))).toEqual(new Set([true, false]));
    expect(dearNow(emulator)).toEqual([]);
  });

  test("api-down fails from minute 2 to 10, and loses the answer of the first abort after", () => {
    const emulator = open("api-down");
    const look = () => {
      const answer = emulator.handle({ method: "GET", url: `${LIVE}&token=x`, headers: {} });
      return answer.kind === "reset" ? "reset" : answer.status;
    };
    const seen = [];
    for (let minute = 0; minute < 12; minute++) {
      seen.push(look());
      emulator.clock.advance(MINUTE);
    }
    expect(seen).toEqual([200, 200, 503, 503, 503, 502, 502, 502, "reset", 429, 200, 200]);
    const [id = ""] = dearNow(emulator);
    expect(() => ask(emulator, "POST", `/v2/actor-runs/${id}/abort?gracefully=1`)).toThrow(
      "connection reset",
    );
    expect(ask(emulator, "GET", `/v2/actor-runs/${id}`).data.status).toBe("ABORTING");
  });

  test("past-month has thirty days behind it, of which a handful of bad runs cost a seventh, and a healthy day ahead", () => {
    const emulator = open("past-month");
    const past = [0, 1, 2, 3].flatMap(
      (page) => ask(emulator, "GET", `/v2/actor-runs?limit=1000&offset=${page * 1000}`).data.items,
    );
    const days = new Set(past.map((run) => run.startedAt.slice(0, 10)));
    expect(days.size).toBeGreaterThanOrEqual(30);
    const costs = past.filter((run) => run.status !== "RUNNING").map((run) => run.usageTotalUsd);
    const sum = costs.reduce((total, usd) => total + usd, 0);
    const mishaps = past.filter((run) => run.usageTotalUsd > 9);
    expect(mishaps).toHaveLength(7);
    const lost = mishaps.reduce((total, run) => total + run.usageTotalUsd, 0);
    expect(lost / sum).toBeGreaterThan(0.1);
    expect(breaches(emulator).size).toBe(0);
  });

  test("busy-day begins with a run that comes to 5 USD after six minutes, among healthy ones", () => {
    const emulator = open("busy-day");
    expect(dearNow(emulator)).toEqual([]);
    emulator.clock.advance(6 * MINUTE);
    expect(dearNow(emulator)).toEqual([]);
    emulator.clock.advance(0.5 * MINUTE);
    expect(dearNow(emulator)).toHaveLength(1);
    expect(live(emulator).length).toBeGreaterThan(4);
  });

  test("busy-day is some 200 runs, of which a handful breach cost, time, traffic and queue, behind a month of 3,000", () => {
    const emulator = open("busy-day");
    const before = emulator.clock.now() - 20 * MINUTE;
    const found = breaches(emulator);
    const all = emulator.truth.runs();
    expect(all.length).toBeGreaterThan(3_000);
    const runs = all.filter(
      ({ actorName, lives: [first] }) =>
        (first?.startedAtMs ?? 0) >= before || actorName === "acme/price-api",
    );
    expect(runs.length).toBeGreaterThan(180);
    expect(runs.length).toBeLessThan(220);
    expect(new Set(runs.map((run) => run.actorName)).size).toBe(8);
    expect(found.size).toBeGreaterThanOrEqual(7);
    expect(found.size).toBeLessThanOrEqual(10);
    expect(new Set([...found.values()].flatMap((what) => [...what]))).toEqual(
      new Set(["cost", "time", "traffic", "queue"]),
    );
    const ended = runs.filter((run) => run.lives[0]?.endStatus === "SUCCEEDED");
    expect(ended.length).toBeGreaterThan(150);
  });
});

describe("every-limit", () => {
  const emulator = createEmulator({ world: "every-limit" });
  const runOf = (actorName: string): Json => {
    const ids = emulator.truth.runs().filter((run) => run.actorName === actorName);
    const id = ids.at(-1)?.id ?? "";
    return ask(emulator, "GET", `/v2/actor-runs/${id}`).data;
  };
  const usdPerHour = (actorName: string): number => {
    const { id } = runOf(actorName);
    const now = emulator.clock.now();
    return emulator.truth.costUsdAt(id, now) - emulator.truth.costUsdAt(id, now - HOUR);
  };
  emulator.clock.advance(2.5 * HOUR);

  test.each<[string, (run: Json) => unknown, unknown]>([
    ["acme/search-harvester", (run) => run.usage.PROXY_SERPS > 1_000 && run.usage.DATASET_WRITES, 0],
    ["acme/residential-crawler", (run) => run.usageUsd.PROXY_RESIDENTIAL_TRANSFER_GBYTES > 4, true],
    ["mapworks/places-scraper", (run) => run.chargedEventCounts["place-scraped"] > 1_000, true],
    ["mapworks/places-scraper", (run) => run.chargedEventCounts["apify-actor-start"], 1],
    ["acme/late-sprinter", () => usdPerHour("acme/late-sprinter") > 17, true],
    ["acme/waiting-room", (run) => run.stats.cpuCurrentUsage < 1 && run.stats.netRxBytes < 20e6, true],
    ["acme/product-feed", (run) => run.usageTotalUsd > 3 * 0.65, true],
    ["acme/without-end", (run) => run.options.timeoutSecs, 0],
    ["acme/crash-loop", (run) => run.stats.restartCount, 300],
    ["acme/phoenix", (run) => run.stats.resurrectCount, 3],
    ["acme/beta-tester", (run) => [run.options.build, run.buildNumber], ["beta", "0.2.7"]],
    ["acme/giant", (run) => run.options.memoryMbytes, 32_768],
    ["toolbox/free-converter", (run) => run.pricingInfo.pricingModel, "FREE"],
  ])("has the run of %s show what it is there for", (actorName, shown, wanted) => {
    const run = runOf(actorName);
    expect(run.status).toBe("RUNNING");
    expect(shown(run)).toEqual(wanted);
  });

  test("has one run of each that lacks a timeout, a common build, a common size", () => {
    const all: Json[] = live(emulator).map(({ id }) => ask(emulator, "GET", `/v2/actor-runs/${id}`).data);
    expect(all).toHaveLength(13);
    const odd = [
      all.filter(({ options }) => options.timeoutSecs === 0),
      all.filter(({ options }) => options.build !== "latest"),
      all.filter(({ options }) => options.memoryMbytes > 4_096),
    ];
    expect(odd.map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  test.each([
    ["actors/acme~product-feed", 12, 0.55, 0.65],
    ["actor-tasks/acme~sync-all", 12, 0.05, 0.08],
  ])("has a history of %s", (of, count, least, most) => {
    const { items } = ask(emulator, "GET", `/v2/${of}/runs?status=SUCCEEDED&desc=1&limit=100`).data;
    expect(items).toHaveLength(count);
    for (const { usageTotalUsd } of items) {
      expect(usageTotalUsd).toBeGreaterThanOrEqual(least);
      expect(usageTotalUsd).toBeLessThanOrEqual(most);
    }
  });
});

test("every world can be asked for by name, and an unknown name is told the others", () => {
  for (const name of worldNames)
    expect(createEmulator({ world: name }).truth.runs().length).toBeGreaterThan(0);
  expect(() => createEmulator({ world: "nowhere" as WorldName })).toThrow(
    /no world "nowhere".*runaway.*busy-day/,
  );
});
