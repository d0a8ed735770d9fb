import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PolicyError } from "../../../src/policy/language/errors.ts";
import { parsePolicy, parseStoredPolicy } from "../../../src/policy/language/parse.ts";
import { usd } from "../../support/builders.ts";
import { document, rule, withRule } from "../documents.ts";

describe("parsePolicy()", () => {
  it("does not take an empty list for a selector of every run", () => {
    expect(() => parsePolicy(withRule({ for: [] }))).toThrow(PolicyError);
  });

  it("fills in every default", () => {
    expect(parsePolicy(document())).toEqual({
      version: 1,
      mode: "observe",
      timeZone: "UTC",
      escalation: { forceAfterSecs: 60, alarmAfterSecs: 300 },
      guards: {
        maxAborts: { perTick: 10, perHour: 30, percentOfLive: 50 },
        maxHolds: 10,
        loop: { stops: 3, withinSecs: 3600, do: "notify" },
        staleAfterSecs: 600,
      },
      rules: [
        {
          id: "r1",
          limit: { metric: "usageTotalUsd", value: usd(5) },
          steps: [{ at: 100, do: "abort" }],
        },
      ],
    });
  });

  it("keeps what is given beside the defaults", () => {
    const parsed = parsePolicy(
      document({
        mode: "enforce",
        escalation: { alarmAfter: "10m" },
        guards: { maxAborts: { perHour: 3 } },
        rules: [
          rule({ mode: "observe", for: { origins: ["SCHEDULER"], except: { actors: ["acme/nightly-*"] } } }),
        ],
      }),
    );
    expect(parsed).toMatchObject({
      mode: "enforce",
      escalation: { forceAfterSecs: 60, alarmAfterSecs: 600 },
      guards: { maxAborts: { perTick: 10, perHour: 3, percentOfLive: 50 } },
      rules: [{ mode: "observe", for: { origins: ["SCHEDULER"], except: { actors: ["acme/nightly-*"] } } }],
    });
  });

  it("reads when a source is a loop, each part by itself", () => {
    const loopOf = (loop: object) => parsePolicy(document({ guards: { loop } })).guards.loop;
    expect(loopOf({ stops: 5 })).toEqual({ stops: 5, withinSecs: 3600, do: "notify" });
    expect(loopOf({ within: "10m", do: "notify" })).toEqual({ stops: 3, withinSecs: 600, do: "notify" });
  });

  it("reads a guard of 0 as none, not as no guard", () => {
    const maxAborts = { perTick: 0, perHour: 0, percentOfLive: 0 };
    expect(parsePolicy(document({ guards: { maxAborts } })).guards.maxAborts).toEqual(maxAborts);
  });

  it("reads percentOfLive with its sign and without", () => {
    const percentOf = (percentOfLive: unknown) =>
      parsePolicy(document({ guards: { maxAborts: { percentOfLive } } })).guards.maxAborts.percentOfLive;
    expect([percentOf(25), percentOf("25%")]).toEqual([25, 25]);
  });

  it("takes an alarm at the very moment of the forced abort", () => {
    expect(parsePolicy(document({ escalation: { forceAfter: "2m", alarmAfter: "2m" } })).escalation).toEqual({
      forceAfterSecs: 120,
      alarmAfterSecs: 120,
    });
  });

  it.each([
    [{ usageTotalUsd: "$5.50" }, { metric: "usageTotalUsd", value: usd(5.5) }],
    [{ usageTotalUsd: 1_000_000 }, { metric: "usageTotalUsd", value: usd(1_000_000) }],
    [{ runTime: "1d12h" }, { metric: "runTime", value: 129_600 }],
    [{ queueTime: "10m" }, { metric: "queueTime", value: 600 }],
    [{ "stats.netRxBytes": "20GB" }, { metric: "stats.netRxBytes", value: 20_000_000_000 }],
    [{ "stats.netRxBytes": 1024 }, { metric: "stats.netRxBytes", value: 1024 }],
    [{ "stats.cpuAvgUsage": 99.5 }, { metric: "stats.cpuAvgUsage", value: 99.5 }],
  ])("reads the limit %j in its unit", (limit, parsed) => {
    expect(parsePolicy(withRule({ limit })).rules[0]?.limit).toEqual(parsed);
  });

  it("goes on reading what was pushed before it was refused", () => {
    const written = document({ guards: { maxAborts: { perTick: 5000, perHour: 50_000 } } });
    expect(parseStoredPolicy(written).guards.maxAborts).toMatchObject({ perTick: 5000, perHour: 50_000 });
    expect(() => parseStoredPolicy(document({ version: 2 }))).toThrow(PolicyError);
  });

  it("throws nothing but PolicyError, whatever JSON it is given", () => {
    const key = fc.constantFrom(
      "version",
      "mode",
      "rules",
      "guards",
      "maxAborts",
      "id",
      "limit",
      "steps",
      "for",
      "at",
      "do",
      "__proto__",
      "constructor",
    );
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 0, -1, 1, 1e308, "", "100%", "abort", "6h", "enforce"),
        fc.array(tie("json"), { maxLength: 3 }),
        fc.dictionary(fc.oneof(key, fc.string({ maxLength: 3 })), tie("json"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          json,
          fc.jsonValue(),
          json.map((rules) => document({ rules })),
        ),
        (any) => {
          try {
            parsePolicy(any);
          } catch (error) {
            expect(error).toBeInstanceOf(PolicyError);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("refuses or keeps, but never drops, a part of a document that is spoiled in one place", () => {
    const good = document({
      mode: "enforce",
      escalation: { forceAfter: "60s", alarmAfter: "5m" },
      guards: { maxAborts: { perTick: 10, perHour: 30, percentOfLive: 50 } },
      rules: [rule({ for: { actors: ["acme/shop"], except: { origins: ["API"] } } })],
    });
    const places = placesOf(good);
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.constantFrom<unknown>(null, true, {}, [[]], "%", -1, Number.NaN, ""),
        (place, spoil) => {
          expect(() => parsePolicy(spoiled(good, place, spoil))).toThrow(PolicyError);
        },
      ),
    );
  });
});

type Place = readonly (string | number)[];

/** Where every leaf of a document is. */
function placesOf(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value !== "object" || value === null) return [at];
  return Object.entries(value).flatMap(([key, each]) => placesOf(each, [...at, key]));
}

function spoiled(document: unknown, place: Place, value: unknown): unknown {
  const copy = structuredClone(document);
  const parent = place
    .slice(0, -1)
    .reduce((each, key) => (each as Record<string | number, unknown>)[key], copy);
  (parent as Record<string | number, unknown>)[place.at(-1) ?? ""] = value;
  return copy;
}
