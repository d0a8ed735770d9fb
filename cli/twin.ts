import { readOnly } from "../src/adapters/apify/index.ts";
import { MemoryDatabase } from "../src/adapters/memory/database.ts";
import { createMemoryStores } from "../src/adapters/memory/stores.ts";
import { stateOf } from "../src/watchdog/append.ts";
import { pushPolicy } from "../src/watchdog/policies.ts";
import { emptyMemory, type Ports, type StateStore } from "../src/watchdog/ports.ts";

/** A state store that says it has these exemptions, malformed ones included. */
const withExemptions = (
  state: StateStore,
  exemptions: Awaited<ReturnType<StateStore["readControl"]>>["exemptions"],
) =>
  new Proxy(state, {
    get(target, name) {
      if (name === "readControl") return async () => ({ ...(await target.readControl()), exemptions });
      const method: unknown = Reflect.get(target, name);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });

/**
 * Ports on a copy in memory: what the tables know of runs, pauses and exemptions, no policy, and an Apify that can only be
 * read. Whatever is written there is gone with the process.
 */
export async function copyOf(ports: Ports): Promise<Ports> {
  const stores = createMemoryStores({ account: ports.account, database: new MemoryDatabase() });
  const control = await ports.state.readControl();
  const { policyVersion: _theirs, head: _head, ...state } = stateOf(control);
  await stores.state.writeControl({ ...state, openIntents: [] }, 0);
  await stores.state.writeLive({ ...(await ports.state.readLive()), version: 0 });
  return {
    ...ports,
    apify: readOnly(ports.apify),
    audit: stores.audit,
    state: withExemptions(stores.state, control.exemptions),
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
