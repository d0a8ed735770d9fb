import { describe, expect, it } from "vitest";
import type { World } from "../../../emulator/index.ts";
import { verifyAll } from "../../../src/watchdog/audit/verify/verify.ts";
import { EMPTY_CONTROL, stateOf } from "../../../src/watchdog/model/control.ts";
import { holdsOf, withSources } from "../../../src/watchdog/model/holds/sources.ts";
import { HOUR } from "../../support/world.ts";
import { about, holding, kindsOf, puts, SCHEDULE, shown, storm, stormy } from "./storm.ts";

const faulty = (faults: World["faults"]): World => ({ ...stormy(), ...(faults && { faults }) });

describe("holding, where Apify refuses or fails", () => {
  it("goes on without a permission to write the schedule, names it, and asks again an hour later", async () => {
    const refused = {
      match: { kind: "update-schedule" as const },
      fault: { kind: "refused" as const, because: "permissions" as const },
    };
    const steps = [
      { at: "50%", do: "hold" },
      { at: "60%", do: "abort" },
    ];
    const watched = await storm(holding(2, { steps }), {}, faulty([refused]));
    const reports = await watched.ticks(30);
    const told = about(reports.at(-1) ?? reports[0] ?? ({} as never), `hold:${SCHEDULE}`);
    expect(told).toEqual([expect.stringMatching(/can't be disabled: .*needs Write on the schedule/)]);
    expect(await kindsOf(watched)).toEqual(["source.held", "source.left"]);
    expect(puts(watched)).toHaveLength(1);
    expect(watched.aborts().length).toBeGreaterThan(3);
  });

  it.each([
    [
      "its list is refused",
      {
        match: { kind: "schedules" as const },
        fault: { kind: "refused" as const, because: "permissions" as const },
      },
    ],
    [
      "its list fails",
      { match: { kind: "schedules" as const }, fault: { kind: "status" as const, status: 500 } },
    ],
  ])("holds what has started runs lately where %s", async (_what, fault) => {
    const watched = await storm(holding(), {}, faulty([fault] as never));
    await watched.ticks(30);
    expect(await kindsOf(watched)).toEqual(["source.held"]);
    expect(shown(watched)?.isEnabled).toBe(false);
  });
});

describe("a control state from a backup", () => {
  it("that does not know a hold takes it up again from the audit, and lets it go", async () => {
    const watched = await storm();
    await watched.ticks(20);
    expect(shown(watched)?.isEnabled).toBe(false);
    const control = await watched.ports.state.readControl();
    const forgotten = withSources(stateOf(control), { holds: [], freed: [], left: [] });
    await watched.ports.state.writeControl(forgotten, control.version);
    const found = await verifyAll(watched.ports);
    expect(found.findings.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/^the hold .* is gone/),
    ]);
    const report = await watched.tick();
    expect(about(report, "restored:")).toHaveLength(1);
    await watched.push(holding(10_000));
    await watched.ticks(2);
    expect(await kindsOf(watched)).toEqual(["source.held", "source.released"]);
    expect((await verifyAll(watched.ports)).findings).toEqual([]);
  });

  it("that does not know a hold of a budget in runs takes up its figure as the count that it is", async () => {
    const inRuns = holding(2, { budget: { runs: 5, per: "day" }, steps: [{ at: "100%", do: "hold" }] });
    const watched = await storm(inRuns);
    await watched.ticks(8);
    const [held] = holdsOf(await watched.ports.state.readControl());
    const control = await watched.ports.state.readControl();
    const forgotten = withSources(stateOf(control), { holds: [], freed: [], left: [] });
    await watched.ports.state.writeControl(forgotten, control.version);
    await watched.tick();
    const [found] = holdsOf(await watched.ports.state.readControl());
    expect(found?.measured).toBe(held?.measured);
    expect(held?.measured).toBeGreaterThanOrEqual(5);
    expect(held?.measured).toBeLessThan(10);
  });

  it("that still knows one that was let go closes it no second time", async () => {
    const watched = await storm();
    await watched.ticks(20);
    const before = await watched.ports.state.readControl();
    await watched.push(holding(10_000));
    await watched.ticks(1);
    const now = await watched.ports.state.readControl();
    await watched.ports.state.writeControl({ ...stateOf(now), holds: before.holds ?? [] }, now.version);
    watched.advance(HOUR / 60);
    await watched.ticks(2);
    expect(await kindsOf(watched)).toEqual(["source.held", "source.released"]);
    expect((await watched.ports.state.readControl()).holds ?? EMPTY_CONTROL.openIntents).toEqual([]);
  });
});
