import { describe, expect, it } from "vitest";
import { grantExemption } from "../../../src/watchdog/overrule/exemptions.ts";
import { engineMissing } from "../../support/engines/engine.ts";
import { ANY_SHARE, costRule, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { HEALTHY, HOUR, OVER_5_USD, worldOf } from "../../support/world.ts";

const RULE = "no-run-over-5-usd";
const CEILING_USD = 70;

/** Two Actors whose runs cost over 5 USD; of the first one run climbs to 70 USD, and one stays below. */
async function raised(rules: readonly unknown[] = [costRule(5, { id: RULE })]) {
  const climbs = { ...OVER_5_USD, cost: { startUsd: 7, thenUsdPerHour: 60 } };
  const watched = await watch(
    worldOf(climbs, OVER_5_USD, { ...OVER_5_USD, actor: "acme/nightly-archive" }, HEALTHY),
    { policy: fiveUsd({ rules, ...ANY_SHARE }), on: engineMissing ? "memory" : "engine" },
  );
  const [first] = watched.emulator.truth.runs();
  const [climbing = "", below = "", other = ""] = watched.runIds();
  const grant = (more: object = {}) =>
    watched.run(
      grantExemption(
        watched.ports,
        {
          subject: { kind: "actor", id: first?.actorId ?? "", ruleId: RULE },
          until: new Date(watched.emulator.clock.now() + 9 * HOUR),
          ceilingMicroUsd: CEILING_USD * 1_000_000,
          owner: "ann",
          reason: "the sale",
          ...more,
        },
        "ann",
      ),
    );
  const stopped = () => watched.aborts().map(({ runId }) => runId);
  return { ...watched, climbing, below, other, actorId: first?.actorId ?? "", grant, stopped };
}

describe("one limit raised for one Actor", () => {
  it("holds back that rule below the ceiling, run by run, and stops the run that reaches it", async () => {
    const { grant, ticks, stopped, climbing, below, other, entries, kinds } = await raised();
    await grant();
    await ticks(1);
    expect(stopped()).toEqual([other]);
    await ticks(3);
    expect(stopped()).toEqual([other, climbing]);
    expect(await kinds(below)).toEqual(["abort.held"]);
    const intent = (await entries(climbing)).find(({ kind }) => kind === "abort.intended");
    expect(intent?.reason).toMatch(
      /^its cost has reached \$70\.00, the ceiling of the exemption of actor \w+ \(rule no-run-over-5-usd alone\) \(ann: the sale\)$/,
    );
  });

  it("lifts no other rule: one on time stops a run of that Actor as before", async () => {
    const time = { id: "time", limit: { runTime: "1m" }, steps: [{ at: "100%", do: "abort" }] };
    const { grant, ticks, entries, below, climbing, other, stopped } = await raised([
      costRule(5, { id: RULE }),
      time,
    ]);
    await grant();
    await ticks(2);
    expect(stopped()).toEqual(expect.arrayContaining([below, climbing, other]));
    const intent = (await entries(below)).find(({ kind }) => kind === "abort.intended");
    expect(intent?.ruleId).toBe("time");
  });

  it("stands beside another of the Actor, is ended alone, and stops nothing twice", async () => {
    const { grant, ticks, stopped, ports, run, actorId, below, climbing } = await raised();
    const until = new Date(ports.clock.now().getTime() + HOUR);
    const whole = { kind: "actor", id: actorId } as const;
    await run(grantExemption(ports, { subject: whole, until, owner: "bob", reason: "all" }, "bob"));
    await grant();
    await grant({ subject: { ...whole, ruleId: "another" } });
    const stand = (await ports.state.readControl()).exemptions.map(({ subject }) => subject);
    expect(stand).toEqual(expect.arrayContaining([whole, { ...whole, ruleId: RULE }]));
    expect(stand).toHaveLength(3);
    await ticks(3);
    expect(stopped()).not.toContain(below);
    expect(stopped()).not.toContain(climbing);
  });

  it("ends at its time", async () => {
    const { grant, ticks, stopped, ports, below } = await raised();
    await grant({ until: new Date(ports.clock.now().getTime() + 90_000) });
    await ticks(1);
    expect(stopped()).not.toContain(below);
    await ticks(2);
    expect(stopped()).toContain(below);
    expect((await ports.state.readControl()).exemptions).toEqual([]);
  });
});
