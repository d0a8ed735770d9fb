import { describe, expect, it } from "vitest";
import { Savings } from "../../../cli/lines/savings.ts";
import type { Entry } from "../../../src/watchdog/model/entry.ts";
import { at, liveRun, NOON, usd } from "../../support/builders.ts";

const entry = (kind: string, more: Partial<Entry> = {}) =>
  ({ kind, runId: "run1", at: NOON.toISOString(), ...more }) as Entry;
const burning = liveRun({
  burn: [
    { at: at(-2400), usageMicroUsd: 0 },
    { at: at(-1800), usageMicroUsd: usd(2) },
    { at: NOON, usageMicroUsd: usd(8) },
  ],
});
const ended = {
  status: "ABORTED",
  startedAt: at(-3600).toISOString(),
  origin: "API",
  finishedAt: NOON.toISOString(),
};

describe("Savings", () => {
  it("is the burn rate at the stop times the time since its end", () => {
    const savings = new Savings();
    savings.note(entry("abort.intended"), burning);
    savings.note(entry("abort.confirmed", { run: ended }), undefined);
    expect(savings.microUsd(at(1800))).toBe(usd(6));
  });

  it("counts no run for longer than it had run, for it might have ended by itself", () => {
    const savings = new Savings();
    savings.note(entry("abort.intended"), burning);
    savings.note(entry("abort.confirmed", { run: ended }), undefined);
    expect(savings.microUsd(at(19 * 3600))).toBe(usd(12));
  });

  it("counts nothing before a stop is confirmed, nor for one that ended otherwise", () => {
    const savings = new Savings();
    savings.note(entry("abort.intended"), burning);
    savings.note(entry("abort.moot"), undefined);
    expect(savings.microUsd(at(3600))).toBe(0);
  });

  it("counts nothing for a run whose rate is not known", () => {
    const savings = new Savings();
    savings.note(entry("abort.confirmed", { run: ended }), undefined);
    expect(savings.microUsd(at(3600))).toBe(0);
  });
});
