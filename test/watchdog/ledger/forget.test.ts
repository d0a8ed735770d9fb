import { describe, expect, it } from "vitest";
import { forget } from "../../../src/watchdog/ledger/record.ts";
import type { LiveRun } from "../../../src/watchdog/model/live.ts";
import { remember } from "../../../src/watchdog/observe/remember.ts";
import { at, HOUR, MINUTE, NOON, run, usd } from "../../support/builders.ts";

/** An ended run that is recorded and to be read again so much later. */
function awaited(id: string, costUsd: number, againInSecs: number): LiveRun {
  const startedAt = at(-HOUR);
  const ended = {
    id,
    status: "SUCCEEDED",
    startedAt,
    finishedAt: at(-MINUTE),
    usageTotalMicroUsd: usd(costUsd),
  };
  const live = remember(undefined, { run: run(ended), observedAt: NOON, source: "detail" });
  return {
    ...live,
    recorded: { status: "SUCCEEDED", life: live.life.number, settled: true, version: 1 },
    resting: { at: NOON, final: true, againAt: at(againInSecs) },
  };
}

describe("ended runs that are to be read again", () => {
  it("are kept to three hundred: what is due within a quarter of an hour, and then the most expensive", () => {
    const day = Array.from({ length: 400 }, (_, i) => awaited(`day-${i}`, i, 24 * HOUR));
    const soon = Array.from({ length: 10 }, (_, i) => awaited(`soon-${i}`, 0, 10 * MINUTE));
    const live = new Map([...day, ...soon].map((each) => [each.run.id, each]));
    const skipped = new Map<string, number>();
    const ports = { clock: { now: () => NOON } } as Parameters<typeof forget>[0]["ports"];
    forget({ attention: new Map(), live, ports, skipped }, NOON);
    expect(live.size).toBe(300);
    expect([...live.keys()].filter((id) => id.startsWith("soon-"))).toHaveLength(10);
    expect(live.has("day-399")).toBe(true);
    expect(live.has("day-110")).toBe(true);
    expect(live.has("day-109")).toBe(false);
    expect(skipped.get("ended run not read again after a day")).toBe(110);
  });
});
