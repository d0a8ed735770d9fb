import { describe, expect, it } from "vitest";
import { linesOf, partIn } from "../../../src/watchdog/audit/checkpoint.ts";
import { emptyMemory } from "../../../src/watchdog/model/ports.ts";
import { at, DAY, HOUR, MINUTE } from "../../support/builders.ts";
import { checkpointed } from "./checkpointed.ts";

describe("the audit's checkpoint", () => {
  it("names where each chain stands that has grown, in the log, and binds it into the control chain", async () => {
    const audit = await checkpointed();
    await audit.append("run1", "a", 10);
    await audit.append("run1", "b", 20);
    audit.goTo(10 * MINUTE);
    expect(await audit.tick()).toBeUndefined();
    const [line] = audit.logged.map(({ text }) => partIn(text));
    const heads = await audit.ports.audit.readHead("run#run1");
    expect(line).toMatchObject({ account: "acme", number: 1, to: at(5 * MINUTE).toISOString() });
    expect([...(line?.heads ?? [])].map(([chain]) => chain)).toEqual(["control", "run#run1"]);
    expect(line?.heads.get("run#run1")).toEqual(heads);
    expect(await audit.made()).toMatchObject([
      { by: "watchdog", change: { number: 1, chains: 2, digest: line?.digest } },
    ]);
  });

  it("is made once a day, whatever ticks and processes there are", async () => {
    const audit = await checkpointed();
    for (let minute = 10; minute < 3 * 24 * 60; minute += 30) {
      audit.goTo(minute * MINUTE);
      if (minute % 120 === 10) audit.ports.memory = emptyMemory();
      await audit.tick();
    }
    expect((await audit.made()).map(({ change }) => change.number)).toEqual([1, 2, 3]);
    const [first, second, third] = audit.logged.map(({ text }) => partIn(text));
    expect(second?.from).toBe(first?.to);
    expect(third?.previous).toBe(second?.digest);
  });

  it("names a chain again only when it has grown", async () => {
    const audit = await checkpointed();
    await audit.append("run1", "a", 10);
    for (const day of [0, 1, 2]) {
      audit.goTo(day * DAY + 2 * HOUR);
      await audit.tick();
    }
    const named = audit.logged.map(({ text }) => [...(partIn(text)?.heads.keys() ?? [])]);
    expect(named).toEqual([["control", "run#run1"], ["control"], ["control"]]);
  });

  it("goes on at the next tick where there is more than one checkpoint can read", async () => {
    const audit = await checkpointed();
    for (let i = 1; i <= 9; i++) await audit.append(`run${i}`, `entry${i}`, i * MINUTE);
    audit.goTo(DAY);
    for (let tick = 0; tick < 5; tick++) await audit.tick(4);
    const chains = audit.logged.map(({ text }) => partIn(text)?.heads.size);
    expect(chains).toHaveLength(3);
    const named = new Set(audit.logged.flatMap(({ text }) => [...(partIn(text)?.heads.keys() ?? [])]));
    expect(named.size).toBe(10);
    expect(await audit.findings()).toEqual([]);
  });

  it("is tried again an hour after it failed, or by the next process, and rings after two days without one", async () => {
    const audit = await checkpointed();
    audit.fail(new Error("access denied"));
    audit.goTo(10 * MINUTE);
    expect(await audit.tick()).toBeUndefined();
    await audit.tick();
    expect(audit.warnings).toHaveLength(1);
    audit.goTo(71 * MINUTE);
    await audit.tick();
    expect(audit.warnings).toHaveLength(2);
    audit.goTo(2 * DAY + HOUR);
    const overdue = await audit.tick();
    expect(overdue).toMatch(/^the audit has had no checkpoint since 2026-11-24T11:59.*access denied/);
    expect(await audit.tick()).toBe(overdue);
    audit.fail(undefined);
    audit.ports.memory = emptyMemory();
    expect(await audit.tick()).toBeUndefined();
    expect(await audit.made()).toHaveLength(1);
  });

  it("is one, where two ticks make it at once", async () => {
    const audit = await checkpointed();
    audit.goTo(10 * MINUTE);
    await Promise.all([audit.tick(), audit.tick()]);
    expect(await audit.made()).toHaveLength(1);
    expect(await audit.findings()).toEqual([]);
  });

  it("is several lines where it names many chains, and each of them is far smaller than a log takes", () => {
    const heads = new Map(
      Array.from({ length: 2_500 }, (_, i) => [`run#${i}`, { sequence: 1, hash: "0".repeat(64) }] as const),
    );
    const facts = { number: 1, from: "", to: "", previous: "" };
    const lines = linesOf("acme", facts, heads);
    expect(lines.map((line) => partIn(line)?.heads.size)).toEqual([1_000, 1_000, 500]);
    for (const line of lines) expect(line.length).toBeLessThan(200_000);
  });
});
