import { onTestFinished } from "vitest";
import {
  type Call,
  createEmulator,
  type Emulator,
  type RunScript,
  type World,
} from "../../emulator/index.ts";
import { createApify, type Transport } from "../../src/adapters/apify/index.ts";
import { createDynamoStores } from "../../src/adapters/dynamodb/stores.ts";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import { environmentToken } from "../../src/adapters/token/index.ts";
import { type Entry, type EntryKind, runChain } from "../../src/watchdog/model/entry.ts";
import { emptyMemory, type Log, type Ports } from "../../src/watchdog/model/ports.ts";
import { pushPolicy } from "../../src/watchdog/policies/policies.ts";
import type { TickReport } from "../../src/watchdog/tick/report.ts";
import { runTick } from "../../src/watchdog/tick/tick.ts";
import { createTables, startEngine } from "./engine.ts";
import { virtualTime } from "./virtual-time.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** A run that has cost 7 USD and costs no more: over a limit of 5 on every look. */
export const OVER_5_USD: RunScript = {
  actor: "acme/shop",
  startsAfterMs: -HOUR,
  readyForMs: 0,
  usageLagMs: 0,
  cost: { startUsd: 7, thenUsdPerHour: 0 },
};

/** As `OVER_5_USD`, and so young that the listing alone is believed until the run is about to be stopped. */
export const YOUNG_OVER_5_USD: RunScript = { ...OVER_5_USD, startsAfterMs: -5 * MINUTE };

/** A healthy run that has cost 1 USD. */
export const HEALTHY: RunScript = { ...OVER_5_USD, cost: { startUsd: 1, thenUsdPerHour: 0 } };

export const worldOf = (...runs: readonly RunScript[]): World => ({
  name: "journey",
  about: "A world for one test.",
  actors: [{ name: "acme/shop" }, { name: "acme/nightly-archive" }],
  tasks: [{ name: "shop-eu", actor: "acme/shop" }],
  runs,
});

/** The policy of most journeys: no run over 5 USD, enforced; overrides go on top. */
export const fiveUsd = (overrides: Record<string, unknown> = {}): Record<string, unknown> => ({
  version: 1,
  mode: "enforce",
  rules: [{ id: "no-run-over-5-usd", limit: { usageTotalUsd: 5 }, steps: [{ at: "100%", do: "abort" }] }],
  ...overrides,
});

/** Guards under which the share of live runs does not bind. */
export const ANY_SHARE = { guards: { maxAborts: { percentOfLive: 100 } } } as const;

/** A port with some of its methods done otherwise: what a faulty network or a dying process would make of it. */
export const instead = <T extends object>(port: T, changes: Partial<T>): T =>
  new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(name in changes ? changes : target, name);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });

/** The emulator as a transport, in process. What it delays, the virtual clock delays. */
export const transportOf =
  (emulator: Emulator, sleep: (ms: number, signal?: AbortSignal) => Promise<void>): Transport =>
  async ({ method, url, headers, signal }) => {
    const { pathname, search } = new URL(url);
    const answer = emulator.handle({ method, url: pathname + search, headers });
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

/** The microdollars that all cells of days hold together, and those of the runs recorded. */
export async function recordedIn({ state }: Pick<Ports, "state">) {
  const { cells } = await state.readSpend([{ from: "2000-01-01", to: "2100-01-01" }]);
  const runs = new Map<string, number>();
  for await (const { run, spent } of state.allRuns()) runs.set(run.id, spent?.microUsd ?? 0);
  return { cells: cells.reduce((sum, { microUsd }) => sum + microUsd, 0), runs };
}

export type WatchOptions = {
  readonly on?: "memory" | "engine";
  /** Stores that the test made itself. */
  readonly stores?: Pick<Ports, "state" | "audit">;
  readonly policy?: unknown;
  readonly token?: string;
  readonly abortEndpoint?: "actor-runs" | "acts";
};

/** Counts the calls that are under way, so that virtual time does not pass while a real database answers. */
function counting() {
  let open = 0;
  const counted = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return (...args: unknown[]) => {
          const answer: unknown = Reflect.apply(method, target, args);
          if (!(answer instanceof Promise)) return answer;
          open += 1;
          return answer.finally(() => {
            open -= 1;
          });
        };
      },
    });
  return { counted, isBusy: () => open > 0 };
}

async function storesOn(on: "memory" | "engine", sleep: (ms: number) => Promise<void>) {
  if (on === "memory") return createMemoryStores({ account: "default" });
  const engine = await startEngine();
  onTestFinished(() => engine.stop());
  const tables = { stateTable: "watchdog-state", auditTable: "watchdog-audit" };
  const client = engine.client();
  await createTables(client, tables);
  return createDynamoStores({ client, ...tables, account: "default", random: () => 0.5, sleep });
}

/** A pretend Apify, a watchdog on it, and virtual time for both. */
export async function watch(world: World | Emulator, options: WatchOptions = {}): Promise<Watched> {
  const emulator = "truth" in world ? world : createEmulator({ world });
  const { counted, isBusy } = counting();
  const time = virtualTime(emulator.clock, isBusy);
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
      baseUrl: "http://apify.test",
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
      time.run(runTick(with_, { signal, endsBy: new Date(emulator.clock.now() + 50 * SECOND) })),
    async watchfulTick(with_ = ports) {
      const startMs = emulator.clock.now();
      const until = new Date(startMs + MINUTE);
      const report = await time.run(
        runTick(with_, { signal: never, endsBy: new Date(startMs + 90 * SECOND), watchUntil: until }),
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
