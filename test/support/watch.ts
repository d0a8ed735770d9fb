import { type Call, createEmulator, type Emulator, steppedClock, type World } from "../../emulator/index.ts";
import { createApify, type Transport } from "../../src/adapters/apify/index.ts";
import { environmentToken } from "../../src/adapters/token/index.ts";
import { type Entry, type EntryKind, runChain } from "../../src/watchdog/model/entry.ts";
import { emptyMemory, type Log, type Ports } from "../../src/watchdog/model/ports.ts";
import { pushPolicy } from "../../src/watchdog/policies/policies.ts";
import type { TickReport } from "../../src/watchdog/tick/report.ts";
import { runTick } from "../../src/watchdog/tick/tick.ts";
import { counting, storesOn } from "./stores.ts";
import { virtualTime } from "./virtual-time.ts";
import { MINUTE, SECOND } from "./world.ts";

/** The emulator as a transport, in process. What it delays, the virtual clock delays. */
export const transportOf =
  (emulator: Emulator, sleep: (ms: number, signal?: AbortSignal) => Promise<void>): Transport =>
  async ({ method, url, headers, body, signal }) => {
    const { pathname, search } = new URL(url);
    const answer = emulator.handle({
      method,
      url: pathname + search,
      headers,
      ...(body !== undefined && { body }),
    });
    if (answer.delayMs > 0) await sleep(answer.delayMs, signal);
    if (answer.kind === "reset" || signal.aborted) throw new Error("socket hang up");
    return answer;
  };

export type Watched = {
  readonly emulator: Emulator;
  readonly ports: Ports;
  /** Every warning that the watchdog logged. */
  readonly warnings: string[];
  /** Ports of another process on the same account, with these changed. */
  process(changes?: Partial<Ports>): Ports;
  /** Lets promises run in virtual time. */
  run<T>(work: Promise<T>): Promise<T>;
  tick(ports?: Ports, signal?: AbortSignal): Promise<TickReport>;
  /** One that waits for what is about to reach a step; a minute has passed when it is over. */
  watchfulTick(ports?: Ports): Promise<TickReport>;
  /** Ticks a minute apart. */
  ticks(count: number): Promise<readonly TickReport[]>;
  advance(ms: number): void;
  push(document: unknown): Promise<number>;
  runIds(): readonly string[];
  entries(runId: string): Promise<readonly Entry[]>;
  kinds(runId: string): Promise<readonly EntryKind[]>;
  /** The abort calls that reached Apify. */
  aborts(runId?: string): readonly Call[];
  status(runId: string): string;
};

export type WatchOptions = {
  readonly on?: "memory" | "engine";
  /** Stores that the test made itself. */
  readonly stores?: Pick<Ports, "state" | "audit">;
  readonly policy?: unknown;
  readonly token?: string;
  readonly allowHolds?: boolean;
  readonly abortEndpoint?: "actor-runs" | "acts";
};

/** A pretend Apify, a watchdog on it, and virtual time for both. */
export async function watch(world: World | Emulator, options: WatchOptions = {}): Promise<Watched> {
  const emulator = "truth" in world ? world : createEmulator({ world });
  const { counted, isBusy } = counting();
  const time = virtualTime(emulator.clock, isBusy);
  const { allowHolds = false } = options;
  const warnings: string[] = [];
  const log: Log = {
    info: () => undefined,
    warn: (text, fields) => void warnings.push(`${text} ${fields?.error ?? ""}`),
  };
  const on = options.on ?? "memory";
  const pauseFor = (ms: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, Math.min(ms, 20)));
  const { state, audit } = options.stores ?? (await storesOn(on, pauseFor));
  const stores = on === "engine" ? { state: counted(state), audit: counted(audit) } : { state, audit };
  let ticks = 0;
  const process = (changes: Partial<Ports> = {}): Ports => ({
    account: "default",
    apify: createApify({
      baseUrl: "https://apify.test",
      token: environmentToken(options.token ?? "good-token"),
      transport: transportOf(emulator, time.sleep),
      clock: time,
      random: () => 0.5,
      abortEndpoint: options.abortEndpoint ?? "actor-runs",
    }),
    ...stores,
    clock: time,
    log,
    newTickId: () => `tick-${++ticks}`,
    memory: emptyMemory(),
    ...changes,
  });
  const ports = process();
  const never = new AbortController().signal;
  const entries = async (runId: string) =>
    (await ports.audit.readChain(runChain(runId))).map(({ text }) => JSON.parse(text) as Entry);
  const watched: Watched = {
    emulator,
    ports,
    warnings,
    process,
    run: (work) => time.run(work),
    tick: (with_ = ports, signal = never) =>
      time.run(runTick(with_, { signal, allowHolds, endsBy: new Date(emulator.clock.now() + 50 * SECOND) })),
    async watchfulTick(with_ = ports) {
      const startMs = emulator.clock.now();
      const until = new Date(startMs + MINUTE);
      const report = await time.run(
        runTick(with_, {
          signal: never,
          allowHolds,
          endsBy: new Date(startMs + 90 * SECOND),
          watchUntil: until,
        }),
      );
      if (emulator.clock.now() < until.getTime())
        emulator.clock.advance(until.getTime() - emulator.clock.now());
      return report;
    },
    async ticks(count) {
      const reports: TickReport[] = [];
      for (let i = 0; i < count; i++) {
        reports.push(await watched.tick());
        emulator.clock.advance(MINUTE);
      }
      return reports;
    },
    advance: (ms) => emulator.clock.advance(ms),
    push: (document) => time.run(pushPolicy(ports, document, "tester")),
    runIds: () => emulator.truth.runs().map(({ id }) => id),
    entries,
    kinds: async (runId) => (await entries(runId)).map(({ kind }) => kind),
    aborts: (runId) =>
      emulator.truth.calls.filter(
        (call) => call.kind === "abort" && (runId === undefined || call.runId === runId),
      ),
    status(runId) {
      const headers = { authorization: "Bearer inspector" };
      const answer = emulator.handle({ method: "GET", url: `/v2/actor-runs/${runId}`, headers });
      return answer.kind === "answer" ? (JSON.parse(answer.body).data?.status ?? "missing") : "reset";
    },
  };
  if (options.policy !== undefined) await watched.push(options.policy);
  return watched;
}

/** A world watched from an instant on: for budgets it matters when in its window everything happens. */
export const watchFrom = (
  start: Date,
  world: World,
  policy: unknown,
  options: WatchOptions = {},
): Promise<Watched> => watch(createEmulator({ world, clock: steppedClock(start) }), { ...options, policy });

/** What a use case gets that may take so long, and that nobody cuts short. */
export const within = ({ emulator }: Pick<Watched, "emulator">, ms: number) => ({
  signal: new AbortController().signal,
  endsBy: new Date(emulator.clock.now() + ms),
});
