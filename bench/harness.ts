import { createEmulator, type Emulator, steppedClock, type World } from "../emulator/index.ts";
import { createApify, type Transport } from "../src/adapters/apify/index.ts";
import { createMemoryStores } from "../src/adapters/memory/stores.ts";
import { environmentToken } from "../src/adapters/token/index.ts";
import { emptyMemory, type Ports } from "../src/watchdog/model/ports.ts";
import { pushPolicy } from "../src/watchdog/policies/policies.ts";
import type { TickReport } from "../src/watchdog/tick/report.ts";
import { runTick } from "../src/watchdog/tick/tick.ts";
import { virtualTime } from "../test/support/virtual-time.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

const START = new Date("2026-11-25T08:00:00.000Z");

/** A watchdog on a pretend account, in virtual time: what it measures is the design's and not the machine's. */
export type Bench = {
  readonly emulator: Emulator;
  readonly ports: Ports;
  /** How long the pretend account has taken for its answers by the real clock: no time of ours. */
  answeringMs(): number;
  run<T>(work: Promise<T>): Promise<T>;
  /** Ticks begin so far apart, and wait so long for what is due. */
  ticks(options: {
    readonly forMs: number;
    readonly everyMs: number;
    readonly waitMs: number;
  }): Promise<TickReport[]>;
};

/** The same store, with how many of its requests are under way. */
const counted = <T extends object>(store: T, open: { requests: number }): T =>
  new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (...given: readonly unknown[]) => {
        const answer: unknown = method.apply(target, given);
        if (!(answer instanceof Promise)) return answer;
        open.requests += 1;
        return answer.finally(() => {
          open.requests -= 1;
        });
      };
    },
  });

export async function benchOn(
  world: World,
  policy: unknown,
  options: {
    readonly answerMs?: number;
    readonly allowHolds?: boolean;
    readonly stores?: Pick<Ports, "state" | "audit">;
  } = {},
): Promise<Bench> {
  const emulator = createEmulator({ world, clock: steppedClock(START) });
  const open = { requests: 0 };
  const time = virtualTime(emulator.clock, () => open.requests > 0);
  const { answerMs = 0, allowHolds = false, stores = createMemoryStores({ account: "default" }) } = options;
  let answeringMs = 0;
  const transport: Transport = async ({ method, url, headers, body, signal }) => {
    const { pathname, search } = new URL(url);
    // Half of the way there, half of it back.
    await time.sleep(answerMs / 2, signal);
    const askedAt = performance.now();
    const answer = emulator.handle({
      method,
      url: pathname + search,
      headers,
      ...(body !== undefined && { body }),
    });
    answeringMs += performance.now() - askedAt;
    await time.sleep(answerMs / 2, signal);
    if (answer.kind === "reset" || signal.aborted) throw new Error("socket hang up");
    return answer;
  };
  let ticks = 0;
  const ports: Ports = {
    account: "default",
    apify: createApify({
      baseUrl: "https://apify.test",
      token: environmentToken("good-token"),
      transport,
      clock: time,
      random: () => 0.5,
      abortEndpoint: "actor-runs",
    }),
    state: counted(stores.state, open),
    audit: counted(stores.audit, open),
    clock: time,
    log: { info: () => undefined, warn: () => undefined },
    newTickId: () => `tick-${++ticks}`,
    memory: emptyMemory(),
  };
  await time.run(pushPolicy(ports, policy, "bench"));
  const { signal } = new AbortController();
  return {
    emulator,
    ports,
    answeringMs: () => answeringMs,
    run: (work) => time.run(work),
    async ticks({ forMs, everyMs, waitMs }) {
      const reports: TickReport[] = [];
      const startMs = emulator.clock.now();
      for (let at = startMs; at < startMs + forMs; at += everyMs) {
        if (emulator.clock.now() < at) emulator.clock.advance(at - emulator.clock.now());
        const endsBy = new Date(at + 90 * SECOND);
        const wait = waitMs > 0 ? { watchUntil: new Date(at + waitMs) } : {};
        reports.push(await time.run(runTick(ports, { signal, allowHolds, endsBy, ...wait })));
      }
      return reports;
    },
  };
}

/** The value below which so large a share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The same numbers at every run of the benchmark. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
