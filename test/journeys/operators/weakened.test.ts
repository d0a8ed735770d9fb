import { describe, expect, it } from "vitest";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { acknowledge } from "../../../src/watchdog/policies/acknowledge.ts";
import { pause, resume } from "../../../src/watchdog/policies/operate.ts";
import { pushPolicy } from "../../../src/watchdog/policies/policies.ts";
import { cli, policyFile } from "../../cli/support.ts";
import { costRule, fiveUsd } from "../../support/policies.ts";
import { type Watched, watch } from "../../support/watch.ts";
import { HEALTHY, worldOf } from "../../support/world.ts";

const HOUR_MS = 3_600_000;
const watching = () => watch(worldOf(HEALTHY), { policy: fiveUsd() });
const attention = async (watched: Watched): Promise<readonly string[]> => (await watched.tick()).attention;
const later = ({ ports }: Watched, ms: number): Date => new Date(ports.clock.now().getTime() + ms);

describe("weakened protection", () => {
  it("calls for a person while a pause has no end, and not while it has one", async () => {
    const watched = await watching();
    await pause(watched.ports, { by: "ann", reason: "migration" });
    expect(await attention(watched)).toEqual([
      expect.stringMatching(
        /^weaker:pause nothing is stopped, without an end, since .*paused by ann \(migration\)/,
      ),
    ]);
    await pause(watched.ports, { by: "ann", reason: "migration", until: later(watched, HOUR_MS) });
    expect(await attention(watched)).toEqual([]);
  });

  it("calls for a person while a rule is exempt as a whole", async () => {
    const watched = await watching();
    const [{ id = "" } = {}] = [costRule(5)];
    const wish = {
      subject: { kind: "rule" as const, id },
      until: later(watched, HOUR_MS),
      owner: "bo",
      reason: "prices",
    };
    await grantExemption(watched.ports, wish, "ann");
    expect(await attention(watched)).toEqual([
      expect.stringMatching(new RegExp(`^weaker:exempt:${id} the rule stops nothing until .*exempt for bo`)),
    ]);
    await cli(watched, ["acknowledge", `weaker:exempt:${id}`, "--reason", "known", "--yes"]);
    expect(await attention(watched)).toEqual([]);
  });

  it("is quiet once acknowledged, for so long, and written in the audit", async () => {
    const watched = await watching();
    await pause(watched.ports, { by: "ann", reason: "migration" });
    const { code, out } = await cli(watched, [
      "acknowledge",
      "weaker:pause",
      "--reason",
      "known",
      "--for",
      "1h",
      "--yes",
    ]);
    expect(code).toBe(0);
    expect(out).toMatch(/^weaker:pause is quiet until .* UTC .*, by ann@laptop\.\n$/);
    expect(await attention(watched)).toEqual([]);
    expect((await cli(watched, ["audit", "list"])).out).toMatch(/QUIETED +.*weaker:pause: known until/);
    expect((await cli(watched, ["audit", "verify"])).code).toBe(0);
    watched.advance(HOUR_MS);
    expect(await attention(watched)).toHaveLength(1);
  });

  it("calls again for another pause, whatever was acknowledged of the one before", async () => {
    const watched = await watching();
    const { ports } = watched;
    await pause(ports, { by: "ann", reason: "migration" });
    await acknowledge(ports, {
      id: "weaker:pause",
      by: "ann",
      reason: "known",
      until: later(watched, HOUR_MS),
    });
    await resume(ports, "ann", "done");
    await pause(ports, { by: "bo", reason: "another" });
    expect(await attention(watched)).toEqual([expect.stringContaining("paused by bo (another)")]);
  });

  it.each([["weaker:pause", "--for", "31d"], ["Not an id"]])(
    "refuses what can't be acknowledged: %s %s %s",
    async (...argv) => {
      const { code } = await cli(await watching(), ["acknowledge", ...argv, "--reason", "x"]);
      expect(code).toBe(2);
    },
  );
});

describe("a push by hand that guards less", () => {
  const ENFORCED = fiveUsd({ mode: "enforce" });
  it.each([
    {
      what: fiveUsd({ mode: "observe" }),
      says: /guards less than version 2: rule \S+ goes from enforce to observe/,
    },
    {
      what: fiveUsd({ mode: "enforce", rules: [{ ...costRule(5), id: "other" }] }),
      says: /guards less than version 2: rule \S+ is gone/,
    },
  ])("changes nothing without --yes: $says", async ({ what, says }) => {
    const watched = await watching();
    await pushPolicy(watched.ports, ENFORCED, "ann");
    const file = await policyFile(what);
    const { code, err } = await cli(watched, ["policy", "push", file]);
    expect(code).toBe(2);
    expect(err).toMatch(says);
    expect((await watched.ports.state.readControl()).policyVersion).toBe(2);
    expect((await cli(watched, ["policy", "push", file, "--yes"])).code).toBe(0);
    const back = ["policy", "rollback", "2", "--reason", "back"];
    // What observed is armed again, and the other rule is gone.
    expect((await cli(watched, back)).code).toBe(2);
    expect((await cli(watched, [...back, "--yes"])).code).toBe(0);
  });
});
