import { describe, expect, it } from "vitest";
import { PolicyError } from "../../../src/policy/index.ts";
import { adoptPolicy } from "../../../src/watchdog/policies/adopt.ts";
import { pushBehind } from "../../../src/watchdog/policies/policies.ts";
import { instead } from "../../support/instead.ts";
import { costRule, fiveUsd } from "../../support/policies.ts";
import { watch } from "../../support/watch.ts";
import { worldOf } from "../../support/world.ts";

const rule = (usd: number) => fiveUsd({ rules: [costRule(usd)] });

describe("the policy of a deployment", () => {
  it("is in force from the first tick on, and is pushed once", async () => {
    const { ports } = await watch(worldOf());
    expect(await adoptPolicy(ports, rule(5))).toEqual({ kind: "adopted", version: 1 });
    expect(await adoptPolicy(ports, rule(5))).toEqual({ kind: "known" });
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
    expect(await adoptPolicy(ports, rule(6))).toEqual({ kind: "passed-over", inForce: 2 });
    const { policyVersion = 0 } = await ports.state.readControl();
    expect(await ports.state.readPolicy(policyVersion)).toEqual(rule(9));
  });

  it("leaves alone what somebody went back to by hand, were it to a deployment's own policy", async () => {
    const { ports, push, run } = await watch(worldOf());
    await adoptPolicy(ports, rule(5));
    await adoptPolicy(ports, rule(6));
    await push(rule(9));
    const back = { document: rule(6), by: "ann", seen: 3, rolledBackTo: 2 };
    expect(await run(pushBehind(ports, back))).toBe(4);
    expect(await adoptPolicy(ports, rule(7))).toEqual({ kind: "passed-over", inForce: 4 });
    expect((await ports.state.readControl()).policyVersion).toBe(4);
  });

  it("is not pushed again by another deployment of the same, whatever was pushed since", async () => {
    const { ports, push } = await watch(worldOf());
    await adoptPolicy(ports, rule(5));
    await push(rule(9));
    // As another tool may write it: the same keys in another order.
    const { rules, mode, version } = rule(5);
    expect(await adoptPolicy(ports, { rules, version, mode })).toEqual({ kind: "known" });
    expect((await ports.state.readControl()).policyVersion).toBe(2);
  });

  it("is adopted again when a deployment goes back to the one before the last", async () => {
    const { ports } = await watch(worldOf());
    for (const usd of [5, 6, 5]) await adoptPolicy(ports, rule(usd));
    expect((await ports.state.readControl()).policyVersion).toBe(3);
    expect(await ports.state.readPolicy(3)).toEqual(rule(5));
  });

  it("gives way to what somebody pushes at the same moment", async () => {
    const { ports, push, process } = await watch(worldOf());
    await adoptPolicy(ports, rule(5));
    let pushed = false;
    const audit = instead(ports.audit, {
      append: async (append) => {
        if (!pushed) {
          pushed = true;
          await push(rule(9));
        }
        return ports.audit.append(append);
      },
    });
    expect(await adoptPolicy(process({ audit }), rule(6))).toEqual({ kind: "passed-over", inForce: 2 });
    expect(await ports.state.readPolicy(2)).toEqual(rule(9));
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

const inMode = (mode: "observe" | "enforce", ...usd: readonly number[]) =>
  fiveUsd({ mode, rules: usd.map((each, at) => ({ ...costRule(each), id: `rule-${at}` })) });

describe("a deployment that says no mode", () => {
  const moded = (...usd: readonly number[]) =>
    [inMode("observe", ...usd), { enforced: inMode("enforce", ...usd) }] as const;

  it("observes where it is the first", async () => {
    const { ports } = await watch(worldOf());
    await adoptPolicy(ports, ...moded(5));
    expect(await ports.state.readPolicy(1)).toEqual(inMode("observe", 5));
  });

  it("keeps what is in force: the same limits change nothing, others are enforced as before", async () => {
    const { ports } = await watch(worldOf());
    await adoptPolicy(ports, inMode("enforce", 5));
    expect(await adoptPolicy(ports, ...moded(5))).toEqual({ kind: "known" });
    expect(await adoptPolicy(ports, ...moded(6))).toEqual({ kind: "adopted", version: 2 });
    expect(await ports.state.readPolicy(2)).toEqual(inMode("enforce", 6));
    expect(await adoptPolicy(ports, ...moded(6))).toEqual({ kind: "known" });
  });
});

describe("a deployed policy that guards less", () => {
  it.each([
    {
      what: "observe",
      next: inMode("observe", 5, 9),
      lost: ["rule rule-0 goes from enforce to observe", "rule rule-1 goes from enforce to observe"],
    },
    { what: "without a rule", next: inMode("enforce", 5), lost: ["rule rule-1 is gone"] },
  ])("is not adopted unless that very version may be weakened: $what", async ({ next, lost }) => {
    const { ports } = await watch(worldOf());
    await adoptPolicy(ports, inMode("enforce", 4, 8));
    await adoptPolicy(ports, inMode("enforce", 5, 9));
    const refused = { kind: "weaker", inForce: 2, lost, acknowledged: false };
    expect(await adoptPolicy(ports, next)).toEqual(refused);
    expect(await adoptPolicy(ports, next, { allowWeaker: 1 })).toEqual(refused);
    expect((await ports.state.readControl()).policyVersion).toBe(2);
    expect(await adoptPolicy(ports, next, { allowWeaker: 2 })).toEqual({ kind: "adopted", version: 3 });
  });

  it("may raise a limit, and go from observe to enforce", async () => {
    const { ports } = await watch(worldOf());
    await adoptPolicy(ports, inMode("observe", 5));
    expect(await adoptPolicy(ports, inMode("observe", 50))).toEqual({ kind: "adopted", version: 2 });
    expect(await adoptPolicy(ports, inMode("enforce", 50))).toEqual({ kind: "adopted", version: 3 });
  });
});
