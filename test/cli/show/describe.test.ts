import { describe, expect, it } from "vitest";
import { entryLine } from "../../../cli/lines/lines.ts";
import { describeEntry, formatMeasure } from "../../../src/watchdog/audit/describe.ts";
import { ENTRY_KINDS, type Entry } from "../../../src/watchdog/model/entry.ts";

const entry = (overrides: Partial<Entry>): Entry => ({
  entryId: "e",
  kind: "abort.intended",
  at: "2026-09-01T08:00:00.000Z",
  account: "default",
  chain: "run#r",
  sequence: 1,
  previous: "0",
  subject: { kind: "run", runId: "r1", life: 0 },
  runId: "r1",
  actorId: "a1",
  ruleId: "no-run-over-5-usd",
  step: { at: 100, do: "abort" },
  by: "watchdog",
  evidence: {
    metric: "usageTotalUsd",
    measured: 7.1,
    limit: 5,
    unit: "USD",
    observedAt: "2026-09-01T08:00:00.000Z",
    source: "detail",
    basis: "actual",
  },
  run: { status: "ABORTED", startedAt: "2026-09-01T07:00:00.000Z", origin: "API" },
  ...overrides,
});

describe("describeEntry()", () => {
  it.each<[Partial<Entry>, string, string]>([
    [{ kind: "abort.intended" }, "STOPPING", "cost $7.10 of $5.00 (no-run-over-5-usd)"],
    [{ kind: "step.notified", step: { at: 80, do: "notify" } }, "NOTICE", "has passed 80%"],
    [{ kind: "abort.observed" }, "WOULD STOP", "the rule is only observed"],
    [{ kind: "abort.held", guard: "pause" }, "HELD", "the watchdog is paused"],
    [{ kind: "abort.requested", gracefully: true, response: "ABORTING" }, "ASKED", "Apify answered ABORTING"],
    [{ kind: "abort.failed", response: "400 invalid-request" }, "FAILED", "400 invalid-request"],
    [
      { kind: "abort.confirmed", finalUsageTotalUsd: 7.2, overshootUsd: 2.2 },
      "STOPPED",
      "ABORTED at $7.20, $2.20 over",
    ],
    [
      { kind: "abort.confirmed", finalUsageTotalUsd: 5, overshootUsd: 0.004012 },
      "STOPPED",
      "$5.00, less than a cent over the limit",
    ],
    [{ kind: "abort.confirmed" }, "STOPPED", "an unknown cost"],
    [{ kind: "abort.withdrawn", reason: "pause now protects the run" }, "NOT STOPPED", "nothing was called"],
  ])("says %j in one line", (overrides, word, text) => {
    const said = describeEntry(entry(overrides));
    expect(said.word).toBe(word);
    expect(said.text).toContain(text);
  });

  it.each(ENTRY_KINDS)("has words for %s, and never an undefined in them", (kind) => {
    const { word, text } = describeEntry(entry({ kind, guard: "perHour", reason: "why", response: "lost" }));
    expect(`${word} ${text}`).not.toContain("undefined");
  });

  it("names the guard of every held run in words", () => {
    for (const guard of ["exemption", "pause", "perTick", "perHour", "percentOfLive"]) {
      expect(describeEntry(entry({ kind: "abort.held", guard })).text).not.toMatch(new RegExp(`^${guard}:`));
    }
  });
});

describe("formatMeasure()", () => {
  it.each([
    ["USD", 7.1, "$7.10"],
    ["USD", 0.00005, "$0.00005"],
    ["secs", 22_320, "6h 12m"],
    ["bytes", 21.5e9, "21.5 GB"],
    ["count", 5, "5"],
  ])("writes %s %d as %s", (unit, value, text) => {
    expect(formatMeasure(unit, value)).toBe(text);
  });
});

describe("entryLine()", () => {
  it("begins with the time and the word, then the Actor and the run", () => {
    expect(entryLine(entry({}), "acme/shop")).toBe(
      "08:00  STOPPING    acme/shop r1  cost $7.10 of $5.00 (no-run-over-5-usd)",
    );
  });
});
