import { readOnly } from "../../src/adapters/apify/index.ts";
import { MemoryDatabase } from "../../src/adapters/memory/database.ts";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import { stateOf } from "../../src/watchdog/model/control.ts";
import { emptyMemory, type Ports, type StateStore } from "../../src/watchdog/model/ports.ts";
import { pushPolicy } from "../../src/watchdog/policies/policies.ts";
import { ledgerUpon } from "./twin-ledger.ts";

/** A state store with some of its methods replaced. */
const withMethods = (state: StateStore, methods: Partial<StateStore>) =>
  new Proxy(state, {
    get(target, name) {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const method: unknown = Reflect.get(target, name);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });

/**
 * Ports on a copy in memory: what the tables know of runs, their spend, pauses and exemptions, no policy, and an Apify that
 * can only be read. Whatever is written there is gone with the process.
 */
export async function copyOf(ports: Ports): Promise<Ports> {
  const database = new MemoryDatabase();
  const stores = createMemoryStores({ account: ports.account, database });
  const control = await ports.state.readControl();
  const { policyVersion: _theirs, head: _head, ...state } = stateOf(control);
  await stores.state.writeControl({ ...state, openIntents: [] }, 0);
  await stores.state.writeLive({ ...(await ports.state.readLive()), version: 0 });
  const { exemptions } = control;
  return {
    ...ports,
    apify: readOnly(ports.apify),
    audit: stores.audit,
    state: withMethods(stores.state, {
      ...(await ledgerUpon(ports.state, stores.state, database, ports.account)),
      // Malformed ones included, which can't be written.
      readControl: async () => ({ ...(await stores.state.readControl()), exemptions }),
    }),
    memory: emptyMemory(),
  };
}

/** Such a copy with another policy in force. */
export async function twinOf(ports: Ports, policy: unknown): Promise<Ports> {
  const twin = await copyOf(ports);
  await pushPolicy(twin, policy, "watchdog scan");
  return twin;
}

/** As if the tables were empty. */
export async function emptyTwin(ports: Omit<Ports, "state" | "audit">, policy: unknown): Promise<Ports> {
  const { account } = ports;
  return twinOf({ ...ports, ...createMemoryStores({ account, database: new MemoryDatabase() }) }, policy);
}
