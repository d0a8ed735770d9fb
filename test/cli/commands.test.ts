import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { widthOf } from "../../cli/show/terminal.ts";
import { grantExemption } from "../../src/watchdog/overrule/exemptions.ts";
import { instead } from "../support/instead.ts";
import { ABORT, fiveUsd } from "../support/policies.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { type Watched, watch } from "../support/watch.ts";
import { HEALTHY, HOUR, OVER_5_USD, worldOf } from "../support/world.ts";
import { cli } from "./support.ts";

const ESCAPE = "\u001b";
const OBSERVED = fiveUsd({ mode: "observe" });
/** Two runs over 5 USD and a healthy one; the two were stopped in three ticks. */
async function afterStops(): Promise<Watched> {
  const watched = await watch(worldOf(OVER_5_USD, OVER_5_USD, HEALTHY), { policy: fiveUsd() });
  await watched.ticks(3);
  return watched;
}

describe("watchdog scan", () => {
  it("is a tick: it stops what the policy in force says, and ends with 1", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: fiveUsd() });
    const { code, out } = await cli(watched, ["scan"]);
    expect(out).toContain("2 live runs, 2 looked at; policy version 1, enforce");
    expect(out).toMatch(/STOP +\w+ +\$7\.00 +\$5\.00 +no-run-over-5-usd/);
    expect(out).toMatch(/ASKED .*Apify answered ABORTING/);
    expect(watched.aborts()).toHaveLength(1);
    expect(code).toBe(1);
  });

  it("ends with 0 when nothing is over a limit", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    expect(await cli(watched, ["scan"])).toMatchObject({
      code: 0,
      out: expect.stringContaining("Nothing is over a limit."),
    });
  });

  it("tries a limit without stopping, pushing or writing anything", async () => {
    const watched = await watch(worldOf(OVER_5_USD, HEALTHY), { policy: fiveUsd() });
    const before = JSON.stringify(await watched.ports.state.readControl());
    const { code, out } = await cli(watched, ["scan", "--max-usd-per-run", "0.5"]);
    expect(out).toContain("on trial: nothing is stopped or written");
    expect(out.match(/WOULD STOP/g)).toHaveLength(2);
    expect(code).toBe(1);
    expect(watched.aborts()).toEqual([]);
    expect(JSON.stringify(await watched.ports.state.readControl())).toBe(before);
    expect((await watched.ports.state.readLive()).version).toBe(0);
  });

  it("calls nothing on trial, even for runs that are being stopped", async () => {
    const watched = await watch(worldOf({ ...OVER_5_USD, onAbort: { kind: "ignoresGraceful" } }), {
      policy: fiveUsd(),
    });
    await watched.ticks(1);
    watched.advance(HOUR);
    await cli(watched, ["scan", "--max-usd-per-run", "1"]);
    expect(watched.aborts()).toHaveLength(1);
  });

  it("knows pauses and exemptions on trial", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const subject = { kind: "run", id: watched.runIds()[0] ?? "" } as const;
    const until = new Date(watched.emulator.clock.now() + HOUR);
    await watched.run(grantExemption(watched.ports, { subject, until, owner: "bob", reason: "x" }, "bob"));
    const { out } = await cli(watched, ["scan", "--policy", "policy.yaml"]);
    expect(out).toMatch(/HELD .*no-run-over-5-usd: it is exempt/);
  });

  it("prints the tick report alone with --json", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: OBSERVED });
    const { out, err } = await cli(watched, ["scan", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ account: "default", mode: "observe", listed: 1 });
    expect(err).toBe("");
  });

  it.each([
    [["--once", "--every", "1m"], "contradict each other"],
    [["--every", "1s"], "wanted 10s or more"],
    [["--every", "soon"], '--every: got "soon", wanted a duration'],
    [["--max-usd-per-month", "lots"], '--max-usd-per-month: got "lots", wanted an amount in USD'],
    [["--max-usd-per-run", "lots"], '--max-usd-per-run: got "lots", wanted an amount in USD'],
    [["--policy", "no-such.yaml"], "no-such.yaml can't be read"],
    [["--policy", "policy.yaml", "--max-usd-per-day", "5"], "two ways to say the same"],
    [["--policy", "policy.yaml", "--max-run-time", "6h"], "two ways to say the same"],
  ])("answers %j with what is wrong, and 2", async (options, says) => {
    const { code, err } = await cli(await watch(worldOf()), ["scan", ...options]);
    expect(err).toContain(says);
    expect(code).toBe(2);
  });
});

