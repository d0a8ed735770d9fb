import { beforeEach, describe, expect, it } from "vitest";
import { steppedClock, type VirtualClock } from "../../../emulator/index.ts";
import { controlState, ledgerWrite, liveRun, NOON, sealed } from "../../contracts/samples.ts";
import { type Fate, Process } from "../process/process.ts";
import type { Passage } from "../process/sending.ts";
import { Weather } from "../process/weather.ts";
import { seededRandom } from "../random.ts";
import { Scheduler } from "../scheduler.ts";
import { STORAGES } from "../world/plan.ts";
import { TEMPERS } from "../world/tempers.ts";
import { DynamoStorage } from "./dynamo-storage.ts";
import { memoryStorage } from "./memory-storage.ts";
import type { Rows, Storage, Stores } from "./storage.ts";

const ACCOUNT = "sim";
const [FAIR] = TEMPERS;

/** Weather in which the next requests travel as is said, and all others well. */
class Ordered extends Weather {
  readonly passages: Partial<Passage>[] = [];

  override store(): Passage {
    return { upMs: 1, downMs: 1, landsAnyway: false, ...this.passages.shift() };
  }
}

describe.each(STORAGES)("what is kept on %s", (kind) => {
  let clock: VirtualClock;
  let scheduler: Scheduler;
  let weather: Ordered;
  let storage: Storage;
  let looks: string[];
  beforeEach(() => {
    if (FAIR === undefined) throw new Error("there is no fair weather");
    clock = steppedClock(NOON);
    scheduler = new Scheduler(clock);
    const random = seededRandom(1);
    weather = new Ordered(random, FAIR);
    storage =
      kind === "memory"
        ? memoryStorage(ACCOUNT)
        : new DynamoStorage(ACCOUNT, { nowMs: () => clock.now(), weather, random, tell: () => undefined });
    looks = [];
  });

  const storesOf = (fate?: Fate): Stores => {
    const process = new Process({ id: "p", scheduler, fate, tell: () => undefined });
    return storage.stores(process, weather, (_by, what) => looks.push(what));
  };

  /** What came of it by the time at which nothing moves any more. */
  async function settled(work: Promise<unknown>): Promise<string> {
    let outcome = "nothing";
    work.then(
      () => {
        outcome = "done";
      },
      (error: Error) => {
        outcome = error.message;
      },
    );
    await scheduler.runUntil(clock.now() + 120_000, () => true);
    return outcome;
  }

  it("lies there for a bystander as the stores wrote it", async () => {
    const { state, audit } = storesOf();
    const writes = async () => {
      await state.writeControl(controlState(), 0);
      await audit.append({
        sealed: sealed(ACCOUNT, undefined, {}, "control"),
        control: { next: controlState(), expectedVersion: 1 },
        policy: { version: 3, document: { version: 1 } },
      });
      await audit.append({ sealed: sealed(ACCOUNT) });
      await state.writeLive({ version: 0, runs: new Map([["run-1", liveRun()]]) });
      const spend = { "2026-11-24T12": 7, "2026-11-23": 5 };
      await state.writeLedger([ledgerWrite({ actorTaskId: "task-1" }, { spend })]);
    };
    expect(await settled(writes())).toBe("done");
    expect(shownBy(storage.rows)).toEqual({
      policy: { version: 1 },
      recordings: 1,
      control: 2,
      live: 1,
      liveRuns: ["run-1"],
      days: [
        ["2026-11-23", [['["actor-1","task-1","API"]', 5]]],
        ["2026-11-24", [['["actor-1","task-1","API"]', 7]]],
      ],
      runs: ["run-1"],
      chains: [
        ["control", 1],
        ["run#run-1", 1],
      ],
    });
  });

  it("names its calls by what a process may be aimed to die at", async () => {
    const { state, audit } = storesOf();
    const calls = async () => {
      await state.readLive();
      await state.writeLive({ version: 0, runs: new Map() });
      await state.writeControl(controlState(), 0);
      await state.writeLedger([ledgerWrite({}, { spend: {} })]);
      await audit.append({ sealed: sealed(ACCOUNT) });
    };
    expect(await settled(calls())).toBe("done");
    const names = ["readLive", "writeLive", "writeControl", "writeLedger"];
    expect(looks).toEqual([...names, expect.stringMatching(/^append abort\.\w+ to run#run-1$/)]);
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)("is left as it was by who dies %s the effect", async (stage, entries) => {
    const { audit } = storesOf({ on: "append abort", atCall: 0, stage });
    expect(await settled(audit.append({ sealed: sealed(ACCOUNT) }))).toBe("nothing");
    expect([...storage.rows.chains()].flatMap(([, stored]) => stored)).toHaveLength(entries);
  });

  if (kind === "memory") return;

  it("is asked again by the adapter when an answer is lost, and has the write once", async () => {
    weather.passages.push({ fails: "after" });
    const { audit } = storesOf();
    expect(await settled(audit.append({ sealed: sealed(ACCOUNT) }))).toBe("done");
    expect(looks).toHaveLength(2);
    expect([...storage.rows.chains()].flatMap(([, stored]) => stored)).toHaveLength(1);
  });

  it("is not waited for longer than three seconds, and what was sent may still arrive", async () => {
    weather.passages.push({ upMs: 20_000 });
    const { state } = storesOf();
    const startedMs = clock.now();
    let tookMs = 0;
    const work = state.writeControl(controlState(), 0).then(() => {
      tookMs = clock.now() - startedMs;
    });
    expect(await settled(work)).toBe("done");
    expect(tookMs).toBeGreaterThan(3_000);
    expect(tookMs).toBeLessThan(4_000);
    expect(looks).toEqual(["writeControl", "writeControl"]);
    expect(storage.rows.controlVersion()).toBe(1);
  });
});

function shownBy(rows: Rows) {
  const live = rows.live();
  const { runs } = JSON.parse(live?.text() ?? "{}") as { runs: readonly { run: { id: string } }[] };
  return {
    policy: JSON.parse(rows.policyText(3) ?? "null"),
    recordings: rows.recordings(),
    control: rows.controlVersion(),
    live: live?.version,
    liveRuns: runs.map(({ run }) => run.id),
    days: [...rows.cells()]
      .filter(([slot]) => slot.length === "2026-11-24".length)
      .map(([slot, spenders]) => [slot, [...spenders]] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    runs: [...rows.runs()].map(([runId]) => runId),
    chains: [...rows.chains()]
      .map(([chain, entries]) => [chain, entries.length] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  };
}
