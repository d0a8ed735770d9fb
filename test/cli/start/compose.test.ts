import { open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { composeLocal } from "../../../cli/start/compose.ts";
import { localApify } from "../../../cli/target/local-ports.ts";
import { isVisited, keepSitting, readSitting, visit } from "../../../cli/target/sitting.ts";
import { createEmulator, runningClock } from "../../../emulator/index.ts";
import { type Entry, runChain } from "../../../src/watchdog/model/entry.ts";
import { pushPolicy } from "../../../src/watchdog/policies/policies.ts";
import { orderAbort } from "../../../src/watchdog/tick/outside.ts";
import { engineMissing } from "../../support/engines/engine.ts";
import { fiveUsd } from "../../support/policies.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { HEALTHY, MINUTE, OVER_5_USD, worldOf } from "../../support/world.ts";

async function emptyFolder(): Promise<string> {
  const folder = await tempFolder();
  return folder;
}

const newAhead = (): SharedArrayBuffer => new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT);

const optionsFor = (folder: string, apifyApiUrl = "http://127.0.0.1:1") => ({
  folder,
  apifyApiUrl,
  apifyToken: "a-token",
  mode: "observe" as const,
  fresh: false,
  ahead: newAhead(),
});

/** What npm start sets up for an account of one's own: a healthy run, one over 5 USD, and one that ignores grace. */
async function watchedAccount() {
  const stuck = { ...HEALTHY, onAbort: { kind: "ignoresGraceful" as const } };
  const emulator = createEmulator({ world: worldOf(stuck, OVER_5_USD, HEALTHY), clock: runningClock() });
  const server = await emulator.listen();
  onTestFinished(() => server.close());
  const options = optionsFor(await emptyFolder(), server.url);
  const watchdog = await composeLocal(options);
  onTestFinished(() => watchdog.close());
  const ids = emulator.truth.runs().map(({ id }) => id);
  return {
    ...watchdog,
    runs: { stuck: ids[0] ?? "", dear: ids[1] ?? "" },
    aborts: () => emulator.truth.calls.filter(({ kind }) => kind === "abort"),
    advance(ms: number) {
      emulator.clock.advance(ms);
      new Float64Array(options.ahead)[0] = emulator.clock.now() - Date.now();
    },
    kinds: async (runId: string) =>
      (await watchdog.ports.audit.readChain(runChain(runId))).map(
        ({ text }) => (JSON.parse(text) as Entry).kind,
      ),
    // What another terminal has: ports of its own on the same tables.
    otherTerminal: {
      ...watchdog.ports,
      apify: localApify(server.url, "a-token", watchdog.ports.clock),
    },
  };
}

describe.skipIf(engineMissing)(`npm start on an account of one's own${engineMissing ?? ""}`, () => {
  it("only observes, although somebody pushes a policy that enforces", async () => {
    const { runner, otherTerminal, runs, aborts, kinds } = await watchedAccount();
    const policy = fiveUsd({
      rules: [
        {
          id: "r",
          mode: "enforce",
          limit: { usageTotalUsd: 5 },
          steps: [{ at: "100%", do: "abort-now" }],
        },
      ],
    });
    await pushPolicy(otherTerminal, policy, "ann");
    const report = await runner.tick();
    expect(report).toMatchObject({ mode: "observe", decisions: [{ runId: runs.dear, guard: "observe" }] });
    await runner.tick();
    expect(aborts()).toEqual([]);
    expect(await kinds(runs.dear)).toEqual(["abort.observed"]);
  });

  it("forces nothing that was asked for by hand elsewhere, nor takes it back, but tells what came of it", async () => {
    const { runner, otherTerminal, runs, aborts, kinds, advance } = await watchedAccount();
    await pushPolicy(otherTerminal, fiveUsd(), "ann");
    const endsBy = new Date(otherTerminal.clock.now().getTime() + MINUTE);
    const signal = AbortSignal.timeout(60_000);
    await orderAbort(otherTerminal, runs.stuck, { by: "ann", reason: "x" }, { signal, endsBy });
    expect(aborts()).toHaveLength(1);
    advance(2 * MINUTE);
    await runner.tick();
    advance(10 * MINUTE);
    await runner.tick();
    expect(aborts()).toHaveLength(1);
    expect(await kinds(runs.stuck)).toEqual(["abort.intended", "abort.requested", "abort.unconfirmed"]);
  });

  it("has no door to a change, whatever is asked of its ports", async () => {
    const { ports } = await watchedAccount();
    await expect(ports.apify.resurrectRun("r", {}, AbortSignal.timeout(1_000))).rejects.toThrow("only reads");
  });
});