describe("watchdog runs", () => {
  it("shows each live run's share of each limit, the nearest first", async () => {
    const watched = await watch(worldOf(HEALTHY, { ...HEALTHY, cost: { startUsd: 4, thenUsdPerHour: 0 } }), {
      policy: fiveUsd(),
    });
    await watched.ticks(1);
    const { code, out } = await cli(watched, ["runs"]);
    expect(out).toContain("2 live runs, as seen");
    expect(out.indexOf("80% of $5.00")).toBeLessThan(out.indexOf("20% of $5.00"));
    expect(out).toContain("acme/shop");
    expect(code).toBe(0);
    const { runs } = JSON.parse((await cli(watched, ["runs", "--json"])).out);
    expect(runs[0]).toMatchObject({
      usageTotalUsd: 4,
      shares: [{ ruleId: "no-run-over-5-usd", share: 0.8 }],
    });
  });

  it("leaves out a run that was stopped since the last tick looked", async () => {
    const watched = await watch(worldOf(HEALTHY, HEALTHY), { policy: OBSERVED });
    await watched.ticks(1);
    await cli(watched, ["abort", watched.runIds()[0] ?? "", "--reason", "x"]);
    const { runs } = JSON.parse((await cli(watched, ["runs", "--json"])).out);
    expect(runs.map(({ runId }: { runId: string }) => runId)).toEqual([watched.runIds()[1]]);
  });

  it("says so when no tick has looked yet", async () => {
    expect((await cli(await watch(worldOf()), ["runs"])).out).toContain("No tick has looked yet");
  });
});

describe("watchdog runs, in detail", () => {
  it("shows a run in the queue as queued, with no share of the time that it may run", async () => {
    const queued = { ...HEALTHY, readyForMs: 3 * HOUR };
    const policy = fiveUsd({
      rules: [{ id: "r", limit: { runTime: "6h" }, steps: [ABORT] }],
    });
    const watched = await watch(worldOf(queued), { policy });
    await watched.ticks(1);
    const { out } = await cli(watched, ["runs"]);
    expect(out).toMatch(/READY .*queued \w+/);
    expect(out).not.toContain("% of 6h");
  });

  it("rounds a share as the figure beside it, but never up to the limit", async () => {
    const costs = [1.499, 4.999].map((startUsd) => ({ ...HEALTHY, cost: { startUsd, thenUsdPerHour: 0 } }));
    const watched = await watch(worldOf(...costs), { policy: fiveUsd() });
    await watched.ticks(1);
    const { out } = await cli(watched, ["runs"]);
    expect(out).toMatch(/\$1\.50 +30% of \$5\.00/);
    expect(out).toMatch(/\$5\.00 +99% of \$5\.00/);
  });

  it("says why a Standby run has no limits", async () => {
    const standby = { ...HEALTHY, origin: "STANDBY" as const };
    const watched = await watch(worldOf(standby), { policy: fiveUsd() });
    await watched.ticks(1);
    expect((await cli(watched, ["runs"])).out).toContain("a rule must name with for: { origins: [STANDBY] }");
  });
});

