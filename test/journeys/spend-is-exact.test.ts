import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import { type Cell, isEnded, isHourSlot, spread, sumCells, totalOf } from "../../src/policy/index.ts";
import { readSnapshot } from "../../src/watchdog/ledger/ledger.ts";
import { emptyMemory, type Ports, type StateStore } from "../../src/watchdog/model/ports.ts";
import { runTick } from "../../src/watchdog/tick/tick.ts";
import { NOON } from "../support/builders.ts";
import { PretendAccount, type PretendRun } from "../support/pretend-account.ts";
import { HOUR, MINUTE, SECOND } from "../support/world.ts";

/** What may happen between ticks, and how ticks themselves may go. Numbers choose among what there is. */
type Happening =
  | { readonly kind: "start"; readonly actor: number; readonly agoMs: number; readonly microUsd: number }
  | { readonly kind: "spend"; readonly run: number; readonly microUsd: number }
  | { readonly kind: "correct"; readonly run: number; readonly microUsd: number }
  | { readonly kind: "hide"; readonly run: number }
  | { readonly kind: "end"; readonly run: number; readonly agoMs: number }
  | { readonly kind: "resurrect"; readonly run: number }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "tick" }
  | { readonly kind: "dying tick"; readonly afterCalls: number; readonly takesEffect: boolean }
  | { readonly kind: "overlapping ticks"; readonly switches: readonly boolean[] };

const choice = fc.nat({ max: 9 });
const cents = fc.nat({ max: 5_000_000 });
const spans = [SECOND, 20 * SECOND, MINUTE, 7 * MINUTE, HOUR, 6 * HOUR, 60 * HOUR];
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constant("start" as const),
    actor: choice,
    agoMs: fc.constantFrom(0, SECOND, MINUTE, HOUR, 240 * HOUR),
    microUsd: cents,
  }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("spend" as const), run: choice, microUsd: cents }) },
  fc.record({ kind: fc.constant("correct" as const), run: choice, microUsd: cents }),
  fc.record({ kind: fc.constant("hide" as const), run: choice }),
  fc.record({ kind: fc.constant("end" as const), run: choice, agoMs: fc.constantFrom(0, SECOND, MINUTE) }),
  fc.record({ kind: fc.constant("resurrect" as const), run: choice }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(...spans) }) },
  { weight: 3, arbitrary: fc.constant({ kind: "tick" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("dying tick" as const),
      afterCalls: fc.nat({ max: 14 }),
      takesEffect: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("overlapping ticks" as const),
      switches: fc.array(fc.boolean(), { minLength: 4, maxLength: 24 }),
    }),
  },
);

class Died extends Error {}

/** A store whose process dies at its n-th call; that call has its effect or not. */
function dying(state: StateStore, afterCalls: number, takesEffect: boolean): StateStore {
  let left = afterCalls;
  return new Proxy(state, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      if (name === "takeConsumedCapacity") return method.bind(target);
      return async (...given: readonly unknown[]) => {
        left -= 1;
        if (left < -1) throw new Died();
        const isLast = left === -1;
        if (isLast && !takesEffect) throw new Died();
        const answer: unknown = await method.apply(target, given);
        if (isLast) throw new Died();
        return answer;
      };
    },
  });
}

/** A store that waits its turn before each call, so that two ticks interleave as `switches` says. */
function turns(switches: readonly boolean[]) {
  const waiting: { readonly first: boolean; readonly go: () => void }[] = [];
  let at = 0;
  const next = (): void => {
    const wanted = switches[at++ % switches.length] ?? true;
    const index = Math.max(
      0,
      waiting.findIndex(({ first }) => first === wanted),
    );
    waiting.splice(index, 1)[0]?.go();
  };
  const of = (state: StateStore, first: boolean): StateStore =>
    new Proxy(state, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        if (name === "takeConsumedCapacity") return method.bind(target);
        return async (...given: readonly unknown[]) => {
          await new Promise<void>((go) => waiting.push({ first, go }));
          return method.apply(target, given);
        };
      },
    });
  return { of, next, isIdle: () => waiting.length === 0 };
}

/** Time stands still within a tick: what is waited for for long, such as the end of a budget of time, never comes. */
const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  ms < SECOND
    ? Promise.resolve()
    : new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));

