import { describe, expect, it } from "vitest";
import { PolicyError } from "../../src/policy/index.ts";
import { adoptPolicy } from "../../src/watchdog/operate.ts";
import { fiveUsd, watch, worldOf } from "../support/world.ts";

const rule = (usd: number) =>
  fiveUsd({ rules: [{ id: "r", limit: { usageTotalUsd: usd }, steps: [{ at: "100%", do: "abort" }] }] });

describe("the policy of a deployment", () => {
  it("is in force from the first tick on, and is pushed once", async () => {
    const { ports } = await watch(worldOf());
    await adoptPolicy(ports, rule(5));
    await adoptPolicy(ports, rule(5));
    expect(await ports.state.readControl()).toMatchObject({
      policyVersion: 1,
      deployedPolicy: { version: 1 },
    });
    expect(await ports.state.readPolicy(1)).toEqual(rule(5));
  });

  it("replaces the one of the deployment before", async () => {
    const { ports } = await watch(worldOf());
    await adoptPolicy(ports, rule(5));
    await adoptPolicy(ports, rule(6));
    expect((await ports.state.readControl()).policyVersion).toBe(2);
  });

  it("leaves alone what somebody pushed by hand since", async () => {
    const { ports, push } = await watch(worldOf());
    await adoptPolicy(ports, rule(5));
    await push(rule(9));
    await adoptPolicy(ports, rule(6));
    const { policyVersion = 0 } = await ports.state.readControl();
    expect(await ports.state.readPolicy(policyVersion)).toEqual(rule(9));
  });

  it("is pushed once although ticks adopt it at once", async () => {
    const { ports, run, process } = await watch(worldOf());
    await run(Promise.all([1, 2, 3].map(() => adoptPolicy(process(), rule(5)))));
    expect((await ports.state.readControl()).policyVersion).toBe(1);
  });

  it("leaves what is in force when the new one can't be used", async () => {
    const { ports } = await watch(worldOf());
    await adoptPolicy(ports, rule(5));
    await expect(adoptPolicy(ports, { version: 1, rules: [] })).rejects.toBeInstanceOf(PolicyError);
    expect((await ports.state.readControl()).policyVersion).toBe(1);
  });
});