describe("watchdog abort", () => {
  it("stops the run, watches it end and says who asked and why", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: OBSERVED });
    const [id = ""] = watched.runIds();
    const { code, out } = await cli(watched, ["abort", id, "--reason", "wrong shop"]);
    expect(out).toMatch(/STOPPING +ordered by ann@laptop: wrong shop\nASKED .*\nSTOPPED +ABORTED at \$1/);
    expect(code).toBe(0);
    expect(watched.aborts()).toHaveLength(1);
    const { out: shown } = await cli(watched, ["audit", "show", id]);
    expect(shown).toContain("by      ann@laptop");
    expect(shown).toContain("This chain verifies");
  });

  it("leaves the watching to the ticks with --no-wait", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: OBSERVED });
    const [id = ""] = watched.runIds();
    const { out } = await cli(watched, ["abort", id, "--reason", "x", "--no-wait", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ ordered: true, open: true, by: "ann@laptop" });
  });

  it("refuses while paused, with what to do, and 1", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    await cli(watched, ["pause", "--reason", "an incident"]);
    const { code, err } = await cli(watched, ["abort", watched.runIds()[0] ?? "", "--reason", "x"]);
    expect(err).toMatch(/Not stopped: paused by ann@laptop since .*: an incident\. First: watchdog resume/);
    expect(code).toBe(1);
    expect(watched.aborts()).toEqual([]);
  });

  it("says of a run on its way out that it is, and what ends one that stays there", async () => {
    const watched = await watch(worldOf({ ...HEALTHY, onAbort: { kind: "unstoppable" } }), {
      policy: OBSERVED,
    });
    const [id = ""] = watched.runIds();
    const { apify } = watched.ports;
    const call = { runId: id, actorId: "a", gracefully: true };
    await watched.run(apify.abortRun(call, new AbortController().signal));
    const { code, err } = await cli(watched, ["abort", id, "--reason", "x"]);
    expect(err).toContain(`Run ${id} is on its way out already: it is ABORTING.`);
    expect(err).toContain("abortingTime");
    expect(code).toBe(1);
  });

  it("says that there is no such run, or no policy", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const { code, err } = await cli(watched, ["abort", "nosuchrun00000000", "--reason", "x"]);
    expect(err).toContain("Apify has no run nosuchrun00000000. Live runs: watchdog runs");
    expect(code).toBe(1);
    const bare = await watch(worldOf(HEALTHY));
    const refused = await cli(bare, ["abort", bare.runIds()[0] ?? "", "--reason", "x"]);
    expect(refused.err).toContain("No policy is in force");
  });
});

describe("watchdog pause and resume", () => {
  it("pauses until a time, and resumes, in the caller's name", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const { out } = await cli(watched, ["pause", "--reason", "x", "--until", "2h"]);
    expect(out).toMatch(/Paused by ann@laptop, until .* \(in 2h\)/);
    await watched.tick();
    expect(watched.aborts()).toEqual([]);
    expect((await cli(watched, ["resume", "--reason", "y"])).out).toContain("Resumed by ann@laptop");
    await watched.tick();
    expect(watched.aborts()).toHaveLength(1);
    const kinds = JSON.parse((await cli(watched, ["audit", "show", "control", "--json"])).out);
    expect(kinds.map(({ kind }: { kind: string }) => kind)).toEqual([
      "policy.pushed",
      "control.paused",
      "control.resumed",
    ]);
  });

  it.each([
    ["soon", 'got "soon", wanted a span such as 2h or a time'],
    ["2020-01-01", "is not in the future"],
  ])("does not take --until %s", async (until, says) => {
    const { code, err } = await cli(await watch(worldOf()), ["pause", "--reason", "x", "--until", until]);
    expect(err).toContain(says);
    expect(code).toBe(2);
  });

  it("says that there was no pause to end", async () => {
    const { code, out } = await cli(await watch(worldOf()), ["resume", "--reason", "x"]);
    expect({ code, out }).toEqual({ code: 0, out: "There was no pause: nothing was changed.\n" });
  });
});

