import { describe, expect, it } from "vitest";
import { instead } from "../../../support/instead.ts";
import { controlEntries } from "../../../support/recorded.ts";
import { type Watched, watch } from "../../../support/watch.ts";
import { MINUTE, OVER_5_USD, worldOf } from "../../../support/world.ts";
import { cli, policyFile } from "../../support.ts";
import { policy, push } from "./pushing.ts";

describe("watchdog policy list, diff and rollback", () => {
  async function threeVersions(): Promise<Watched> {
    const watched = await watch(worldOf(OVER_5_USD), { policy: policy(9) });
    await push(watched, policy(8), ["--reason", "a bit less"]);
    await push(watched, policy(7));
    return watched;
  }

  it("lists every version: when, by whom, why, and which is in force", async () => {
    const watched = await threeVersions();
    const { out } = await cli(watched, ["policy", "list"]);
    expect(out.split("\n").map((line) => line.trim())).toEqual([
      expect.stringMatching(/^VERSION +PUSHED \(UTC\) +BY +WHY$/),
      expect.stringMatching(/^1 +\d{4}-\d\d-\d\d \d\d:\d\d +tester$/),
      expect.stringMatching(/^2 +.* +ann@laptop +a bit less$/),
      expect.stringMatching(/^3 +in force +.* +ann@laptop$/),
      "",
    ]);
    expect((await cli(await watch(worldOf()), ["policy", "list"])).out).toContain("No policy was pushed yet");
  });

  it("lists what was pushed in a span of time", async () => {
    const watched = await threeVersions();
    watched.advance(2 * 60 * MINUTE);
    await push(watched, policy(6));
    const versions = async (...span: string[]) => {
      const { out } = await cli(watched, ["policy", "list", "--json", ...span]);
      return JSON.parse(out).versions.map(({ version }: { version: number }) => version);
    };
    expect(await versions("--since", "1h")).toEqual([4]);
    expect(await versions("--until", "1h")).toEqual([1, 2, 3]);
    expect((await cli(watched, ["policy", "list", "--until", "30d"])).out).toBe(
      "No policy was pushed in that time.\n",
    );
  });

  it("goes back by pushing what the version before says as a new one, with the reason in the audit", async () => {
    const watched = await threeVersions();
    const { code, out } = await cli(watched, ["policy", "rollback", "--reason", "too strict", "--yes"]);
    expect(out).toContain("~ cost  limit.usageTotalUsd: 7 → 8");
    expect(out).toContain("it would no longer stop 1:");
    expect(out).toContain("Version 4 is in force (after 3), with what version 2 says, pushed by ann@laptop.");
    expect(code).toBe(0);
    expect(await watched.ports.state.readPolicy(4)).toEqual(policy(8));
    expect(await watched.ports.state.readPolicy(3)).toEqual(policy(7));
    expect((await controlEntries(watched)).at(-1)?.change).toEqual({
      version: 4,
      previousVersion: 3,
      rolledBackTo: 2,
      reason: "too strict",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      document: policy(8),
    });
    expect((await cli(watched, ["policy", "list"])).out).toMatch(/4 +in force .* back to 2: too strict/);
    expect((await cli(watched, ["audit", "show", "control"])).out).toContain(
      "version 4, after 3, back to what version 2 says: too strict",
    );
  });

  it("goes back to the version that is named, or only shows it", async () => {
    const watched = await threeVersions();
    const dry = await cli(watched, ["policy", "rollback", "1", "--reason", "x", "--dry-run"]);
    expect(dry.out).toContain("~ cost  limit.usageTotalUsd: 7 → 9");
    expect((await watched.ports.state.readControl()).policyVersion).toBe(3);
    await cli(watched, ["policy", "rollback", "1", "--reason", "x", "--yes"]);
    expect(await watched.ports.state.readPolicy(4)).toEqual(policy(9));
  });

  it.each([
    [["3"], 0, "Version 3 is in force: nothing was changed."],
    [
      ["7"],
      1,
      "Version 7 can't be used: it is not in the store. Versions: npm run watchdog -- policy list --local",
    ],
    [["0"], 1, "Version 0 can't be used: it is not in the store."],
  ])("answers rollback %j with %d", async (version, code, says) => {
    const ran = await cli(await threeVersions(), [
      "policy",
      "rollback",
      ...version,
      "--reason",
      "x",
      "--yes",
    ]);
    expect(ran.code).toBe(code);
    expect(ran.out + ran.err).toContain(says);
  });

  it("has nothing to go back to from the first version, nor from none", async () => {
    const rollback = async (watched: Watched) =>
      cli(watched, ["policy", "rollback", "--reason", "x", "--yes"]);
    const first = await rollback(await watch(worldOf(), { policy: policy(5) }));
    expect(first).toMatchObject({ code: 1, err: expect.stringContaining("Version 1 is the first one") });
    const none = await rollback(await watch(worldOf()));
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining("No policy was pushed yet") });
  });

  it("compares versions and files, each with what is in force where it stands alone", async () => {
    const watched = await threeVersions();
    const file = await policyFile(policy(2));
    const diff = async (...sides: string[]) =>
      (await cli(watched, ["policy", "diff", ...sides])).out.replaceAll(file, "FILE").split("\n").slice(0, 2);
    const limit = (from: number, to: number) => `  ~ cost  limit.usageTotalUsd: ${from} → ${to}`;
    expect(await diff()).toEqual(["version 2 → version 3, in force", limit(8, 7)]);
    expect(await diff("1")).toEqual(["version 1 → version 3, in force", limit(9, 7)]);
    expect(await diff("1", "2")).toEqual(["version 1 → version 2", limit(9, 8)]);
    expect(await diff(file)).toEqual(["version 3, in force → FILE", limit(7, 2)]);
    expect(await diff(file, "1")).toEqual(["FILE → version 1", limit(2, 9)]);
    expect(await diff("2", "2")).toEqual(["version 2 → version 2", "No difference."]);
    const codeOf = async (...sides: string[]) =>
      (await cli(watched, ["policy", "diff", ...sides, "--exit-code"])).code;
    expect([await codeOf("1", "2"), await codeOf("2", "2")]).toEqual([1, 0]);
    const spelled = await policyFile({ ...policy(7), timeZone: "UTC" });
    expect((await cli(watched, ["policy", "diff", spelled])).out).toContain(
      "No difference in what they mean",
    );
    const { code, err } = await cli(watched, ["policy", "diff", "8"]);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("Version 8 can't be used") });
  });

  it("tell of a version that can't be used, and go back to the one that stands in for it", async () => {
    const watched = await threeVersions();
    const state = instead(watched.ports.state, {
      readPolicy: async (version) => (version === 3 ? undefined : watched.ports.state.readPolicy(version)),
    });
    const ports = { ...watched.ports, state };
    watched.advance(11 * MINUTE);
    await watched.tick(watched.process({ state }));
    const options = { connection: { ports } };
    expect((await cli(watched, ["policy", "list"], options)).out).toMatch(
      /2 +in force .*\n +3 +can't be used/,
    );
    const shown = await cli(watched, ["policy", "show"], options);
    expect(shown.err).toContain(
      "Version 3 can't be used, so version 2 stays in force: it is not in the store",
    );
    expect(shown.out).toContain("# version 2, in force");
    expect((await cli(watched, ["audit", "list"])).out).toMatch(
      /FELL BACK .*version 3 can't be used \(it is not in the store\); version 2 stays in force/,
    );
    const back = await cli(watched, ["policy", "rollback", "--reason", "repair", "--yes"], options);
    expect(back.out).toContain("It is the same as version 2, in force.");
    expect(back.out).toContain("Version 4 is in force (after 3), with what version 2 says");
  });
});
