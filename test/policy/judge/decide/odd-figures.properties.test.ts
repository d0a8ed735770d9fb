import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DecideInput, decide, type Exemption } from "../../../../src/policy/index.ts";
import { at } from "../../../support/builders.ts";
import { inputs, mixedInputs, plainInputs } from "../../arbitraries/inputs.ts";
import { RUNS } from "../../arbitraries/odds.ts";
import { called, condemned, expectSubset, roomy } from "./stopped-by.ts";

/** Where a value has figures, texts and dates, by path. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null || value instanceof Date) return [path];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, [...path, key]));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** A copy with another value at one place, or none. */
function changed<T>(value: T, path: readonly string[], to: unknown): T {
  const copy = structuredClone(value);
  const parent = valueAt(copy, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof parent !== "object" || parent === null || key === undefined) return copy;
  if (to === undefined) Reflect.deleteProperty(parent, key);
  else Reflect.set(parent, key, to);
  return copy;
}

const NO_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const ODD_NUMBERS = [0, -0, -1, -1e308, Number.MIN_VALUE, 1e308, Number.MAX_SAFE_INTEGER + 2, 0.1, null];
const ODD_TEXTS = ["", " ", "*", "constructor", "__proto__", "x".repeat(10_000)];
const ODD_DATES = [new Date(Number.NaN), new Date(0), new Date(8.64e15), new Date(-8.64e15), at(1e9)];

function oddsOf(value: unknown): readonly unknown[] {
  if (typeof value === "number") return [...NO_NUMBERS, ...ODD_NUMBERS];
  if (typeof value === "string") return ODD_TEXTS;
  return value instanceof Date ? ODD_DATES : [];
}

describe("whatever stands in a field", () => {
  /** One field of the observations or of the control state, and something odd in its place. */
  const spoilt = mixedInputs.chain((input) => {
    const of = { observations: input.observations, control: input.control };
    const places = leaves(of).filter((path) => oddsOf(valueAt(of, path)).length > 0);
    if (places.length === 0) return fc.constant({ input, of, path: [] as readonly string[] });
    return fc
      .constantFrom(...places)
      .chain((path) =>
        fc
          .constantFrom(...oddsOf(valueAt(of, path)))
          .map((odd) => ({ input, of: changed(of, path, odd), path })),
      );
  });

  it("decide() throws nothing, and rests every decision on finite figures", () => {
    fc.assert(
      fc.property(spoilt, ({ input, of }) => {
        const { decisions } = decide({ ...input, ...of });
        for (const { evidence } of decisions) {
          const figures = [evidence.measured, evidence.limit, ...Object.values(evidence.facts ?? {})];
          expect(figures.every((each) => Number.isFinite(each))).toBe(true);
        }
      }),
      { numRuns: 3 * RUNS.numRuns },
    );
  });

  /** Every figure of the run in turn; of those that belong together, one without the other is no run. */
  const figuresOf = ({ observations }: DecideInput, needed: readonly string[]) =>
    leaves(observations).filter(
      (path) => typeof valueAt(observations, path) === "number" && !needed.includes(path.at(-1) ?? ""),
    );

  it("no figure that is no number stops a run that would go on without it", () => {
    fc.assert(
      fc.property(plainInputs, (input) => {
        const before = condemned(input);
        for (const path of figuresOf(input, ["number"]))
          for (const odd of NO_NUMBERS) {
            const observations = changed(input.observations, path, odd);
            expectSubset(condemned({ ...input, observations }), before);
          }
      }),
      { numRuns: 3 * RUNS.numRuns },
    );
  });

  it("a figure that is missing is not 0: taking one away stops no run that went on with it", () => {
    fc.assert(
      fc.property(plainInputs, (input) => {
        const before = condemned(input);
        for (const path of figuresOf(input, ["number", "overSecs", "median", "runs"])) {
          const observations = changed(input.observations, path, undefined);
          expectSubset(condemned({ ...input, observations }), before);
        }
      }),
      { numRuns: 3 * RUNS.numRuns },
    );
  });

  it("an end of an exemption or a pause that is no date, and a ceiling that is no number, protect", () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...NO_NUMBERS), (input, none) => {
        const never = new Date(Number.NaN);
        const { pause, exemptions: granted } = input.control;
        const of = roomy(input);
        const paused = {
          ...of.control,
          pause: { since: at(-1), by: "ada", reason: "x", ...pause, until: never },
        };
        expect(called({ ...of, control: paused })).toEqual([]);
        const ceilingMicroUsd = Number.isNaN(none) ? none : Number.POSITIVE_INFINITY;
        const spoiltEnds = granted.map(
          (each): Exemption => (each.kind === "valid" ? { ...each, until: never, ceilingMicroUsd } : each),
        );
        expectSubset(called({ ...of, control: { ...of.control, exemptions: spoiltEnds } }), called(of));
      }),
      RUNS,
    );
  });
});