describe("a policy file that can't be used", () => {
  it.each([["validate"], ["push"]])(
    "is answered by policy %s with 1, in JSON with its problems",
    async (verb) => {
      const watched = await watch(worldOf(), { policy: fiveUsd() });
      const file = join(await tempFolder(), "typo.yaml");
      await writeFile(file, "version: 1\nmode: enforced\nrules: []\n");
      const plain = await cli(watched, ["policy", verb, file]);
      expect(plain).toMatchObject({ code: 1, out: "", err: expect.stringContaining("typo.yaml:2:7") });
      const json = await cli(watched, ["policy", verb, file, "--json"]);
      expect(JSON.parse(json.out)).toMatchObject({
        valid: false,
        problems: [{ line: 2, column: 7 }, { line: 3 }],
      });
      expect(json).toMatchObject({ code: 1, err: "" });
      expect((await cli(watched, ["policy", verb, "no-such.yaml"])).code).toBe(2);
    },
  );
});

describe("watchdog policy", () => {
  it("validates without any tables", async () => {
    const watched = await watch(worldOf());
    const { code, out } = await cli(watched, ["policy", "validate", "policy.yaml"]);
    expect(out).toMatch(/^valid {2}policy\.yaml, observe mode\nRULE/);
    expect(code).toBe(0);
  });

  it("says that there is none yet, and how to push one", async () => {
    const { code, err } = await cli(await watch(worldOf()), ["policy", "show"]);
    expect(err).toContain("watchdog policy push policy.yaml");
    expect(code).toBe(1);
  });
});

describe("watchdog audit", () => {
  it("lists what was done, filtered by kind, run, rule and number", async () => {
    const watched = await afterStops();
    const [first = ""] = watched.runIds();
    const list = async (...options: string[]) =>
      JSON.parse((await cli(watched, ["audit", "list", "--json", ...options])).out);
    expect(await list()).toHaveLength(7);
    expect(await list("--kind", "abort.confirmed")).toHaveLength(2);
    expect(await list("--run", first)).toHaveLength(3);
    expect(await list("--rule", "no-run-over-5-usd", "--limit", "2")).toHaveLength(2);
    const { out, err } = await cli(watched, ["audit", "list", "--limit", "1"]);
    expect(out).toContain("STOPPED");
    expect(err).toContain("6 older: --limit 0 shows all.");
  });

  it("guesses the kind that was meant", async () => {
    const { code, err } = await cli(await watch(worldOf()), ["audit", "list", "--kind", "abort.confirmd"]);
    expect(err).toContain('--kind: got "abort.confirmd". Did you mean abort.confirmed?');
    expect(code).toBe(2);
  });

  it("shows one entry by the beginning of its id, with rule, evidence and figures", async () => {
    const watched = await afterStops();
    const [entry] = await watched.entries(watched.runIds()[0] ?? "");
    const { out } = await cli(watched, ["audit", "show", entry?.entryId.slice(0, 8) ?? ""]);
    expect(out).toContain("rule      no-run-over-5-usd, abort at 100%, enforce, policy version 1");
    expect(out).toContain("usageTotalUsd $7.00 of $5.00, read ");
    expect(out.match(/STOPPING/g)).toHaveLength(1);
  });

  it("finds nothing of an unknown id, and ends with 1", async () => {
    const { code, err } = await cli(await afterStops(), ["audit", "show", "nosuchrun00000000"]);
    expect(err).toContain("Nothing is written of nosuchrun00000000");
    expect(code).toBe(1);
  });

  it("verifies, and ends with 1 when an entry was changed", async () => {
    const watched = await afterStops();
    expect(await cli(watched, ["audit", "verify"])).toMatchObject({
      code: 0,
      out: "verified  7 entries in 3 chains: none changed, removed, reordered or cut off.\n",
    });
    const { ports } = watched;
    const audit = instead(ports.audit, {
      readChain: async (chain) =>
        (await ports.audit.readChain(chain)).map((each) => ({ ...each, text: each.text.replace("5", "6") })),
    });
    const forged = await cli(watched, ["audit", "verify"], { connection: { ports: { ...ports, audit } } });
    expect(forged.code).toBe(1);
    expect(forged.out).toContain("NOT verified");
    expect(forged.out).toContain("its text was changed: the hash does not fit");
  });
});