describe.skipIf(engineMissing)(`composeLocal()${engineMissing ?? ""}`, () => {
  it("closes what it had opened when something further on can't be had, and can be tried again", async () => {
    const folder = await emptyFolder();
    await expect(composeLocal(optionsFor(folder, "notaurl"))).rejects.toThrow("APIFY_API_URL must be");
    expect(readSitting(folder)?.running).toBeUndefined();
    expect(await readdir(folder)).not.toContain("pid");
    const watchdog = await composeLocal(optionsFor(folder));
    expect(readSitting(folder)?.running?.engineUrl).toBeDefined();
    await watchdog.close();
    expect(readSitting(folder)?.running).toBeUndefined();
  });

  it("leaves the tables of another npm start alone, and says whose they are", async () => {
    const folder = await emptyFolder();
    // The parent of this process lives as long as we do.
    await writeFile(join(folder, "pid"), String(process.ppid));
    await writeFile(join(folder, "dynamodb.sqlite"), "theirs");
    const started = composeLocal({ ...optionsFor(folder), fresh: true });
    await expect(started).rejects.toThrow(`npm start runs already here, pid ${process.ppid}`);
    expect(await readFile(join(folder, "dynamodb.sqlite"), "utf8")).toBe("theirs");
  });

  it("takes over from one that was killed, and empties the folder where it is to be fresh", async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, "pid"), "4194304");
    await writeFile(join(folder, "left-over"), "");
    const watchdog = await composeLocal({ ...optionsFor(folder), fresh: true });
    expect(await readdir(folder)).not.toContain("left-over");
    await watchdog.close();
  });

  it.each([
    ["a file where the folder should be", "", "can't be used as a folder"],
    ["a damaged database", "dynamodb.sqlite", "if that is damaged, remove it"],
  ])("says what to do about %s", async (_what, name, says) => {
    const folder = join(await emptyFolder(), name === "" ? "file" : "");
    await writeFile(join(folder, name), "this is no database, nor a folder");
    const error = await composeLocal(optionsFor(folder)).catch((each: unknown) => each);
    expect(error).toMatchObject({ name: "ConfigError", message: expect.stringContaining(says) });
  });
});

describe("the note that npm start keeps beside its tables", () => {
  it("is never written over: who has begun to read it reads it to its end", async () => {
    const folder = await emptyFolder();
    const ahead = newAhead();
    const sitting = keepSitting({ folder, apifyApiUrl: "u", ahead }, "http://engine");
    const reader = await open(join(folder, "sitting.json"));
    onTestFinished(() => reader.close());
    new Float64Array(ahead)[0] = 123_456_789;
    await expect.poll(() => readSitting(folder)?.aheadMs).toBe(123_456_789);
    expect(JSON.parse(await reader.readFile("utf8"))).toMatchObject({ aheadMs: 0 });
    sitting.end();
    expect(await readdir(folder)).toEqual(["sitting.json"]);
  });
});

describe("visits", () => {
  it("last while any visitor is there, and end with one that was killed", async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, `visit-${process.ppid}`), "");
    const leave = visit(folder);
    leave();
    expect(isVisited(folder)).toBe(true);
    await rm(join(folder, `visit-${process.ppid}`));
    await writeFile(join(folder, "visit-4194304"), "");
    expect(isVisited(folder)).toBe(false);
  });
});