async function play(happenings: readonly Happening[]) {
  let now = NOON.getTime();
  const account = new PretendAccount(() => new Date(now));
  const stores = createMemoryStores({ account: "default" });
  let ticks = 0;
  const ports = (state: StateStore = stores.state): Ports => ({
    account: "default",
    apify: account.apify,
    audit: stores.audit,
    state,
    clock: { now: () => new Date(now), sleep },
    log: { info: () => undefined, warn: () => undefined },
    newTickId: () => `tick-${++ticks}`,
    memory: emptyMemory(),
  });
  const tick = async (state?: StateStore): Promise<void> => {
    const { signal } = new AbortController();
    await runTick(ports(state), { signal, endsBy: new Date(now + 50 * SECOND) }).catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
    });
  };
  const both = async (switches: readonly boolean[]): Promise<void> => {
    const { of, next, isIdle } = turns(switches);
    let open = 2;
    const one = (first: boolean) => tick(of(stores.state, first)).finally(() => (open -= 1));
    const all = Promise.all([one(true), one(false)]);
    while (open > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isIdle()) next();
    }
    await all;
  };
  const chosen = (index: number, of: (run: PretendRun) => boolean): PretendRun | undefined => {
    const fit = account.runs.filter(of);
    return fit[index % Math.max(1, fit.length)];
  };
  /** Figures move for a few seconds after the end; later nobody looks. */
  const isMoving = ({ status, finishedAt }: PretendRun): boolean =>
    !isEnded(status) || (finishedAt !== undefined && now - finishedAt.getTime() < 5 * SECOND);
  const happen = async (each: Happening): Promise<void> => {
    switch (each.kind) {
      case "start":
        account.runs.push({
          id: `run${account.runs.length}`,
          actorId: `actor${each.actor % 3}`,
          ...(each.actor % 2 === 0 && { actorTaskId: `task${each.actor}` }),
          origin: each.actor > 5 ? "API" : "SCHEDULER",
          // Nothing begins in a past that was looked at.
          startedAt: new Date(now - (ticks > 0 ? Math.min(each.agoMs, SECOND) : each.agoMs)),
          status: "RUNNING",
          resurrectCount: 0,
          microUsd: each.microUsd,
        });
        return;
      case "spend":
      case "correct": {
        const run = chosen(each.run, isMoving);
        if (run === undefined) return;
        const moved = each.kind === "spend" ? each.microUsd : -each.microUsd;
        run.microUsd = Math.max(0, (run.microUsd ?? 0) + moved);
        return;
      }
      case "hide": {
        const run = chosen(each.run, () => true);
        if (run) delete run.microUsd;
        return;
      }
      case "end": {
        const run = chosen(each.run, ({ status }) => !isEnded(status));
        if (run === undefined) return;
        run.status = "SUCCEEDED";
        run.finishedAt = new Date(Math.max(run.startedAt.getTime(), now - each.agoMs));
        return;
      }
      case "resurrect": {
        const run = chosen(each.run, ({ status }) => isEnded(status));
        if (run === undefined) return;
        run.status = "RUNNING";
        run.resurrectCount += 1;
        delete run.finishedAt;
        return;
      }
      case "wait":
        now += each.ms;
        return;
      case "tick":
        return tick();
      case "dying tick":
        return tick(dying(stores.state, each.afterCalls, each.takesEffect));
      case "overlapping ticks":
        return both(each.switches);
    }
  };
  const before = new Set<string>();
  for (const each of happenings) {
    await happen(each);
    const { cursor } = await stores.state.readLive();
    if (cursor === undefined) for (const { id } of account.runs) before.add(id);
  }
  return { account, stores, tick, before, wait: (ms: number) => (now += ms) };
}

const EVER = [
  { from: "2000-01-01", to: "2100-01-01" },
  { from: "2000-01-01T00", to: "2100-01-01T00" },
];

const byRunner = ({ actorId, actorTaskId = "", origin = "" }: Omit<Cell, "slot" | "microUsd">): string =>
  [actorId, actorTaskId, origin].join("/");

function sums(of: readonly (readonly [string, number])[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [key, microUsd] of of) all[key] = (all[key] ?? 0) + microUsd;
  return Object.fromEntries(Object.entries(all).filter(([, microUsd]) => microUsd !== 0));
}

describe("what was spent", () => {
  it("is in the cells as in the recorded runs, to the micro-dollar, under any interleaving, crash and repetition", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 40 }), async (happenings) => {
        const { account, stores, tick, wait, before } = await play(happenings);
        const recorded = async () => {
          const items = [];
          for await (const item of stores.state.allRuns()) items.push(item);
          return items;
        };
        const agree = async () => {
          const { cells } = await stores.state.readSpend(EVER);
          const days = cells.filter(({ slot }) => !isHourSlot(slot));
          const items = await recorded();
          expect(sums(days.map((cell) => [byRunner(cell), cell.microUsd]))).toEqual(
            sums(items.map(({ run, spent }) => [byRunner(run), spent?.microUsd ?? 0])),
          );
        };
        await agree();
        // Once all has ended and come to rest, the recorded is what Apify told last of what it told at all.
        for (let i = 0; i < 4; i++) {
          wait(5 * MINUTE);
          await tick();
        }
        await agree();
        const items = new Map((await recorded()).map((item) => [item.run.id, item]));
        for (const { id, status, microUsd } of account.runs) {
          // What had ended before the first tick is for the backfill.
          const isOurs = !before.has(id) || items.has(id);
          if (isOurs && isEnded(status) && microUsd !== undefined)
            expect(items.get(id)?.spent?.microUsd ?? 0).toBe(microUsd);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("is either in the cells or in the live index, never in both and never in neither, whoever died in between", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 40 }), async (happenings) => {
        const { stores } = await play(happenings);
        const { runs, recordings = 0 } = await stores.state.readLive();
        const window = { from: new Date("2020-01-01"), to: new Date("2040-01-01") };
        const now = new Date("2039-01-01");
        const snapshot = await readSnapshot(stores.state, runs, { recordings, windows: [window], now });
        const inCells = sumCells(snapshot.cells, window, () => "all").get("all") ?? 0;
        const inIndex = [...snapshot.live.values()].map(({ unrecorded = {} }) => totalOf(unrecorded));
        let known = 0;
        for (const { spent } of snapshot.live.values()) known += spent?.microUsd ?? 0;
        for await (const { run, spent } of stores.state.allRuns())
          if (!snapshot.live.has(run.id)) known += spent?.microUsd ?? 0;
        expect(inIndex.reduce((sum, each) => sum + each, inCells)).toBe(known);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("spread()", () => {
  it("gives whole micro-dollars that add up, whatever the amount and the time", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
        fc.nat({ max: 400 * 24 * HOUR }),
        (microUsd, from, ms) => {
          const pieces = spread(microUsd, from, new Date(from.getTime() + ms));
          expect(totalOf(pieces)).toBe(microUsd);
          expect(Object.values(pieces).every(Number.isSafeInteger)).toBe(true);
        },
      ),
    );
  });
});
