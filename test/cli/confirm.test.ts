import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { pause } from "../../src/watchdog/policies/operate.ts";
import { costRule, fiveUsd } from "../support/policies.ts";
import { type Watched, watch } from "../support/watch.ts";
import { HEALTHY, OVER_5_USD, worldOf } from "../support/world.ts";
import { cli, policyFile, type RunOptions } from "./support.ts";

const RULE = "no-run-over-5-usd";

/** What asks, on which account, and a word of what the person who is asked gets to read. */
const ASKING: readonly (readonly [string, () => Promise<Watched>, readonly string[], RegExp])[] = [
  ["an endless pause", guarded, ["pause", "--reason", "x"], /This pause has no end/],
  [
    "a rule's exemption",
    guarded,
    ["exempt", "add", "--rule", RULE, "--until", "1h", "--reason", "x"],
    /stops nothing until/,
  ],
  ["quiet", guarded, ["acknowledge", "weaker:pause", "--reason", "x"], /weaker:pause is quiet until/],
  ["to disarm", guarded, ["policy", "push", "OBSERVED"], /goes from enforce to observe/],
  ["to arm", observed, ["policy", "push", "ENFORCED"], new RegExp(`did not stop so far: ${RULE}`)],
  ["to arm by going back", disarmed, ["policy", "rollback", "--reason", "x"], /did not stop so far/],
  ["to drop a rule", guarded, ["policy", "push", "OTHER"], new RegExp(`rule ${RULE} is gone`)],
  ["to stop live runs", bare, ["policy", "push", "ENFORCED"], /The next tick would stop 1 live run by it/],
  [
    "to resume",
    paused,
    ["resume", "--reason", "x"],
    /an incident\.[\s\S]*it would stop 1 run:\n[\s\S]*STOP {2}\w{17}/,
  ],
  [
    "an abort",
    guarded,
    ["abort", "$HEALTHY", "--reason", "x"],
    /of acme\/\S+: RUNNING, started .* ago \(.* UTC\), \$1\.\d\d so far\.\nApify is asked to end it/,
  ],
  [
    "an undo",
    stopped,
    ["undo", "$OVER", "--until", "1h", "--reason", "x"],
    /: ABORTED, .*\nIt was stopped .* by rule no-run-over-5-usd\.\nApify starts run \w+ again, and no rule stops it until .* or until it has cost \$1\d\.\d\d in all/,
  ],
];

const world = () => worldOf(OVER_5_USD, HEALTHY);
async function guarded(): Promise<Watched> {
  return watch(worldOf(HEALTHY, HEALTHY), { policy: fiveUsd() });
}
async function observed(): Promise<Watched> {
  return watch(worldOf(HEALTHY, HEALTHY), { policy: fiveUsd({ mode: "observe" }) });
}
async function bare(): Promise<Watched> {
  return watch(world());
}
async function disarmed(): Promise<Watched> {
  const watched = await guarded();
  await watched.push(fiveUsd({ mode: "observe" }));
  return watched;
}
async function paused(): Promise<Watched> {
  const watched = await watch(world(), { policy: fiveUsd() });
  await pause(watched.ports, { by: "bob", reason: "an incident" });
  return watched;
}
async function stopped(): Promise<Watched> {
  const watched = await watch(world(), { policy: fiveUsd() });
  await watched.ticks(3);
  return watched;
}

const FILES: Readonly<Record<string, object>> = {
  OBSERVED: fiveUsd({ mode: "observe" }),
  ENFORCED: fiveUsd(),
  OTHER: fiveUsd({ rules: [costRule(5, { id: "another" })] }),
};

/** How often something was written, and how often Apify was asked to change something. */
const changesOf = async (watched: Watched) => ({
  version: (await watched.ports.state.readControl()).version,
  calls: watched.emulator.truth.calls.filter(({ kind }) => kind === "abort" || kind === "resurrect").length,
});

async function tried(on: () => Promise<Watched>, argv: readonly string[], options: RunOptions = {}) {
  const watched = await on();
  const [over = "", healthy = ""] = watched.runIds();
  const before = await changesOf(watched);
  const line: string[] = [];
  for (const word of argv) {
    const document = FILES[word];
    line.push(
      document ? await policyFile(document) : word.replace("$OVER", over).replace("$HEALTHY", healthy),
    );
  }
  const ran = await cli(watched, line, options);
  return { ...ran, wasChanged: !isDeepStrictEqual(await changesOf(watched), before) };
}

describe.each(ASKING)("%s", (_what, on, argv, says) => {
  it("is refused with 2 without a terminal, with the plan, and says that it takes --yes", async () => {
    const { code, err, wasChanged } = await tried(on, argv);
    expect(err).toMatch(says);
    expect(err).toContain("Nothing was changed. If this is meant, run it again with --yes.");
    expect({ code, wasChanged }).toEqual({ code: 2, wasChanged: false });
  });

  it("is done without a question with --yes", async () => {
    const { code, err, wasChanged } = await tried(on, [...argv, "--yes"], { answers: ["n"] });
    expect(err).not.toContain("[y/N]");
    expect({ code, wasChanged }).toEqual({ code: 0, wasChanged: true });
  });

  it("is asked about on a terminal, which names the target, and done for y", async () => {
    const { code, err, wasChanged } = await tried(on, argv, { answers: ["y"] });
    expect(err).toMatch(says);
    expect(err).toMatch(/\? \(folder the test's, account \w+\) \[y\/N\] $/m);
    expect({ code, wasChanged }).toEqual({ code: 0, wasChanged: true });
  });

  it("is left for no, which ends with 1", async () => {
    const { code, err, wasChanged } = await tried(on, argv, { answers: [""] });
    expect(err).toMatch(/Nothing was changed\.\n$/);
    expect({ code, wasChanged }).toEqual({ code: 1, wasChanged: false });
  });

  it("is only shown by --dry-run, with --yes too, and in JSON", async () => {
    const dry = await tried(on, [...argv, "--dry-run", "--yes"], { answers: ["y"] });
    expect(dry.out).toMatch(says);
    expect(dry.out).toMatch(/Nothing was changed: this was a dry run\.\n$/);
    expect(dry).toMatchObject({ code: 0, err: "", wasChanged: false });
    const { out } = await tried(on, [...argv, "--dry-run", "--json"]);
    const { dryRun, plan } = JSON.parse(out);
    expect(dryRun).toBe(true);
    expect(plan.join("\n")).toMatch(says);
  });

  it("says in JSON what it asked", async () => {
    const { code, out, wasChanged } = await tried(on, [...argv, "--json"]);
    expect(JSON.parse(out).asked.join("\n")).toMatch(says);
    expect({ code, wasChanged }).toEqual({ code: 2, wasChanged: false });
  });
});

it.each(["Yes ", "YES"])("takes %j for yes", async (answer) => {
  expect(await tried(guarded, ["pause", "--reason", "x"], { answers: [answer] })).toMatchObject({ code: 0 });
});

it.each(["n", "yup"])("takes %j for no", async (answer) => {
  expect(await tried(guarded, ["pause", "--reason", "x"], { answers: [answer] })).toMatchObject({ code: 1 });
});

it("asks nothing about a pause that ends, or one run's exemption", async () => {
  for (const argv of [
    ["pause", "--reason", "x", "--until", "1h"],
    ["exempt", "add", "--actor", "acme/shop", "--until", "1h", "--reason", "x"],
  ])
    expect(await tried(guarded, argv)).toMatchObject({ code: 0, wasChanged: true });
});
