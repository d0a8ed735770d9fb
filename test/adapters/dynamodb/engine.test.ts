import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { controlState } from "../../contracts/samples.ts";
import { createTables, engineMissing, startEngine } from "../../support/engines/engine.ts";
import { storesOver, TABLES } from "./support.ts";

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe.skipIf(engineMissing)(`the embedded engine ${engineMissing ?? ""}`, () => {
  it("keeps its tables in a file, and takes tables that are already there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "engine-"));
    const dbPath = join(folder, "tables.db");
    for (const version of [0, 1]) {
      const engine = await startEngine({ dbPath });
      await createTables(engine.client(), TABLES);
      const { state } = storesOver(engine.client());
      expect((await state.readControl()).version).toBe(version);
      await state.writeControl(controlState(), version);
      await engine.stop();
      expect(await answers(engine.url)).toBe(false);
    }
    await rm(folder, { recursive: true });
  });

  it("carries no stream of an audit that nothing reads", async () => {
    for (const hasReader of [true, false]) {
      const engine = await startEngine();
      const client = engine.client();
      await createTables(client, TABLES, { hasReader });
      const { Table } = await client.send(new DescribeTableCommand({ TableName: TABLES.auditTable }));
      expect(Table?.StreamSpecification?.StreamEnabled ?? false).toBe(hasReader);
      await engine.stop();
    }
  });

  it("ends with the process that started it, even one that is killed", async () => {
    const script = `
      const { startEngine } = await import(${JSON.stringify(import.meta.resolve("../../../src/adapters/dynamodb/engine.ts"))});
      const engine = await startEngine();
      console.log(engine.url);
      setInterval(() => {}, 1_000);
    `;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [first] = await once(child.stdout, "data");
    const url = String(first).trim();
    expect(await answers(url)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    for (let look = 0; look < 100 && (await answers(url)); look++) await delay(20);
    expect(await answers(url)).toBe(false);
  });

  it("does not keep the process from ending by itself", async () => {
    const script = `
      const { startEngine } = await import(${JSON.stringify(import.meta.resolve("../../../src/adapters/dynamodb/engine.ts"))});
      await startEngine();
    `;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "inherit" });
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
  });
});
