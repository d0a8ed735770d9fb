import { createMemoryStores } from "../../../src/adapters/memory/stores.ts";
import { isEnded } from "../../../src/policy/index.ts";
import { emptyMemory, type Ports, type StateStore } from "../../../src/watchdog/model/ports.ts";
import { runTick } from "../../../src/watchdog/tick/tick.ts";
import { NOON } from "../../support/builders.ts";
import { PretendAccount, type PretendRun } from "../../support/pretend-account.ts";
import { SECOND } from "../../support/world.ts";
import type { Happening } from "./happenings.ts";

/** A process that is no more. */
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

/** An account and a watchdog, after all that happened one after another. */
export async function play(happenings: readonly Happening[]) {
  let now = NOON.getTime();
  const account = new PretendAccount(() => new Date(now));
  const stores = createMemoryStores({ account: "default" });
  let ticks = 0;
  const ports = (state: StateStore = stores.state): Ports => ({
    account: "default",
    apify: account.apify,
    audit: stores.audit,
    state,
    clock: { now: () => new Date(now), monotonicMs: () => now, sleep },
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
        run.status = each.run % 2 === 0 ? "SUCCEEDED" : "FAILED";
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
