import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { createEmulator, steppedClock } from "../../../emulator/index.ts";
import { createDynamoStores } from "../../../src/adapters/dynamodb/stores.ts";
import { type Entry, runChain } from "../../../src/watchdog/model/entry.ts";
import { createTables, type Engine, engineMissing, startEngine } from "../../support/engine.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const START = new Date("2026-09-01T08:00:00.000Z");
const child = fileURLToPath(new URL("../../support/tick-child.ts", import.meta.url));

/** One tick in a process of its own, killed by SIGKILL right after its nth outgoing request. */
async function tickInProcess(env: Record<string, string>): Promise<"killed" | number> {
  const process_ = spawn(process.execPath, [child], { env, stdio: ["ignore", "pipe", "inherit"] });
  let sent = "";
  process_.stdout.on("data", (chunk: Buffer) => {
    sent += chunk.toString();
  });
  const [code, signal] = (await once(process_, "exit")) as [number | null, string | null];
  if (signal === "SIGKILL") return "killed";
  if (code !== 0) throw new Error(`the tick ended with ${code}: ${sent}`);
  return Number(sent.trim());
}

/** A fresh account with three runs in breach: a first tick that dies at that request, then ticks until all is closed. */
async function story(engine: Engine, name: string, dieAt: number) {
  const clock = steppedClock(START);
  const emulator = createEmulator({ world: worldOf(OVER_5_USD, OVER_5_USD, OVER_5_USD), clock });
  const server = await emulator.listen();
  const tables = { stateTable: `${name}-state`, auditTable: `${name}-audit` };
  const client = engine.client();
  try {
    await createTables(client, tables);
    const sleep = async () => undefined;
    const stores = createDynamoStores({ client, ...tables, account: "default", random: () => 0.5, sleep });
    const watched = await watch(emulator, { stores, policy: fiveUsd() });
    const ended = await tickInProcess({
      APIFY_API_URL: server.url,
      AWS_ENDPOINT_URL_DYNAMODB: engine.url,
      STATE_TABLE: tables.stateTable,
      AUDIT_TABLE: tables.auditTable,
      NOW: START.toISOString(),
      DIE_AT: String(dieAt),
    });
    clock.advance(MINUTE);
    await watched.ticks(4);
    const runIds = emulator.truth.runs().map(({ id }) => id);
    const audit = await Promise.all(
      runIds.map(async (id) =>
        (await stores.audit.readChain(runChain(id))).map(({ text }) => JSON.parse(text) as Entry),
      ),
    );
    const effective = watched.aborts().filter(({ effect }) => effect !== "none").length;
    return { ended, audit: audit.map((entries) => entries.map(essence)), effective };
  } finally {
    client.destroy();
    await server.close();
  }
}

/** An entry without its times, its hashes, its tick, and whether an answer was lost. */
function essence({ kind, ruleId, step, evidence, finalUsageTotalUsd, overshootUsd, gracefully, run }: Entry) {
  const { observedAt: _at, ...measured } = evidence ?? { observedAt: "" };
  const status = kind === "abort.requested" ? undefined : run?.status;
  return { kind, ruleId, step, measured, finalUsageTotalUsd, overshootUsd, gracefully, status };
}

describe.skipIf(engineMissing)(`killed anywhere${engineMissing ? ` (${engineMissing})` : ""}`, () => {
  it("leaves the same audit and the same aborts wherever SIGKILL strikes, once ticks go on", {
    timeout: 300_000,
  }, async () => {
    const engine = await startEngine();
    onTestFinished(() => engine.stop());
    const undisturbed = await story(engine, "undisturbed", 0);
    expect(undisturbed.effective).toBe(3);
    expect(undisturbed.audit.map((entries) => entries.map(({ kind }) => kind))).toEqual(
      Array.from({ length: 3 }, () => ["abort.intended", "abort.requested", "abort.confirmed"]),
    );
    const requests = undisturbed.ended as number;
    expect(requests).toBeGreaterThan(20);
    for (let dieAt = 1; dieAt <= requests; dieAt++) {
      const { ended, ...disturbed } = await story(engine, `killed-${dieAt}`, dieAt);
      expect(ended, `the tick dies at request ${dieAt}`).toBe("killed");
      expect(disturbed, `killed at request ${dieAt} of ${requests}`).toEqual({
        audit: undisturbed.audit,
        effective: undisturbed.effective,
      });
    }
  });
});
