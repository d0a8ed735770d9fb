import { describe, expect, it } from "vitest";
import type { RunScript, World } from "../../../../emulator/index.ts";
import { ABORT, fiveUsd } from "../../../support/policies.ts";
import { watch } from "../../../support/watch.ts";
import { HEALTHY, HOUR, MINUTE, worldOf } from "../../../support/world.ts";
import { cli, policyFile } from "../../support.ts";
import { push } from "./pushing.ts";

const TOKEN = { env: { APIFY_TOKEN: "good-token" } };
const limit = { usageTotalUsd: 5 };
const rules = (...selectors: readonly object[]) =>
  fiveUsd({ rules: selectors.map((each, i) => ({ id: `r${i + 1}`, limit, steps: [ABORT], for: each })) });

/** One live run of acme/shop, by its task, and one without. */
const ACCOUNT = worldOf({ ...HEALTHY, task: "shop-eu" }, HEALTHY);
const flat = (text: string): string => text.replaceAll(/ {2,}/g, " | ");

describe("a policy counted against the account", () => {
  it("says at a push how many Actors, tasks and live runs each rule selects", async () => {
    const watched = await watch(ACCOUNT);
    const { out, code } = await push(
      watched,
      rules({ actors: ["acme/shop"] }, { tasks: ["acme/shop-eu"] }, { actors: ["acme/*"] }),
    );
    expect(code).toBe(0);
    expect(flat(out)).toMatch(/SELECTS \| ACTORS \| TASKS \| LIVE RUNS\n/);
    expect(flat(out)).toMatch(/r1 \| 1 \| 1 \| 2\n/);
    expect(flat(out)).toMatch(/r2 \| 1 \| 1 \| 1\n/);
    expect(flat(out)).toMatch(/r3 \| 2 \| 1 \| 2\n/);
    expect(out).not.toContain("WARNING");
  });

  it("shouts what selects nothing, with what was likely meant, and still takes it", async () => {
    const watched = await watch(ACCOUNT);
    const { out, code } = await push(watched, rules({ actors: ["acme/shopp"] }));
    expect(code).toBe(0);
    expect(out).toContain(
      "WARNING  rules[0].for.actors[0]: no Actor of the account is acme/shopp, so it selects nothing; did you mean acme/shop?",
    );
    expect(flat(out)).toMatch(/r1 \| 0 \| 0 \| 0\n/);
  });

  it("does the same in policy validate where there is a token, and nothing without", async () => {
    const watched = await watch(ACCOUNT);
    const file = await policyFile(rules({ actors: ["acme/shop"], tasks: ["acme/nothing"] }));
    const { out, code } = await cli(watched, ["policy", "validate", file], TOKEN);
    expect([code, out]).toEqual([0, expect.stringContaining("no task of the account is acme/nothing")]);
    const json = JSON.parse((await cli(watched, ["policy", "validate", file, "--json"], TOKEN)).out);
    expect(json.account.selected).toMatchObject([{ ruleId: "r1", takes: { runs: 0 }, isForNone: true }]);
    const asked = watched.emulator.truth.calls.length;
    expect((await cli(watched, ["policy", "validate", file])).out).not.toContain("SELECTS");
    expect(watched.emulator.truth.calls).toHaveLength(asked);
  });

  it("says that it is unknown, and not 0, where the token may not list", async () => {
    const faults: World["faults"] = [
      { match: { kind: ["actors", "tasks"] }, fault: { kind: "refused", because: "permissions" } },
    ];
    const watched = await watch({ ...ACCOUNT, faults });
    const { out, code } = await push(watched, rules({ actors: ["acme/shop"] }));
    expect(code).toBe(0);
    expect(flat(out)).toMatch(/r1 \| unknown \| unknown \| 2\n/);
    expect(out).toContain("the token may not list Actors, so they are not counted");
    expect(out).not.toContain("WARNING");
  });
});

/** Twenty successes of 1 USD, and four of 4 USD. */
const PAST: readonly RunScript[] = Array.from({ length: 24 }, (_, i) => ({
  actor: "acme/shop",
  startsAfterMs: -(i + 2) * HOUR,
  readyForMs: 0,
  usageLagMs: 0,
  cost: { startUsd: i % 6 === 5 ? 4 : 1, thenUsdPerHour: 0 },
  ends: { afterMs: 20 * MINUTE, status: "SUCCEEDED" },
}));
const usual = (usd: number, step: object = ABORT) =>
  fiveUsd({ rules: [{ id: "usual", limit: { timesTypical: { usd } }, steps: [{ at: "100%", ...step }] }] });

describe("a stop on what is typical", () => {
  it("is pushed with --yes alone, which says which share of the recorded successes it would have ended", async () => {
    const watched = await watch(worldOf(...PAST), { policy: fiveUsd() });
    const { code, out, err } = await cli(watched, ["policy", "push", await policyFile(usual(3))]);
    expect(code).toBe(2);
    expect(err).toContain("ends healthy runs as well");
    expect(err).toContain("run it again with --yes");
    expect(out).toContain("usual would have ended 4 of 24 recorded successes (16.7%) of 1 Actor or task");
    expect((await watched.ports.state.readControl()).policyVersion).toBe(1);
    expect((await push(watched, usual(3))).code).toBe(0);
    expect((await watched.ports.state.readControl()).policyVersion).toBe(2);
  });

  it("shows the share in policy validate, too", async () => {
    const watched = await watch(worldOf(...PAST));
    const { out } = await cli(watched, ["policy", "validate", await policyFile(usual(3))], TOKEN);
    expect(out).toContain("usual would have ended 4 of 24 recorded successes (16.7%)");
    const looser = await cli(watched, ["policy", "validate", await policyFile(usual(5))], TOKEN);
    expect(looser.out).toContain("usual would have ended 0 of 24 recorded successes (0.0%)");
  });

  it("is not asked about where it only notifies", async () => {
    const watched = await watch(worldOf(...PAST));
    const { code, out } = await push(watched, usual(3, { do: "notify" }));
    expect(code).toBe(0);
    expect(out).not.toContain("recorded successes");
  });
});
