import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { NOT_ALL_KNOWN } from "../../cli/command.ts";
import { allCommands } from "../../cli/commands/index.ts";
import { fiveUsd } from "../support/policies.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { watch } from "../support/watch.ts";
import { HEALTHY, OVER_5_USD, worldOf } from "../support/world.ts";
import { cli, root, whileTicking, words } from "./support.ts";

const COMMANDS = await allCommands();
const documented = [...readFileSync(`${root}docs/cli.md`, "utf8").matchAll(/^watchdog (.+)$/gm)].map(
  ([, line = ""]) => line,
);
/** Makes an account of its own, in a folder of its own: test/cli/start runs it, as a process. */
const isElsewhere = (line: string): boolean => /^start\b/.test(line);
const examples = [
  ...new Set([...COMMANDS.flatMap((each) => each.examples.map(([line]) => line)), ...documented]),
].filter((line) => !isElsewhere(line));

/** Those that go on until Ctrl-C. */
const goesOn = (line: string): boolean => /^emulator|--every/.test(line);

/** A pretend account on its second policy, with a stop behind it, a healthy run and one over the limit before it. */
async function account() {
  const watched = await watch(worldOf(OVER_5_USD, HEALTHY, { ...OVER_5_USD, startsAfterMs: 150_000 }), {
    policy: fiveUsd({ mode: "observe" }),
  });
  await watched.push(fiveUsd());
  await watched.ticks(3);
  return watched;
}

describe("the examples of --help and docs/cli.md", () => {
  it.each(examples)("watchdog %s does what it says", async (line) => {
    const watched = await account();
    const stop = new AbortController();
    if (goesOn(line)) setTimeout(() => stop.abort(), 200);
    const [stopped = "", healthy = ""] = watched.runIds();
    const [intent] = await watched.entries(stopped);
    const filled = line
      .replace("$RUN", /^(audit|undo)/.test(line) ? stopped : healthy)
      .replace("$ENTRY", intent?.entryId ?? "");
    // Nobody is asked here: who has read the plan says so.
    const asks = /^(policy (push|rollback)|abort|undo|resume)/.test(line) && !/--dry-run/.test(line);
    const argv = [...words(filled), ...(asks ? ["--yes"] : [])];
    // Only what stands can be ended.
    const granting = filled.replace("exempt end", "exempt add --until 1h");
    if (granting !== filled) await cli(watched, words(granting));
    const connection = /^drill/.test(line) ? { ports: whileTicking(watched) } : {};
    const env = { XDG_CONFIG_HOME: await tempFolder() };
    const { code, out, err } = await cli(watched, argv, { signal: stop.signal, connection, env });
    // It began just now: programs are told on standard error that the days before are unknown.
    expect(err.replace(/^The whole account is known since .* reads them\.\n$/s, "")).toBe("");
    expect(out).not.toBe("");
    if (argv.includes("--json")) expect(() => JSON.parse(out)).not.toThrow();
    // The ledger began with the first tick: whether it has all that is asked for hangs on the day.
    const done = /^(spend|runs --past) .*--since/.test(line) ? [0, NOT_ALL_KNOWN] : [0];
    expect(goesOn(line) ? [130] : /^(scan|tick)|--exit-code/.test(line) ? [1] : done).toContain(code);
  });

  it("are there for every command, in both places", () => {
    for (const { name, examples: own } of COMMANDS) {
      expect(own.length, name).toBeGreaterThan(0);
      expect(
        documented.some((line) => line.startsWith(name)),
        `docs/cli.md on ${name}`,
      ).toBe(true);
    }
  });
});
