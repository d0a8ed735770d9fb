import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { formatProblem, PolicyError } from "../../../src/policy/language/errors.ts";
import { policyJsonSchema } from "../../../src/policy/language/json-schema.ts";
import { parsePolicy } from "../../../src/policy/language/parse.ts";
import { KNOWN_KEYS, LIMITS } from "../../../src/policy/limits/registry.ts";
import { document, documents, rule, withBudget, withRule } from "../documents.ts";

const textOf = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");

/** A key may be offered and stand for a family, too; a condition on a rule need not say again that a rule is an object. */
const ajv = new Ajv2020({ strictTypes: false, allowMatchingProperties: true, allErrors: true });
const validate = ajv.compile(policyJsonSchema());

/** What an editor would underline. */
const underlined = (written: unknown): readonly string[] =>
  validate(written)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

/** What the parser says against it. */
function problemsOf(written: unknown): readonly string[] {
  try {
    parsePolicy(written);
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return error.problems.map(formatProblem);
    throw error;
  }
}

/** What JSON Schema can't say: what hangs on another place, on the list of zones, on the length of a span in text. */
const UNSAYABLE: readonly { readonly what: string; readonly problem: RegExp; readonly such: unknown }[] = [
  {
    what: "that ids differ",
    problem: /wanted an id that no other rule has$/,
    such: document({ rules: [rule(), rule()] }),
  },
  {
    what: "that shares ascend",
    problem: /wanted steps in ascending order, each share once$/,
    such: withRule({
      steps: [
        { at: "100%", do: "abort" },
        { at: "80%", do: "notify" },
      ],
    }),
  },
  {
    what: "that a share stands once",
    problem: /a second one at a share must differ in basis, or be the notice or the hold to an abort$/,
    such: withRule({
      steps: [
        { at: "100%", do: "abort" },
        { at: "100%", do: "abort-now" },
      ],
    }),
  },
  {
    what: "which time zones there are",
    problem: /got ".*, wanted a time zone as IANA names it/s,
    such: document({ timeZone: "Mars/Olympus" }),
  },
  {
    what: "that a span is at least 30 seconds",
    problem: /^escalation\.(forceAfter|alarmAfter): got ".*, wanted a duration of at least 30s/s,
    such: document({ escalation: { forceAfter: "29s" } }),
  },
  {
    what: "that a span is at least 2 minutes",
    problem: /^guards\.staleAfter: got ".*, wanted a duration of at least 2m/s,
    such: document({ guards: { staleAfter: "119s" } }),
  },
  {
    what: "that a span is at most an hour",
    problem: /^guards\.loop\.within: got ".*, wanted a duration from 1m to 1h/s,
    such: document({ guards: { loop: { within: "61m" } } }),
  },
  {
    what: "that the alarm is not before the forced abort",
    problem: /^escalation\.alarmAfter: got .*, wanted at least forceAfter/,
    such: document({ escalation: { forceAfter: "3m", alarmAfter: "2m" } }),
  },
];

/** The two agree, but for what can't be said. */
function expectAgreement(written: unknown): void {
  const problems = problemsOf(written);
  const marks = underlined(written);
  if (problems.length === 0) expect(marks, JSON.stringify(written)).toEqual([]);
  else if (marks.length === 0) {
    const unexcused = problems.filter((each) => !UNSAYABLE.some(({ problem }) => problem.test(each)));
    expect(unexcused, JSON.stringify(written)).toEqual([]);
  }
}

type Place = readonly (string | number)[];
type Container = Record<string | number, unknown>;

/** Where everything in a document is, objects and lists included. */
function placesOf(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, each]) => placesOf(each, [...at, key]))];
}

const valueAt = (written: unknown, place: Place): unknown =>
  place.reduce<unknown>((each, key) => (each as Container)[key], written);

function withValue(written: unknown, place: Place, value: unknown): unknown {
  if (place.length === 0) return value;
  const copy = structuredClone(written);
  (valueAt(copy, place.slice(0, -1)) as Container)[place.at(-1) ?? ""] = value;
  return copy;
}

function without(written: unknown, place: Place): unknown {
  const copy = structuredClone(written);
  const parent = valueAt(copy, place.slice(0, -1)) as Container;
  if (Array.isArray(parent)) parent.splice(Number(place.at(-1)), 1);
  else delete parent[place.at(-1) ?? ""];
  return copy;
}

/** Every key that the schema names, wherever, with its description. What a condition looks at needs none. */
function described(node: unknown): readonly (readonly [string, unknown])[] {
  if (typeof node !== "object" || node === null) return [];
  const { if: _if, else: _else, ...rest } = node as Container;
  const named = Object.entries({ ...(rest.properties ?? {}), ...(rest.patternProperties ?? {}) });
  return [
    ...named.map(([name, each]) => [name, (each as Container).description] as const),
    ...Object.values(rest).flatMap(described),
  ];
}

const junk = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, {}, [], [[]], "", " ", "0", "-1", "NaN", ".nan", "∞", "5 EUR"),
  fc.constantFrom<unknown>(0, -0, -1, 0.5, 1, 1e-7, 1001, 1_000_000.0000001, 1_000_001, 2 ** 53, 1e308),
  fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, "9".repeat(400), `${"9".repeat(400)}h`),
  fc.constantFrom<unknown>(
    "0%",
    "101%",
    "1001%",
    "1000.000000001%",
    "100",
    "0h",
    "0GB",
    "1h1h",
    "6H",
    "5m1h",
  ),
  fc.constantFrom<unknown>(
    "$0",
    "0.0000009",
    "1000000.000001",
    "1e3",
    "24:00-25:00",
    "22:00-22:00",
    "mon-fry",
  ),
);

