import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { UsageError } from "../../../cli/options/usage-error.ts";
import { readPolicyText } from "../../../cli/policy/policy-file.ts";
import { runCli } from "../../../cli/run-cli.ts";
import { createEmulator, type RunScript, runningClock } from "../../../emulator/index.ts";
import { type Policy, parsePolicy } from "../../../src/policy/index.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { watch } from "../../support/watch.ts";
import { HOUR, MINUTE, worldOf } from "../../support/world.ts";
import { afterStops, cli, policyFile } from "../support.ts";

const daily = (at: number, usd: number, more: Partial<RunScript> = {}): RunScript => ({
  actor: "acme/shop",
  task: "shop-eu",
  startsAfterMs: -(at + 1) * HOUR,
  readyForMs: 0,
  usageLagMs: 0,
  cost: { startUsd: usd, thenUsdPerHour: 0 },
  ends: { afterMs: 20 * MINUTE, status: "SUCCEEDED" },
  ...more,
});
/** Fifty hours of a task, and three runs of another Actor. */
const HISTORY: readonly RunScript[] = [
  ...Array.from({ length: 50 }, (_, i) => daily(i, 1 + ((i * 7) % 10) / 20)),
  ...[1, 2, 3].map((i): RunScript => {
    const { task: _none, ...run } = daily(i, 1, { actor: "acme/nightly-archive" });
    return run;
  }),
];
const past = () => watch(worldOf(...HISTORY));
const BY_APIFY = ["suggest", "--apify"];
const policyOf = (yaml: string): Policy => parsePolicy(readPolicyText(yaml, "suggested"));

