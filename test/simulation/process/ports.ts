import type { Emulator } from "../../../emulator/index.ts";
import { createApify, type Transport } from "../../../src/adapters/apify/index.ts";
import type { Clock, Memory, Ports } from "../../../src/watchdog/model/ports.ts";
import type { Random } from "../random.ts";
import type { Storage } from "../storage/storage.ts";
import type { Process } from "./process.ts";
import { wiredTransport } from "./transport.ts";
import type { Weather } from "./weather.ts";
import type { Witness } from "./witness.ts";

/** What all processes of a world share. */
export type Surroundings = {
  readonly account: string;
  readonly emulator: Emulator;
  readonly storage: Storage;
  readonly weather: Weather;
  readonly witness: Witness;
  readonly random: Random;
  readonly tell: (line: string) => void;
  readonly abortEndpoint: "actor-runs" | "acts";
  /** May ticks disable schedules? */
  readonly allowHolds: boolean;
  /** The token that the watchdog's secret holds now. */
  readonly secret: () => string;
};

/** A way to spoil what a process sees or does, so that a test can see the oracle notice. */
export type Plant = {
  readonly about: string;
  readonly transport?: (transport: Transport, process: Process) => Transport;
  readonly ports?: (ports: Ports, process: Process) => Ports;
};

/** The watchdog's ports for one process: the real adapter for Apify, the world's storage, and nothing that is not wired. */
export function portsFor(
  world: Surroundings,
  process: Process,
  memory: Memory,
  plant: Plant | undefined,
): Ports {
  const { account, emulator, storage, weather, witness, random, tell } = world;
  const clock: Clock = {
    now: () => new Date(process.wallMs()),
    monotonicMs: () => process.monotonicMs(),
    sleep: (ms, signal) => process.sleep(ms, signal),
  };
  let token = world.secret();
  const wire = wiredTransport(process, weather, witness, emulator);
  const apify = createApify({
    baseUrl: "https://apify.test",
    token: {
      get: async () => token,
      refresh: async () => {
        token = world.secret();
        return token;
      },
      describe: () => "the simulation",
    },
    transport: plant?.transport?.(wire, process) ?? wire,
    clock,
    random: () => random.next(),
    abortEndpoint: world.abortEndpoint,
  });
  const log = (message: string, fields: unknown): void =>
    tell(`${process.id} logs ${message} ${JSON.stringify(fields ?? {})}`);
  const ports: Ports = {
    account,
    apify,
    ...storage.stores(process, weather, witness.look),
    clock,
    log: { info: log, warn: log },
    newTickId: () => process.id,
    memory,
  };
  return plant?.ports?.(ports, process) ?? ports;
}
