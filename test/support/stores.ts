import { onTestFinished } from "vitest";
import { createDynamoStores } from "../../src/adapters/dynamodb/stores.ts";
import { createMemoryStores } from "../../src/adapters/memory/stores.ts";
import { createTables, startEngine } from "./engines/engine.ts";

/** Counts the calls that are under way, so that virtual time does not pass while a real database answers. */
export function counting() {
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

/** Empty stores of one account, in this process or on the embedded DynamoDB. */
export async function storesOn(on: "memory" | "engine", sleep: (ms: number) => Promise<void>) {
  if (on === "memory") return createMemoryStores({ account: "default" });
  const engine = await startEngine();
  onTestFinished(() => engine.stop());
  const tables = { stateTable: "watchdog-state", auditTable: "watchdog-audit" };
  const client = engine.client();
  await createTables(client, tables);
  return createDynamoStores({ client, ...tables, account: "default", random: () => 0.5, sleep });
}
