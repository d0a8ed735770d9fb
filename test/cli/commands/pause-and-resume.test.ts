import { describe, expect, it } from "vitest";
import { pause } from "../../../src/watchdog/policies/operate.ts";
import { costRule, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { OVER_5_USD, worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

describe("watchdog pause and resume", () => {
  it("pauses until a time, and resumes, in the caller's name", async () => {
    const watched = await watch(worldOf(OVER_5_USD), { policy: fiveUsd() });
    const { out } = await cli(watched, ["pause", "--reason", "x", "--until", "2h"]);
    expect(out).toMatch(/Paused by ann@laptop, until .* \(in 2h\)/);
    await watched.tick();
    expect(watched.aborts()).toEqual([]);
    expect((await cli(watched, ["resume", "--reason", "y", "--yes"])).out).toContain("Resumed by ann@laptop");
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
    ["soon", 'got "soon", wanted a span (2h), a day'],
    ["2020-01-01", "is not in the future"],
    ["2099-11-31", 'got "2099-11-31", wanted a span (2h), a day ('],
    ["2099-02-29T18:00Z", 'got "2099-02-29T18:00Z"'],
    ["2099-11-24T18:00", "or a time with its zone ("],
  ])("does not take --until %s", async (until, says) => {
    const { code, err } = await cli(await watch(worldOf()), ["pause", "--reason", "x", "--until", until]);
    expect(err).toContain(says);
    expect(code).toBe(2);
  });

  it("takes a day for its beginning in the policy's time zone, UTC where it names none", async () => {
    const wish = ["pause", "--reason", "x", "--until", "2099-11-24", "--json"];
    const inUtc = await cli(await watch(worldOf()), wish);
    expect(JSON.parse(inUtc.out)).toMatchObject({ until: "2099-11-24T00:00:00.000Z" });
    const policy = { version: 1, mode: "enforce", timeZone: "America/New_York", rules: [costRule(5)] };
    const there = await cli(await watch(worldOf(), { policy }), wish);
    expect(JSON.parse(there.out)).toMatchObject({ until: "2099-11-24T05:00:00.000Z" });
  });

  it("says that there was no pause to end", async () => {
    const { code, out } = await cli(await watch(worldOf()), ["resume", "--reason", "x"]);
    expect({ code, out }).toEqual({ code: 0, out: "There was no pause: nothing was changed.\n" });
  });

  it("ends no pause in a dry run, also one that comes while it is made", async () => {
    const watched = await watch(worldOf());
    const { state } = watched.ports;
    const read = state.readControl.bind(state);
    const before = await read();
    await pause(watched.ports, { by: "bob", reason: "an incident" });
    const { version } = await read();
    // The pause comes after the command's first look.
    let looks = 0;
    state.readControl = async () => (looks++ === 0 ? before : read());
    const { code, out } = await cli(watched, ["resume", "--reason", "x", "--dry-run"]);
    expect({ code, out }).toEqual({
      code: 0,
      out: "There is no pause.\nNothing was changed: this was a dry run.\n",
    });
    expect((await read()).version).toBe(version);
  });

  it.each([
    ["another one than was shown", true],
    ["one that came after the look", false],
  ])("ends no pause that the person did not see: %s", async (_what, wasPaused) => {
    const watched = await watch(worldOf());
    const { state } = watched.ports;
    const read = state.readControl.bind(state);
    if (wasPaused) await pause(watched.ports, { by: "ann", reason: "a test" });
    const before = await read();
    watched.advance(1_000);
    await pause(watched.ports, { by: "bob", reason: "an incident" });
    let looks = 0;
    state.readControl = async () => (looks++ < 2 ? before : read());
    const { code, err } = await cli(watched, ["resume", "--reason", "x"], { columns: 80, answers: ["y"] });
    expect(err).toContain("Meanwhile bob paused: an incident. Nothing was changed");
    expect(code).toBe(1);
    expect((await read()).pause).toMatchObject({ by: "bob" });
  });
});
