import { expect } from "vitest";
import { NOT_ALL_KNOWN } from "../../cli/command.ts";
import { fiveUsd } from "../support/policies.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { watch } from "../support/watch.ts";
import { HEALTHY, OVER_5_USD, worldOf } from "../support/world.ts";
import { cli, whileTicking, words } from "./support.ts";

/** Those that go on until Ctrl-C. */
const goesOn = (line: string): boolean => /^(emulator|console)|--every/.test(line);

/** A pretend account on its second policy, with a stop behind it, a healthy run and one over the limit before it. */
async function account() {
  const world = worldOf(OVER_5_USD, HEALTHY, { ...OVER_5_USD, startsAfterMs: 150_000 });
  const schedules = [{ name: "prices-every-minute", cron: "0 0 1 1 *", starts: { actor: "acme/shop" } }];
  const watched = await watch(
    { ...world, schedules },
    {
      policy: fiveUsd({ mode: "observe" }),
    },
  );
  await watched.push(fiveUsd());
  await watched.ticks(3);
  return watched;
}

/**
 * Runs a command line as people type it behind `watchdog`, on a pretend account of its own, and wants it to do what it says.
 * In the place of `$RUN` and `$ENTRY` comes what is there.
 */
export async function runAsTyped(line: string): Promise<void> {
  const watched = await account();
  const stop = new AbortController();
  if (goesOn(line)) setTimeout(() => stop.abort(), 200);
  const [stopped = "", healthy = ""] = watched.runIds();
  const [intent] = await watched.entries(stopped);
  const filled = line
    .replace("$RUN", /^(audit|undo|judge)/.test(line) ? stopped : healthy)
    .replace("$ENTRY", intent?.entryId ?? "")
    // What a line before it wrote.
    .replace("suggested.yaml", "policy.yaml")
    .replace("--html ", `--html ${await tempFolder()}/`);
  const argv = words(filled);
  // Only what stands can be ended.
  const granting = filled.replace("exempt end", "exempt add --until 1h");
  if (granting !== filled) await cli(watched, words(granting));
  // Only what is held can be let go.
  if (/^release/.test(line))
    await cli(watched, ["hold", "prices-every-minute", "--until", "2h", "--reason", "x", "--yes"]);
  // Only what a tick has reported can be acknowledged.
  if (/^acknowledge/.test(line)) {
    await cli(watched, ["pause", "--reason", "incident", "--yes"]);
    await watched.ticks(2);
  }
  const connection = /^drill/.test(line) ? { ports: whileTicking(watched) } : {};
  const env = { XDG_CONFIG_HOME: await tempFolder() };
  const options = { signal: stop.signal, connection, env };
  const first = await cli(watched, argv, options);
  // Who has read what it weakens says so.
  const isAsked = first.err.includes("run it again with --yes");
  const { code, out, err } = isAsked ? await cli(watched, [...argv, "--yes"], options) : first;
  // It began just now: programs are told on standard error that the days before are unknown.
  const isTooYoung = argv.includes("--require-backtest");
  const said = isTooYoung
    ? /^Nothing was changed: the recorded history is too short.*\n$/
    : /^The whole account is known since .* read them: .*\n$/s;
  // It says itself on which target it is: the commands that it asks print nothing.
  const target = /^console/.test(line) ? /^Target: .*\n$/ : "";
  expect(err.replace(said, "").replace(target, "")).toBe("");
  expect(out).not.toBe("");
  if (argv.includes("--json")) expect(() => JSON.parse(out)).not.toThrow();
  // The ledger began with the first tick: whether it has all that is asked for hangs on the day.
  const done = /^(spend|runs --past|report) .*--(since|month)/.test(line) ? [0, NOT_ALL_KNOWN] : [0];
  expect(goesOn(line) ? [130] : isTooYoung || /^(scan|tick)|--exit-code/.test(line) ? [1] : done).toContain(
    code,
  );
}
