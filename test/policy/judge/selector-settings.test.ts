import { describe, expect, it } from "vitest";
import type { Observation, RunSettings, Selector } from "../../../src/policy/index.ts";
import { matchSelector } from "../../../src/policy/judge/selector.ts";
import type { MemoryRange } from "../../../src/policy/values/memory.ts";

import { observation, run } from "../../support/builders.ts";
import { from, matchOf, unnamed } from "./selecting.ts";

describe("matchSelector() by settings", () => {
  const set = (settings?: RunSettings): Observation =>
    observation({ run: run(settings ? { settings } : {}) });

  it.each<[readonly string[], RunSettings | undefined, string]>([
    [["latest"], { build: "latest", buildNumber: "0.1.7" }, "match"],
    [["0.1.*"], { build: "latest", buildNumber: "0.1.7" }, "match"],
    [["beta", "0.1.7"], { build: "latest", buildNumber: "0.1.7" }, "match"],
    [["beta"], { build: "latest", buildNumber: "0.1.7" }, "no"],
    [["0.1"], { build: "latest", buildNumber: "0.1.7" }, "no"],
    [["Latest"], { build: "latest", buildNumber: "0.1.7" }, "no"],
    [["latest"], { build: "latest" }, "match"],
    [["latest"], { buildNumber: "0.1.7" }, "untold"],
    [["beta"], { build: "latest" }, "untold"],
    [["*"], { build: "latest" }, "match"],
    [["latest"], {}, "untold"],
    [["latest"], undefined, "untold"],
  ])("builds %j of a run with %j: %s", (builds, settings, result) => {
    expect(matchOf({ builds }, set(settings))).toBe(result);
  });

  it.each<[MemoryRange["op"], readonly string[]]>([
    ["=", ["no", "match", "no"]],
    ["<", ["match", "no", "no"]],
    ["<=", ["match", "match", "no"]],
    [">", ["no", "no", "match"]],
    [">=", ["no", "match", "match"]],
  ])("memory %s 4096 of runs with 4095, 4096 and 4097", (op, results) => {
    const memory = [{ op, mbytes: 4096 }];
    expect([4095, 4096, 4097].map((memoryMbytes) => matchOf({ memory }, set({ memoryMbytes })))).toEqual(
      results,
    );
  });

  it("selects memory by any of several ranges", () => {
    const memory: readonly MemoryRange[] = [
      { op: "<", mbytes: 512 },
      { op: ">", mbytes: 8192 },
    ];
    expect([256, 4096, 16_384].map((memoryMbytes) => matchOf({ memory }, set({ memoryMbytes })))).toEqual([
      "match",
      "no",
      "match",
    ]);
  });

  it.each([{}, undefined, { memoryMbytes: Number.NaN }])(
    "does not know the memory of a run with %j, so neither selects nor spares it by that",
    (settings) => {
      const memory: readonly MemoryRange[] = [{ op: ">=", mbytes: 1 }];
      expect([matchOf({ memory }, set(settings)), matchOf({ except: { memory } }, set(settings))]).toEqual([
        "untold",
        "untold",
      ]);
    },
  );

  it.each<[RunSettings | undefined, string]>([
    [{ pricingModel: "PAY_PER_EVENT" }, "match"],
    [{ pricingModel: "NONE" }, "match"],
    [{ pricingModel: "FREE" }, "no"],
    [{}, "untold"],
    [undefined, "untold"],
  ])("pricing models of a run with %j: %s", (settings, result) => {
    expect(matchOf({ pricingModels: ["PAY_PER_EVENT", "NONE"] }, set(settings))).toBe(result);
  });

  it("excepts by what is told", () => {
    const seen = set({ build: "beta", buildNumber: "0.1.7", memoryMbytes: 512, pricingModel: "FREE" });
    expect([
      matchOf({ except: { builds: ["beta"] } }, seen),
      matchOf({ except: { memory: [{ op: "<", mbytes: 1024 }] } }, seen),
      matchOf({ except: { pricingModels: ["FREE"] } }, seen),
    ]).toEqual(["no", "no", "no"]);
  });

  it("excepts by what is not reported, but not by what is told to be otherwise", () => {
    const except = { builds: ["beta"], pricingModels: ["FREE"] };
    const told = { build: "latest", buildNumber: "0.1.7" };
    expect([
      matchOf({ except }, set({ ...told, pricingModel: "NONE" })),
      matchOf({ except }, set(told)),
      matchOf({ except }, set({ pricingModel: "NONE" })),
      matchOf({ except }, set({ ...told, pricingModel: "FREE" })),
    ]).toEqual(["match", "untold", "untold", "no"]);
  });
});

describe("matchSelector() says because of which key", () => {
  const because = (selector: Selector | undefined, seen: Observation) => {
    const match = matchSelector(selector, seen);
    return match.kind === "match" ? match.kind : `${match.kind}: ${match.because}`;
  };
  const { origin: _untold, ...withoutOrigin } = run({ actorId: "aB3" });

  it.each<[Selector | undefined, Observation, string]>([
    [{ actors: ["aB3"], origins: ["WEB"] }, unnamed, "no: for.origins"],
    [{ tasks: ["other"] }, unnamed, "no: for.tasks"],
    [{ actors: ["acme/x"], tasks: ["other"] }, unnamed, "no: for.tasks"],
    [{ except: { actors: ["aB3"] } }, unnamed, "no: for.except.actors"],
    [{ actors: ["acme/x"], except: { origins: ["API"] } }, unnamed, "no: for.except.origins"],
    [{ actors: ["acme/x"] }, unnamed, "unresolved: actors"],
    [{ except: { tasks: ["acme/x"] } }, unnamed, "unresolved: tasks"],
    [{ builds: ["latest"] }, unnamed, "untold: builds"],
    [{ except: { memory: [{ op: ">", mbytes: 1 }] } }, unnamed, "untold: memory"],
    [{ pricingModels: ["FREE"] }, unnamed, "untold: pricingModels"],
    [{ actors: ["acme/x"], builds: ["latest"] }, unnamed, "untold: builds"],
    [{ origins: ["WEB"], builds: ["latest"] }, unnamed, "no: for.origins"],
    [undefined, from("STANDBY"), "no: origin STANDBY must be named"],
    [{ origins: ["API"] }, from("STANDBY"), "no: origin STANDBY must be named"],
    [undefined, observation({ run: withoutOrigin }), "unresolved: its origin"],
    [{ origins: ["STANDBY"] }, observation({ run: withoutOrigin }), "unresolved: origins"],
    [{ origins: ["STANDBY", "API"] }, from("API"), "match"],
    [{ actors: ["aB3"] }, unnamed, "match"],
  ])("%j", (selector, seen, said) => {
    expect(because(selector, seen)).toBe(said);
  });

  it("never matches what an added key of except leaves open, nor by one key more of for", () => {
    const open: readonly Selector[] = [
      { actors: ["acme/x"] },
      { builds: ["latest"] },
      { except: { actors: ["acme/x"] } },
      { except: { builds: ["latest"] } },
    ];
    for (const selector of open) expect(matchOf(selector, unnamed)).not.toBe("match");
  });
});
