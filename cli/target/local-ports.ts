import { createApify, fetchTransport } from "../../src/adapters/apify/index.ts";
import { newTickId, systemClock, systemRandom } from "../../src/adapters/system.ts";
import { environmentToken } from "../../src/adapters/token/environment-token.ts";
import { ConfigError } from "../../src/watchdog/model/errors.ts";
import { type Apify, type Clock, emptyMemory, type Log, type Ports } from "../../src/watchdog/model/ports.ts";

/** What the tables are called that `npm start` keeps on this machine. */
export const TABLES = { stateTable: "watchdog-state", auditTable: "watchdog-audit" } as const;

export const quiet: Log = { info: () => undefined, warn: () => undefined };

/** The machine's clock, ahead of itself by so many ms: a pretend account's day goes by faster than ours. */
export const shiftedClock = (aheadMs: () => number): Clock => ({
  ...systemClock,
  now: () => new Date(systemClock.now().getTime() + aheadMs()),
  // That time goes by there, and is no clock that was set.
  monotonicMs: () => systemClock.monotonicMs() + aheadMs(),
});

/** The emulator takes any. */
export const PRETEND_TOKEN = "a-pretend-token";

export const localApify = (baseUrl: string, apifyToken: string, clock: Clock): Apify =>
  createApify({
    baseUrl,
    token: environmentToken(apifyToken),
    transport: fetchTransport,
    clock,
    random: systemRandom,
    abortEndpoint: "actor-runs",
  });

/** What answers at once, and counts. */
const COUNTS: readonly (string | symbol)[] = ["takeRequestCount", "takeClockChecks", "clockChecks"];

/** Stands where Apify can't be asked: whatever needs it fails with the reason and what to do. */
export const absentApify = (reason: string): Apify => {
  const refuse = (): never => {
    throw new ConfigError(reason);
  };
  return new Proxy({} as Apify, {
    get: (_apify, name) => {
      if (COUNTS.includes(name)) return () => 0;
      return name === "now" ? refuse : async () => refuse();
    },
  });
};

export const localPorts = (parts: Pick<Ports, "apify" | "state" | "audit" | "clock">): Ports => ({
  account: "default",
  log: quiet,
  newTickId,
  memory: emptyMemory(),
  ...parts,
});
