import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchSelector } from "../../../src/policy/judge/selector.ts";
import { exceptsAll, selectsAll } from "../../../src/policy/language/excepts-all.ts";
import { observation, run } from "../../support/builders.ts";

const some = <T>(...items: readonly T[]) =>
  fc.array(fc.constantFrom(...items), { minLength: 1, maxLength: 2 });
const named = some("a1", "A1", "*", "acme/*", "acme/shop", "acme~sh*", "Acme/shop*", "*/*", "*/shop");
const criteria = fc.record({
  actors: named,
  tasks: named,
  origins: some("API", "STANDBY"),
  builds: some("latest", "*", "0.*", "0.1.*", "0.1.2"),
  memory: some({ op: "=", mbytes: 4096 } as const, { op: ">=", mbytes: 4096 } as const),
  pricingModels: some("FREE", "NONE"),
});
const keys = fc.constantFrom("actors", "tasks", "origins", "builds", "memory", "pricingModels" as const);
/** Few keys at a time, or hardly any run would match. */
const selectors = fc
  .record({ all: fc.tuple(criteria, criteria), wanted: fc.array(keys, { maxLength: 2 }), excepted: keys })
  .map(({ all: [wide, narrow], wanted, excepted }) => ({
    ...Object.fromEntries(wanted.map((key) => [key, wide[key]])),
    except: { [excepted]: narrow[excepted] },
  }));

const maybe = <T>(...items: readonly T[]) => fc.option(fc.constantFrom(...items), { nil: undefined });
const observations = fc
  .record({
    name: maybe("acme/shop", "acme/shop-x", "other/shop"),
    taskName: maybe("acme/shop", "acme/x"),
    task: maybe("a1", "a2"),
    origin: fc.constantFrom("API", "STANDBY"),
    build: maybe("latest", "beta"),
    memory: maybe(4096, 8192),
    model: maybe("FREE", "NONE"),
  })
  .map(({ name, taskName, task, origin, build, memory, model }) =>
    observation({
      run: run({
        actorId: "a1",
        origin,
        ...(task && { actorTaskId: task }),
        settings: {
          ...(build && { build, buildNumber: "0.1.2" }),
          ...(memory && { memoryMbytes: memory }),
          ...(model && { pricingModel: model }),
        },
      }),
      ...(name && { actorName: name }),
      ...(taskName && { taskName }),
    }),
  );

describe("selectsAll()", () => {
  it("never says so of a selector that leaves out a run that the other selects", () => {
    let said = 0;
    fc.assert(
      fc.property(selectors, selectors, observations, ({ except: _wide, ...wide }, narrow, seen) => {
        if (!selectsAll(wide, narrow)) return;
        said += 1;
        if (matchSelector(narrow, seen).kind === "match")
          expect(matchSelector(wide, seen).kind).toBe("match");
      }),
      { numRuns: 5000 },
    );
    expect(said).toBeGreaterThan(50);
  });
});

describe("exceptsAll()", () => {
  it("never says so of a selector that matches a run", () => {
    let said = 0;
    fc.assert(
      fc.property(selectors, observations, (selector, seen) => {
        const excepting = exceptsAll(selector);
        if (excepting) said++;
        if (matchSelector(selector, seen).kind === "match") expect(excepting).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
    expect(said).toBeGreaterThan(100);
  });
});
