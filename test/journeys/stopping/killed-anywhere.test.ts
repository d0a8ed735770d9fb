import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import pLimit from "p-limit";
import { describe, expect, it, onTestFinished } from "vitest";
import { createEmulator, steppedClock } from "../../../emulator/index.ts";
import { BUNDLE } from "../../../functions/build.ts";
import { createDynamoStores } from "../../../src/adapters/dynamodb/stores.ts";
import { type Entry, runChain } from "../../../src/watchdog/model/entry.ts";
import { createTables, type Engine, engineMissing, startEngine } from "../../support/engines/engine.ts";
import { fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

const START = new Date("2026-09-01T08:00:00.000Z");
const source = fileURLToPath(new URL("../../support/tick-child.ts", import.meta.url));

/** The tick in one file, which starts several times as fast as its sources do. */
async function bundledTick(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "killed-anywhere-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outfile = join(folder, "tick.mjs");
  await build({ ...BUNDLE, entryPoints: [source], outfile });
  return outfile;
}

/** One tick in a process of its own, killed by SIGKILL right after its nth outgoing request. */
async function tickInProcess(child: string, env: Record<string, string>): Promise<"killed" | number> {
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
async function story(engine: Engine, child: string, name: string, dieAt: number) {
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
    const ended = await tickInProcess(child, {
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
    const child = await bundledTick();
    const undisturbed = await story(engine, child, "undisturbed", 0);
    expect(undisturbed.effective).toBe(3);
    expect(undisturbed.audit.map((entries) => entries.map(({ kind }) => kind))).toEqual(
      Array.from({ length: 3 }, () => ["abort.intended", "abort.requested", "abort.confirmed"]),
    );
    const requests = undisturbed.ended as number;
    expect(requests).toBeGreaterThan(20);
    const oneOfTwo = pLimit(2);
    const dying = Array.from({ length: requests }, (_, i) => i + 1).map((dieAt) =>
      oneOfTwo(async () => {
        const { ended, ...disturbed } = await story(engine, child, `killed-${dieAt}`, dieAt);
        expect(ended, `the tick dies at request ${dieAt}`).toBe("killed");
        expect(disturbed, `killed at request ${dieAt} of ${requests}`).toEqual({
          audit: undisturbed.audit,
          effective: undisturbed.effective,
        });
      }),
    );
    await Promise.all(dying);
  });
});