describe("every command's output", () => {
  const LINES = [["runs"], ["audit", "list"], ["policy", "show"], ["policy", "validate", "policy.yaml"]];

  it.each(LINES)("has colours on a terminal and none in a pipe: %s %s %s", async (...argv) => {
    const watched = await afterStops();
    const line = argv.filter((word) => word !== undefined);
    expect((await cli(watched, line)).out).not.toContain(ESCAPE);
    expect((await cli(watched, line, { columns: 80 })).out).toContain(ESCAPE);
  });

  it.each([
    ["runs"],
    ["audit", "list"],
    ["audit", "list", "--since", "1s"],
    ["audit", "show", "control"],
    ["audit", "show", "RUN"],
    ["audit", "verify"],
    ["scan"],
    ["scan", "--max-usd-per-run", "0.5"],
  ])("fits 60, 80 and 200 columns: %s %s %s %s", async (...argv) => {
    const watched = await afterStops();
    watched.advance(HOUR);
    for (const columns of [60, 80, 200]) {
      const line = argv
        .filter((word) => word !== undefined)
        .map((word) => (word === "RUN" ? (watched.runIds()[0] ?? "") : word));
      const { out } = await cli(watched, line, { columns });
      expect(Math.max(...out.split("\n").map(widthOf))).toBeLessThanOrEqual(columns);
    }
  });

  it("tells why a run is held first, and all of it at 80 columns", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    await cli(watched, ["pause", "--reason", "an incident"]);
    await watched.tick();
    const list = ["audit", "list", "--kind", "abort.held"];
    const { out } = await cli(watched, list, { columns: 80 });
    const [title = "", ...told] = stripVTControlCharacters(out).split("\n");
    const flat = told.map((line) => line.slice(title.indexOf("WHY")).trim()).join(" ");
    expect(flat.trim()).toBe(
      "the watchdog is paused: cost $7.00 of $5.00 (no-run-over-5-usd) is not stopped",
    );
  });
});

describe("Ctrl-C", () => {
  it("ends scan --every with 130, a look having been finished", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const stop = new AbortController();
    const ended = cli(watched, ["scan", "--every", "1m", "--json"], { signal: stop.signal });
    setTimeout(() => stop.abort(), 300);
    const { code, out } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ listed: 1 });
  });

  it("says nothing of a look that it cut short but that it was none, and ends with 130", async () => {
    for (const more of [[], ["--every", "1m"]]) {
      const watched = await watch(worldOf(OVER_5_USD), { policy: OBSERVED });
      const stop = new AbortController();
      const apify = instead(watched.ports.apify, {
        listRuns: (filter, signal) => {
          stop.abort();
          return watched.ports.apify.listRuns(filter, signal);
        },
      });
      const connection = { ports: { ...watched.ports, apify } };
      const ended = await cli(watched, ["scan", ...more], { signal: stop.signal, connection });
      expect(ended).toEqual({ code: 130, out: "", err: "" });
    }
  });

  it("says where to find what a look had done that it cut short", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const stop = new AbortController();
    const apify = instead(watched.ports.apify, {
      abortRun: async (call, signal) => {
        const answer = await watched.ports.apify.abortRun(call, signal);
        stop.abort();
        return answer;
      },
    });
    const connection = { ports: { ...watched.ports, apify } };
    const { code, out, err } = await cli(watched, ["scan"], { signal: stop.signal, connection });
    expect({ code, out }).toEqual({ code: 130, out: "" });
    expect(err).toContain("interrupted: watchdog audit list");
  });

  it("ends what can't wind itself up with 130, its tables closed", async () => {
    const watched = await watch(worldOf(HEALTHY), { policy: fiveUsd() });
    const stop = new AbortController();
    let closed = false;
    const audit = instead(watched.ports.audit, {
      async *heads() {
        await new Promise(() => undefined);
      },
    });
    const close = async (): Promise<void> => {
      closed = true;
    };
    const ports = { ...watched.ports, audit };
    const ended = cli(watched, ["audit", "verify"], { signal: stop.signal, connection: { ports, close } });
    setTimeout(() => stop.abort(), 50);
    expect((await ended).code).toBe(130);
    expect(closed).toBe(true);
  });
});
