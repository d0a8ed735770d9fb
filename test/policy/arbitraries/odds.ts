import fc from "fast-check";

/** How often to try a property on what `decide` gets; fewer where many mutants are tried. */
export const RUNS = { numRuns: Number(process.env.FC_RUNS ?? 250) };

export const runIds = ["r1", "r2", "r3", "r4", "r5", "r6"] as const;
export const ruleIds = ["rule1", "rule2", "rule3", "rule4", "rule5"] as const;
export const actorIds = ["actor1", "actor2"] as const;

/** Mostly there: most runs must have something to be judged by. */
export const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 6 });
export const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
export const defined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
