import { describe, expect, it } from "vitest";
import { failing, instead } from "../../../support/instead.ts";
import { costRule, fiveUsd } from "../../../support/policies.ts";
import { type Watched, watch } from "../../../support/watch.ts";
import { ended, worldOf } from "../../../support/world.ts";
import { cli } from "../../support.ts";
import { push } from "./pushing.ts";

/** Thirty runs of a dollar, a failure of 12 and a success of 7, as the tables have them after a backfill. */
async function recorded(successes = 30): Promise<Watched> {
  const runs = Array.from({ length: successes }, (_, i) => ended(i, 1));
  const watched = await watch(worldOf(...runs, ended(3, 12, "FAILED"), ended(5, 7)), {
    policy: fiveUsd({ mode: "observe" }),
  });
  await watched.ticks(1);
  return watched;
}
const filled = async (watched: Watched): Promise<Watched> => {
  await cli(watched, ["backfill", "--since", "30d"]);
  return watched;
};
const limit = (usd: number, more: object = {}) => fiveUsd({ rules: [costRule(usd)], ...more });
const required = (watched: Watched, document: object, ...more: readonly string[]) =>
  push(watched, document, ["--require-backtest", "--since", "10d", ...more]);
const version = async ({ ports }: Watched) => (await ports.state.readControl()).policyVersion;

describe("watchdog policy push --require-backtest", () => {
  it("refuses a policy that would have stopped a healthy run, names it, and writes nothing", async () => {
    const watched = await filled(await recorded());
    const entries = async () => (await cli(watched, ["audit", "list", "--json"])).out;
    const before = await entries();
    const { code, out, err } = await required(watched, limit(5));
    expect(code).toBe(1);
    expect(out).toMatch(
      /^Back-test of the last 10 days: 2 stops, saved \$\d.* wrong stops: 1 \(\w{17}\) of 31 runs that succeeded, at most 14 % at/,
    );
    expect(err).toContain("Nothing was changed: its back-test has wrong > 0.");
    expect(await version(watched)).toBe(1);
    expect(await entries()).toBe(before);
    const { out: json } = await required(watched, limit(5), "--json", "--dry-run");
    expect(JSON.parse(json)).toMatchObject({
      pushed: false,
      backtest: {
        passed: false,
        failIf: "wrong > 0",
        stops: 2,
        wrongStops: { count: 1 },
        wrongRunIds: [expect.any(String)],
      },
    });
  });

  it("pushes one that stopped none, or whose condition holds, and says what it rests on", async () => {
    const watched = await filled(await recorded());
    const { code, out } = await required(watched, limit(8), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      pushed: true,
      version: 2,
      backtest: { passed: true, why: null, knownDays: expect.closeTo(10, 1), wrongStops: { count: 0 } },
    });
    expect((await required(watched, limit(5), "--fail-if", "wrong > 1")).code).toBe(0);
    expect(await version(watched)).toBe(3);
  });

  it("refuses where too little is recorded: days, runs, or anything that its rules could be tried on", async () => {
    const short = await recorded();
    const refused = await required(short, limit(8));
    expect(refused.err).toMatch(
      /the recorded history is too short: all runs are known of .+, and 7d are asked for/,
    );
    expect([refused.code, await version(short)]).toEqual([1, 1]);
    const long = await required(await filled(await recorded()), limit(8), "--history", "20d");
    expect(long.err).toMatch(/all runs are known of 10d, and 20d are asked for/);
    const few = await required(await filled(await recorded(5)), limit(8));
    expect(few.err).toContain("too few runs are recorded: 6 runs that succeeded, and 22 are the fewest");
    const idle = { rules: [{ id: "idle", limit: { idleTime: "1h" }, steps: [{ at: "100%", do: "abort" }] }] };
    const none = await required(await filled(await recorded()), fiveUsd(idle));
    expect(none.err).toContain("none of its rules that stop runs can be back-tested");
    expect(none.code).toBe(1);
  });

  it("fails where the records can't be read, and pushes nothing", async () => {
    const watched = await filled(await recorded());
    const state = instead(watched.ports.state, { allRuns: () => failing("throttled") });
    const connection = { ports: { ...watched.ports, state } };
    const argv = ["--require-backtest", "--json"];
    const { code, out } = await push(watched, limit(8), argv, { connection });
    expect(JSON.parse(out).error.message).toContain("throttled");
    expect(code).toBe(1);
    expect(await version(watched)).toBe(1);
  });

  it("takes its options only where it is asked for", async () => {
    expect(await push(await recorded(), limit(8), ["--fail-if", "wrong > 1"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("--fail-if goes with --require-backtest only."),
    });
  });
});
