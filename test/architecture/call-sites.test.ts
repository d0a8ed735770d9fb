import { describe, expect, it } from "vitest";
import {
  ABORT_SITE,
  checkAbortSites,
  checkDecideCallers,
  checkDisableSites,
  checkEnableSites,
  checkNoteSites,
  checkResurrectSites,
  HOLD_SITE,
  NOTE_SITE,
  RESURRECT_SITE,
  reachedFrom,
} from "./call-sites.ts";
import type { Source } from "./sources.ts";

const APIFY = "src/adapters/apify/apify.ts";

describe.each([
  { check: checkAbortSites, method: "abortRun", site: ABORT_SITE },
  { check: checkResurrectSites, method: "resurrectRun", site: RESURRECT_SITE },
  { check: checkDisableSites, method: "disableSchedule", site: HOLD_SITE },
  { check: checkEnableSites, method: "enableSchedule", site: HOLD_SITE },
  { check: checkNoteSites, method: "setStatusMessage", site: NOTE_SITE },
])("the one call site of $method", ({ check, method, site }) => {
  const call: Source = { path: site, source: `return ports.apify.${method}(call, signal);\n` };
  const definition: Source = {
    path: APIFY,
    source: `${method}: (call, signal) => ${method}(connection, call, signal),\n`,
  };
  const port: Source = {
    path: "src/watchdog/model/apify-port.ts",
    source: `${method}(call: Call): Answer;\n`,
  };

  it("takes the one call site and the definitions", () => {
    expect(check([call, definition, port])).toEqual([]);
  });

  it.each([
    `await apify.${method}({ runId }, signal);`,
    `const taken = apify.${method};`,
    `const { ${method} } = apify;`,
    `await apify["${method}"]({ runId }, signal);`,
  ])("refuses another one: %s", (source) => {
    expect(check([call, { path: "cli/another.ts", source }])).toEqual([
      expect.stringMatching(`^cli/another.ts calls or takes ${method}, which ${site} alone may: .+\\.$`),
    ]);
  });

  it("refuses that the adapter calls itself through the port", () => {
    expect(check([call, { path: APIFY, source: `await this.${method}(call, signal);` }])).toHaveLength(1);
  });

  it("refuses a second call in the same file, and none at all", () => {
    expect(check([{ ...call, source: call.source.repeat(2) }])).toEqual([
      `${site} has 2 call sites of ${method}; there must be exactly one.`,
    ]);
    expect(check([definition])).toEqual([
      `${site} has 0 call sites of ${method}; there must be exactly one.`,
    ]);
  });
});

describe("checkDecideCallers()", () => {
  const callers = [{ path: "src/watchdog/stop/stop.ts", why: "the last reading" }];
  const caller: Source = {
    path: "src/watchdog/stop/stop.ts",
    source: 'import { type Decision, decide } from "../../policy/index.ts";\n',
  };
  const door: Source = {
    path: "src/policy/index.ts",
    source: 'export { decide } from "./judge/decide.ts";\n',
  };

  it("takes who is listed, who has the types alone, and another function of that name", () => {
    const types = {
      path: "cli/a.ts",
      source: 'import type { Decision } from "../src/policy/index.ts";\n',
    };
    const another = { path: "cli/b.ts", source: 'import { decide } from "./dice.ts";\ndecide();\n' };
    expect(checkDecideCallers([door, caller, types, another], callers)).toEqual([]);
  });

  it.each([
    'import { decide } from "../src/policy/index.ts";',
    'import { decide as judge } from "../src/policy/judge/decide.ts";',
    'import * as policy from "../src/policy/index.ts";',
    'export { decide } from "../src/policy/index.ts";',
  ])("refuses another: %s", (source) => {
    expect(checkDecideCallers([caller, { path: "cli/scan.ts", source }], callers)).toEqual([
      "cli/scan.ts takes decide; ask one of its callers instead (src/watchdog/stop/stop.ts), or list it with its reason.",
    ]);
  });

  it("refuses a caller that no longer is one", () => {
    expect(checkDecideCallers([door], callers)).toEqual([
      "src/watchdog/stop/stop.ts no longer takes decide; strike it from the callers.",
    ]);
  });
});

describe("reachedFrom()", () => {
  it("follows imports through other files, and stops where none leads on", () => {
    const sources = [
      { path: "cli/main.ts", source: 'import { a } from "./a.ts";\n' },
      { path: "cli/a.ts", source: 'export const b = () => import("../src/b.ts");\n' },
      { path: "src/b.ts", source: "export const b = 1;\n" },
      { path: "src/c.ts", source: 'import { b } from "./b.ts";\n' },
    ];
    expect([...reachedFrom(["cli/main.ts"], sources)]).toEqual(["cli/main.ts", "cli/a.ts", "src/b.ts"]);
  });
});
