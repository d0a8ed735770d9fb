import {
  type Engine,
  type EngineOptions,
  findEngine,
  startEngine as start,
} from "../../../src/adapters/dynamodb/engine.ts";

export { type Engine, localClient } from "../../../src/adapters/dynamodb/engine.ts";
export { createTables } from "../../../src/adapters/dynamodb/tables.ts";

/** Why suites on the embedded engine are skipped, for their names; `undefined` when they run. */
export const engineMissing: string | undefined =
  findEngine() === undefined
    ? `skipped: no embedded DynamoDB for ${process.platform} on ${process.arch}`
    : undefined;

/** The embedded DynamoDB, for a test that is skipped where `engineMissing` says so. */
export async function startEngine(options?: EngineOptions): Promise<Engine> {
  const engine = await start(options);
  if (!engine) throw new Error(engineMissing);
  return engine;
}
