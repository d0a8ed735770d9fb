import { describe, expect, it } from "vitest";
import { fiveUsd } from "../support/policies.ts";
import { watch } from "../support/watch.ts";
import { HEALTHY, worldOf } from "../support/world.ts";
import { cli, policyFile, type RunOptions } from "./support.ts";

const RULE = "no-run-over-5-usd";

/** What weakens protection, and a word of what the person who is asked gets to read. */
const WEAKENING: readonly (readonly [readonly string[], string])[] = [
  [["pause", "--reason", "x"], "This pause has no end"],
  [["exempt", "add", "--rule", RULE, "--until", "1h", "--reason", "x"], "stops nothing until"],
  [["acknowledge", "weaker:pause", "--reason", "x"], "weaker:pause is quiet until"],
  [["policy", "push", "OBSERVED"], "goes from enforce to observe"],
];

async function tried(argv: readonly string[], options: RunOptions = {}) {
  const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
  const before = (await watched.ports.state.readControl()).version;
  const file = await policyFile(fiveUsd({ mode: "observe" }));
  const line = argv.map((word) => (word === "OBSERVED" ? file : word));
  const ran = await cli(watched, line, options);
  const wasChanged = (await watched.ports.state.readControl()).version !== before;
  return { ...ran, wasChanged };
}

describe.each(WEAKENING)("watchdog %j", (argv, says) => {
  it("changes nothing without a terminal, and says that it takes --yes", async () => {
    const { code, err, wasChanged } = await tried(argv);
    expect(err).toContain(says);
    expect(err).toContain("Nothing was changed. If this is meant, run it again with --yes.");
    expect({ code, wasChanged }).toEqual({ code: 1, wasChanged: false });
  });

  it("is done without a question with --yes", async () => {
    const { code, err, wasChanged } = await tried([...argv, "--yes"], { answers: ["n"] });
    expect(err).not.toContain("[y/N]");
    expect({ code, wasChanged }).toEqual({ code: 0, wasChanged: true });
  });

  it.each(["y", "Yes "])("asks on a terminal, names the target, and is done for %j", async (answer) => {
    const { code, err, wasChanged } = await tried(argv, { answers: [answer] });
    expect(err).toContain(says);
    expect(err).toMatch(/\? \(folder the test's, account \w+\) \[y\/N\] $/m);
    expect({ code, wasChanged }).toEqual({ code: 0, wasChanged: true });
  });

  it.each(["", "n", "yup"])("is left for %j, which ends with 1", async (answer) => {
    const { code, err, wasChanged } = await tried(argv, { answers: [answer] });
    expect(err).toMatch(/Nothing was changed\.\n$/);
    expect({ code, wasChanged }).toEqual({ code: 1, wasChanged: false });
  });

  it("says in JSON what it asked", async () => {
    const { code, out, wasChanged } = await tried([...argv, "--json"]);
    expect(JSON.parse(out).asked).toEqual([expect.stringContaining(says)]);
    expect({ code, wasChanged }).toEqual({ code: 1, wasChanged: false });
  });
});

it("asks nothing about a pause that ends, or one run's exemption", async () => {
  for (const argv of [
    ["pause", "--reason", "x", "--until", "1h"],
    ["exempt", "add", "--actor", "acme/shop", "--until", "1h", "--reason", "x"],
  ])
    expect(await tried(argv)).toMatchObject({ code: 0, wasChanged: true });
});