describe("watchdog suggest", () => {
  it("prints a policy that observes, with each number frozen and where it comes from", async () => {
    const { code, out, err } = await cli(await past(), BY_APIFY);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const { mode, rules } = policyOf(out);
    expect(mode).toBe("observe");
    expect(rules).toMatchObject([
      {
        id: "shop-eu-usd",
        for: { tasks: [expect.stringMatching(/^\w{17}$/)] },
        limit: { metric: "usageTotalUsd", value: 2_900_000 },
        steps: [{ at: 100, do: "abort" }],
      },
    ]);
    const text = out.replaceAll(/\n +# +|\n# +/g, " ");
    expect(text).toMatch(
      /task acme\/shop-eu \(\w{17}\): 50 runs that succeeded; the most expensive of them cost \$1\.45, and the limit is 2 times that/,
    );
    expect(text).toMatch(/at most 2 %; at 95 % confidence at most 5\.8 % of such runs do/);
    expect(text).toMatch(
      /No limit is suggested for Actor acme\/nightly-archive \(\w{17}\): too few runs to compare: 3 that/,
    );
  });

  it("answers a program with fractions, dollars and counts", async () => {
    const { out } = await cli(await past(), [...BY_APIFY, "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      source: "apify",
      runs: 53,
      suggestions: [
        {
          subject: { kind: "task", name: "acme/shop-eu" },
          quantity: "usd",
          limit: 2.9,
          n: 50,
          factor: 2,
          expected: 1 / 51,
          atMost95: expect.closeTo(1 - 0.05 ** (1 / 50), 12),
          selfCheck: { passed: true, exceeded: 0, promised: expect.any(Number), low: 0 },
        },
      ],
      refused: [{ subject: { kind: "actor", name: "acme/nightly-archive" }, quantity: "usd", n: 3 }],
    });
  });

  it("limits the runs that an Actor has without a task, and leaves its tasks alone", async () => {
    const alone = Array.from({ length: 30 }, (_, i): RunScript => {
      const { task: _none, ...run } = daily(i, 1);
      return run;
    });
    const watched = await watch(worldOf(...alone));
    const { out } = await cli(watched, [...BY_APIFY, "--quantity", "runTime"]);
    expect(policyOf(out).rules).toMatchObject([
      { id: "shop-time", for: { except: { tasks: ["*"] } }, limit: { metric: "runTime", value: 2_400 } },
    ]);
  });

  it("answers for one task or Actor, by name or id, and says when there is none", async () => {
    const watched = await past();
    for (const argv of [
      ["--task", "acme/shop-eu"],
      ["--actor", "acme~shop"],
    ]) {
      const { out } = await cli(watched, [...BY_APIFY, ...argv, "--json"]);
      expect(JSON.parse(out), argv.join(" ")).toMatchObject({ suggestions: [{ n: 50 }], refused: [] });
    }
    const { code, err } = await cli(watched, [...BY_APIFY, "--task", "acme/shop-ue"]);
    expect(err).toMatch(/no run of that time is of a task "acme\/shop-ue".* Did you mean acme\/shop-eu\?/);
    expect(code).toBe(2);
  });

  it("goes by what is recorded where there are tables, and counts what was stopped", async () => {
    const watched = await afterStops();
    watched.advance(30 * MINUTE);
    await watched.ticks(1);
    const { out } = await cli(watched, ["suggest", "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      source: "ledger",
      refused: [{ n: 0, stopped: 2, because: "few" }],
    });
    const noApify = { connection: { hasApify: false } };
    expect((await cli(watched, ["suggest"], noApify)).out).toMatch(
      /# What began before .* only in part: set APIFY_TOKEN/,
    );
    const { notes } = JSON.parse((await cli(watched, ["suggest", "--json"], noApify)).out);
    expect(notes).toEqual([expect.stringMatching(/^What began before .* only in part: set APIFY_TOKEN/)]);
  });

  it("needs no tables, only a token", async () => {
    const emulator = createEmulator({ world: worldOf(...HISTORY), clock: runningClock() });
    const server = await emulator.listen();
    onTestFinished(() => server.close());
    const ran = await withoutTables(["suggest", "--json"], { APIFY_TOKEN: "a", APIFY_API_URL: server.url });
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(JSON.parse(ran.out)).toMatchObject({ source: "apify", suggestions: [{ limit: 2.9 }] });
    expect(emulator.truth.calls.filter(({ kind }) => kind === "abort")).toEqual([]);
    expect(await withoutTables(["suggest"], {})).toMatchObject({
      code: 1,
      err: expect.stringContaining("set APIFY_TOKEN to a token of your account"),
    });
  });
});

describe("watchdog suggest --check", () => {
  const check = async (usageTotalUsd: number, more: readonly string[] = []) => {
    const rule = {
      id: "shop",
      for: { tasks: ["acme/shop-eu"] },
      limit: { usageTotalUsd },
      steps: [{ at: "100%", do: "abort" }],
    };
    const file = await policyFile({ version: 1, mode: "observe", rules: [rule] });
    return cli(await past(), [...BY_APIFY, "--check", file, ...more]);
  };

  it("ends with 0 while a frozen limit holds, and with 1 when it no longer does", async () => {
    expect(await check(2)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/holds +shop +\$2\.00 +5\.8 %/),
    });
    expect(await check(1.4)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/NO LONGER +shop +\$1\.40 .* 10 of 50 runs that succeeded reached it/),
    });
  });

  it("takes what suggest printed", async () => {
    const watched = await past();
    const file = join(await tempFolder(), "suggested.yaml");
    await writeFile(file, (await cli(watched, BY_APIFY)).out);
    const { code, out } = await cli(watched, [...BY_APIFY, "--check", file, "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      checks: [{ ruleId: "shop-eu-usd", limit: 2.9, verdict: "holds" }],
    });
    expect(code).toBe(0);
  });

  it("ends with 3 where too little is known", async () => {
    const rule = {
      id: "nightly",
      for: { actors: ["acme/nightly-archive"] },
      limit: { usageTotalUsd: 9 },
      steps: [{ at: "100%", do: "abort" }],
    };
    const file = await policyFile({ version: 1, mode: "observe", rules: [rule] });
    expect(await cli(await past(), [...BY_APIFY, "--check", file])).toMatchObject({ code: 3 });
  });

  it("refuses what says two things", async () => {
    expect(await cli(await past(), ["suggest", "--check", "x", "--task", "y"])).toMatchObject({ code: 2 });
    expect(await cli(await past(), ["suggest", "--actor", "x", "--task", "y"])).toMatchObject({ code: 2 });
  });
});

/** A command line where there is no table at all. */
async function withoutTables(argv: readonly string[], env: Readonly<Record<string, string>>) {
  let [out, err] = ["", ""];
  const say = (text: string): void => {
    out += `${text}\n`;
  };
  const code = await runCli(argv, {
    terminal: {
      columns: Number.POSITIVE_INFINITY,
      isTty: false,
      colour: false,
      out: say,
      data: say,
      err: (text) => {
        err += text;
      },
      progress: () => undefined,
      canAsk: false,
      ask: async () => "",
    },
    env,
    signal: new AbortController().signal,
    version: "0.0.0",
    connect: async () => {
      throw new UsageError("Which tables? There are none.");
    },
  });
  return { code, out, err };
}