const key = fc.constantFrom(
  "",
  "x",
  "mode",
  "toString",
  "__proto__",
  "stats.netRxBytes",
  "usage.PROXY_SERP",
  "id",
);

/** A letter more, less or other somewhere. */
const slip = (text: string) =>
  fc
    .record({
      at: fc.nat(text.length),
      drop: fc.nat(1),
      add: fc.constantFrom("", ..."0159-. %$<=*/~xhmGBi\n\u00a0🦊"),
    })
    .map(({ at, drop, add }) => text.slice(0, at) + add + text.slice(at + drop));

/** Nothing of it, or too much. */
const digits = (text: string) =>
  fc.constantFrom("0", "9", "99", "999999").map((digit) => text.replace(/\d/g, digit));

/** The same document, spoilt in one place. */
const spoilt = documents.chain((good) =>
  fc.constantFrom(...placesOf(good)).chain((place) => {
    const value = valueAt(good, place);
    const put = (other: fc.Arbitrary<unknown>) => other.map((each) => withValue(good, place, each));
    return fc.oneof(
      put(junk),
      ...(place.length > 0 ? [fc.constant(without(good, place))] : []),
      ...(typeof value === "string" ? [put(slip(value)), put(slip(value)), put(digits(value))] : []),
      ...(typeof value === "number"
        ? [put(fc.constantFrom<unknown>(String(value), -value, value * 1e9))]
        : []),
      ...(Array.isArray(value)
        ? [put(fc.constant([...value, ...value])), put(fc.constant(value.toReversed()))]
        : []),
      ...(typeof value === "object" && !Array.isArray(value)
        ? [put(fc.tuple(key, junk).map(([name, each]) => ({ ...value, [name]: each })))]
        : []),
    );
  }),
);

describe("policy.schema.json", () => {
  it("is what the policy language says: run `npm run schema` after a change", () => {
    const inStep = textOf("policy.schema.json") === `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
    expect(inStep, "policy.schema.json is out of step with src/policy: run `npm run schema`").toBe(true);
  });

  it("is named by policy.yaml, for editors", () => {
    expect(textOf("policy.yaml").split("\n")[0]).toBe("# yaml-language-server: $schema=policy.schema.json");
  });

  it("accepts policy.yaml", () => {
    expect(underlined(parse(textOf("policy.yaml")))).toEqual([]);
  });

  it("names no host but JSON Schema's own", () => {
    const hosts = textOf("policy.schema.json").match(/https?:\/\/[^/"]+/g);
    expect(hosts).toEqual(["https://json-schema.org"]);
  });

  it("describes every key", () => {
    const descriptions = described(policyJsonSchema());
    expect(descriptions.length).toBeGreaterThan(60);
    for (const [name, description] of descriptions) expect(description, name).toMatch(/^\w.{8,}\.$/);
  });

  it("offers every limit, every service and the stats that are known", () => {
    const text = textOf("policy.schema.json");
    for (const name of [...KNOWN_KEYS, "usage.PROXY_SERPS", "usageUsd.DATASET_WRITES", "stats.netRxBytes"])
      expect(text).toContain(`"${name}": {`);
    for (const { about } of LIMITS) expect(text).toContain(about);
  });
});

describe("the JSON Schema and the parser", () => {
  it("both accept whatever is well written", () => {
    fc.assert(
      fc.property(documents, (good) => {
        expect(problemsOf(good), JSON.stringify(good)).toEqual([]);
        expect(underlined(good), JSON.stringify(good)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("agree on what is spoilt in one place, but for what JSON Schema can't say", () => {
    fc.assert(fc.property(spoilt, expectAgreement), { numRuns: 1500 });
  });

  it.each(UNSAYABLE)("differ in this, which only the parser tells: $what", ({ problem, such }) => {
    expect(problemsOf(such)).toEqual([expect.stringMatching(problem)]);
    expect(underlined(such)).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["grace for a run on its way out", withRule({ limit: { abortingTime: "5m" } })],
    [
      "an estimate of a time",
      withRule({ limit: { runTime: "5m" }, steps: [{ at: "100%", do: "abort", basis: "estimate" }] }),
    ],
    ["a schedule of no time", withRule({ schedule: { timeZone: "UTC" } })],
    ["a size for a count that nobody knows", withRule({ limit: { "stats.aFieldOfTomorrow": "5MB" } })],
    ["a rule without limit and budget", withRule({ limit: undefined })],
    ["a rule with both", withRule({ budget: { usd: 5, per: "day" } })],
    ["a budget by build", withBudget({ for: { builds: ["latest"] } })],
    ["a budget but for some memory", withBudget({ for: { except: { memory: ["4GB"] } } })],
    ["an estimate of a budget", withBudget({ steps: [{ at: "100%", do: "abort", basis: "estimate" }] })],
    ["a projection of a limit", withRule({ steps: [{ at: "100%", do: "abort", basis: "projected" }] })],
    ["a service in small letters", withRule({ limit: { "usage.proxy_serps": 5 } })],
  ])("both refuse %s", (_what, written) => {
    expect(problemsOf(written)).toHaveLength(1);
    expect(underlined(written)).not.toEqual([]);
  });
});
