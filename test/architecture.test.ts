import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";

/** A file of the project, its path from the root. Every check is a function of these, so that it can be tried on made-up ones. */
type Source = { readonly path: string; readonly source: string };

/** What the files of a folder may import: packages by name, and the project's own files by how their path begins. */
type Layer = {
  readonly folder: string;
  readonly packages: readonly string[];
  readonly files: readonly string[];
  /** Where a file that needs more belongs. */
  readonly otherwise: string;
};

const ADAPTER =
  "adapters stand alone: share through src/watchdog/model/ports.ts, and wire them up in functions/ or cli/";

/** The longest folder that a path begins with is its layer. */
const LAYERS: readonly Layer[] = [
  {
    folder: "src/policy/",
    packages: ["valibot"],
    files: ["src/policy/"],
    otherwise:
      "policy is pure: move what needs more to src/watchdog/, and what touches the world to src/adapters/",
  },
  {
    folder: "src/policy-test/",
    packages: ["valibot"],
    files: [
      "src/policy-test/",
      "src/policy/",
      "src/watchdog/explain/explain-decision.ts",
      "src/watchdog/explain/explanation.ts",
    ],
    otherwise:
      "cases are tried by the policy's own code, without Apify, tables or a clock: move what reads files to cli/",
  },
  {
    folder: "src/watchdog/",
    packages: ["canonicalize", "p-limit", "valibot", "node:crypto"],
    files: ["src/watchdog/", "src/policy/index.ts"],
    otherwise:
      "use cases know ports, not the world: declare a port in src/watchdog/model/ports.ts and move this to src/adapters/",
  },
  {
    folder: "src/adapters/apify/",
    packages: ["p-limit", "node:*"],
    files: ["src/adapters/apify/"],
    otherwise: ADAPTER,
  },
  {
    folder: "src/adapters/dynamodb/",
    packages: ["@aws-sdk/client-dynamodb", "@aws-sdk/util-dynamodb", "p-limit", "node:*"],
    files: ["src/adapters/dynamodb/"],
    otherwise: ADAPTER,
  },
  {
    folder: "src/adapters/memory/",
    packages: ["node:*"],
    files: ["src/adapters/memory/"],
    otherwise: ADAPTER,
  },
  {
    folder: "src/adapters/notify/",
    packages: ["@aws-sdk/*", "node:*"],
    files: ["src/adapters/notify/"],
    otherwise: ADAPTER,
  },
  {
    folder: "src/adapters/token/",
    packages: ["@aws-sdk/client-secrets-manager", "@aws-sdk/client-ssm"],
    files: ["src/adapters/token/"],
    otherwise: ADAPTER,
  },
  { folder: "src/adapters/system.ts", packages: ["node:*"], files: [], otherwise: ADAPTER },
  {
    folder: "functions/",
    packages: [
      "@middy/core",
      "@aws-lambda-powertools/*",
      "@aws-sdk/*",
      "aws-lambda",
      "esbuild",
      "valibot",
      "node:*",
    ],
    files: ["functions/", "src/"],
    otherwise:
      "what AWS runs knows nothing of the command line, the emulator or the tests: move this to cli/ or test/",
  },
  {
    folder: "cli/",
    packages: ["yaml", "yargs", "yargs/helpers", "@aws-sdk/*", "node:*"],
    files: ["cli/", "src/", "functions/", "emulator/index.ts"],
    otherwise: "move what the tests need to test/, and what the infrastructure needs to infra/",
  },
  {
    folder: "console/",
    packages: ["node:*"],
    files: ["console/", "src/watchdog/", "src/policy/index.ts"],
    otherwise: "the console asks the same use cases as the command line: move the rest to src/watchdog/",
  },
  {
    folder: "infra/",
    packages: ["aws-cdk-lib", "aws-cdk-lib/*", "constructs", "cdk-nag", "node:*"],
    // Policy is pure: with it a policy that can't be used fails at synth, before anything is deployed, and not in a log.
    files: ["infra/", "functions/contract.ts", "src/adapters/dynamodb/table.ts", "src/policy/index.ts"],
    otherwise:
      "infrastructure imports names, and the pure policy that it checks: declare names in functions/contract.ts or src/adapters/dynamodb/table.ts",
  },
  {
    folder: "emulator/",
    packages: ["node:*"],
    files: ["emulator/"],
    otherwise:
      "the emulator shares nothing with us, so that it can't share our misunderstandings: write it anew there",
  },
];

/** Adapters may all import these besides: ports, what the ports are made of, and the types of policy. */
const SEEN_BY_ADAPTERS = ["src/watchdog/", "src/policy/index.ts"];

const stripComments = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`\\])\/\/.*$/gm, "$1");

/** Everything that a module imports, exports from elsewhere, loads later or requires. */
function importsOf(source: string): readonly string[] {
  const code = stripComments(source);
  const forms = [
    /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/gm,
    /^\s*import\s*["']([^"']+)["']/gm,
    /\bimport\s*\(\s*["'`]([^"'`]+)["'`]/g,
    /\brequire\s*\(\s*["'`]([^"'`]+)["'`]/g,
  ];
  return forms.flatMap((form) => [...code.matchAll(form)].flatMap(([, name]) => name ?? []));
}

const layerOf = (path: string): Layer | undefined => LAYERS.find(({ folder }) => path.startsWith(folder));

const isNamed = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );

function mayImport({ folder, packages, files }: Layer, path: string, name: string): boolean {
  if (!name.startsWith(".")) return isNamed(name, packages);
  const target = posix.join(posix.dirname(path), name);
  const adapters = folder.startsWith("src/adapters/") ? SEEN_BY_ADAPTERS : [];
  return [...files, ...adapters].some((allowed) => target.startsWith(allowed));
}

/** Every import that its layer does not allow, as a sentence. */
const checkImports = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap(({ path, source }) => {
    const layer = layerOf(path);
    if (layer === undefined) {
      return [
        `${path} is in no folder that the layout knows; move it to one, or add its folder to the table of layers.`,
      ];
    }
    return importsOf(source)
      .filter((name) => !mayImport(layer, path, name))
      .map((name) => `${path} imports "${name}", which ${layer.folder} may not: ${layer.otherwise}.`);
  });

const linesWith = ({ path, source }: Source, pattern: RegExp): readonly string[] =>
  stripComments(source)
    .split("\n")
    .filter((line) => pattern.test(line))
    .map(() => path);

/** Abort is called from one place; everything else goes through it, and so behind its intent. */
const ABORT_SITE = "src/watchdog/stop/call.ts";
/** Where it is declared and where it is made; neither calls it through the port. */
const ABORT_DEFINED = ["src/watchdog/model/apify-port.ts", "src/adapters/apify/"];

function checkAbortSites(sources: readonly Source[]): readonly string[] {
  const named = sources
    .filter(
      ({ path }) =>
        !isNamed(
          path,
          ABORT_DEFINED.map((each) => (each.endsWith("/") ? `${each}*` : each)),
        ),
    )
    .flatMap((each) => linesWith(each, /\babortRun\b/));
  const dotted = sources.flatMap((each) => linesWith(each, /\.abortRun\s*\(/));
  const strays = [...new Set([...named, ...dotted])].filter((path) => path !== ABORT_SITE);
  const calls = dotted.filter((path) => path === ABORT_SITE).length;
  return [
    ...strays.map(
      (path) =>
        `${path} calls or takes abortRun; abort is called in ${ABORT_SITE} alone: go through pursue().`,
    ),
    ...(calls === 1 ? [] : [`${ABORT_SITE} has ${calls} call sites of abortRun; there must be exactly one.`]),
  ];
}

/** Only an undo gives a run another life; no function on AWS can even reach it. */
const RESURRECT_SITE = "src/watchdog/overrule/resurrect.ts";

const checkResurrectSites = (sources: readonly Source[]): readonly string[] => {
  const sites = sources
    .filter(
      ({ path }) => path !== "src/watchdog/model/apify-port.ts" && !path.startsWith("src/adapters/apify/"),
    )
    .flatMap((each) => linesWith(each, /\bresurrectRun\b/));
  const strays = [...new Set(sites)].filter((path) => path !== RESURRECT_SITE);
  return [
    ...strays.map((path) => `${path} calls or takes resurrectRun; runs are resurrected by undo() alone.`),
    ...(sites.length - strays.length === 1 ? [] : [`${RESURRECT_SITE} must call resurrectRun exactly once.`]),
  ];
};

/** Every file that is loaded with these, directly or through others. */
function reachedFrom(paths: readonly string[], sources: readonly Source[]): ReadonlySet<string> {
  const byPath = new Map(sources.map((each) => [each.path, each]));
  const reached = new Set(paths);
  for (const path of reached) {
    for (const name of importsOf(byPath.get(path)?.source ?? "")) {
      if (name.startsWith(".")) reached.add(posix.join(posix.dirname(path), name));
    }
  }
  return reached;
}

/** The machine's clock, timers, randomness and ids, in whatever form a module may come by them. */
const AMBIENT: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "Date.now()", pattern: /\bDate\s*\.\s*now\b/ },
  { what: "new Date()", pattern: /\bnew\s+Date\s*(\(\s*\)|[;,)\]]|$)/ },
  { what: "Math.random()", pattern: /\bMath\s*\.\s*random\b/ },
  {
    what: "a timer",
    pattern: /\bset(Timeout|Interval|Immediate)\b|\bnode:timers|\bAbortSignal\s*\.\s*timeout\b/,
  },
  { what: "a random id", pattern: /\brandom(UUID|Bytes|Int|FillSync)\b|\bgetRandomValues\b/ },
  {
    what: "the machine's clock",
    pattern: /\bperformance\s*\.\s*now\b|\bprocess\s*\.\s*hrtime\b|\bTemporal\s*\.\s*Now\b/,
  },
];
const SYSTEM = "src/adapters/system.ts";

/** What is ambient all the same: nothing that is decided, and nothing that a simulation replays, rests on it. */
const AMBIENT_ALLOWED: readonly { readonly path: string; readonly what: string; readonly why: string }[] = [
  {
    path: "src/adapters/dynamodb/transact.ts",
    what: "a random id",
    why: "the token by which DynamoDB knows a repeated transaction",
  },
  {
    path: "src/adapters/dynamodb/control-item.ts",
    what: "a random id",
    why: "tells our own write, whose answer was lost, from another's",
  },
  {
    path: "src/adapters/dynamodb/live-item.ts",
    what: "a random id",
    why: "tells our own write, whose answer was lost, from another's",
  },
  {
    path: "src/adapters/dynamodb/ledger-store.ts",
    what: "a random id",
    why: "tells our own write, whose answer was lost, from another's",
  },
  {
    path: "src/adapters/dynamodb/engine.ts",
    what: "a timer",
    why: "waits for the embedded engine's process to listen",
  },
  {
    path: "src/adapters/dynamodb/engine.ts",
    what: "the machine's clock",
    why: "waits for the embedded engine's process to listen",
  },
];

const ambientIn = (each: Source): readonly string[] =>
  AMBIENT.filter(({ pattern }) => linesWith(each, pattern).length > 0).map(({ what }) => what);

const checkAmbient = (sources: readonly Source[], allowed = AMBIENT_ALLOWED): readonly string[] => [
  ...sources
    .filter(({ path }) => path.startsWith("src/") && path !== SYSTEM)
    .flatMap((each) =>
      ambientIn(each)
        .filter((what) => !allowed.some((known) => known.path === each.path && known.what === what))
        .map(
          (what) => `${each.path} uses ${what}; take it from a port, whose one real form is in ${SYSTEM}.`,
        ),
    ),
  ...allowed
    .filter(({ path, what }) => !sources.some((each) => each.path === path && ambientIn(each).includes(what)))
    .map(({ path, what }) => `${path} no longer uses ${what}; strike it from the exceptions.`),
];

const checkDefaultExports = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ source }) =>
      /^\s*export\s+default\b|^\s*export\s*\{[^}]*\bas\s+default\b/m.test(stripComments(source)),
    )
    .map(({ path }) => `${path} has a default export; give what it exports the name of the file.`);

/** A URL's path is encoded: where the checkout's own path has a space, no file is found by it. */
const checkPaths = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ source }) => /import\.meta\.url\s*\)\s*\.pathname\b/.test(stripComments(source)))
    .map(({ path }) => `${path} takes a file's path from a URL as it is; use fileURLToPath of node:url.`);

const MAX_HANDLER_LINES = 40;
const NOT_HANDLERS = ["functions/contract.ts", "functions/runtime.ts", "functions/build.ts"];

const checkHandlers = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ path }) => path.startsWith("functions/") && !NOT_HANDLERS.includes(path))
    .map(({ path, source }) => ({ path, lines: source.trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > MAX_HANDLER_LINES)
    .map(
      ({ path, lines }) =>
        `${path} has ${lines} lines, a handler has at most ${MAX_HANDLER_LINES}: move wiring to functions/runtime.ts and work to src/watchdog/.`,
    );

const ROOT = new URL("..", import.meta.url);

function read(folder: string): readonly Source[] {
  try {
    return readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.[cm]?[jt]sx?$/.test(name) && !name.includes("node_modules"))
      .map((name) => posix.join(folder, name))
      .map((path) => ({ path, source: readFileSync(new URL(path, ROOT), "utf8") }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

const src = read("src/");
const functions = read("functions/");
const cli = read("cli/");
const everything = [
  ...src,
  ...functions,
  ...cli,
  ...read("emulator/"),
  ...read("infra/"),
  ...read("console/"),
];

describe("the architecture", () => {
  it("is looked at where the code is", () => {
    expect(src.map(({ path }) => path)).toEqual(
      expect.arrayContaining([ABORT_SITE, SYSTEM, "src/policy/judge/decide.ts"]),
    );
    expect([functions.length > 0, cli.length > 0, everything.length > 100]).toEqual([true, true, true]);
  });

  it("imports along the layers alone", () => {
    expect(checkImports(everything)).toEqual([]);
  });

  it("calls abort from one place", () => {
    expect(checkAbortSites([...src, ...functions, ...cli])).toEqual([]);
  });

  it("resurrects from one place, which no function on AWS reaches", () => {
    expect(checkResurrectSites([...src, ...functions, ...cli])).toEqual([]);
    const onAws = reachedFrom(["functions/watchdog.ts", "functions/notifier.ts"], everything);
    expect(onAws).toContain("src/watchdog/tick/tick.ts");
    expect(onAws).not.toContain(RESURRECT_SITE);
    expect(reachedFrom(["cli/main.ts"], everything)).toContain(RESURRECT_SITE);
  });

  it("takes time, randomness and ids from ports", () => {
    expect(checkAmbient(src)).toEqual([]);
  });

  it("has no default exports", () => {
    expect(checkDefaultExports(everything)).toEqual([]);
  });

  it("can be checked out anywhere, whatever is in the path", () => {
    expect(checkPaths([...everything, ...read("test/")])).toEqual([]);
  });

  it("keeps handlers to wiring", () => {
    expect(checkHandlers(functions)).toEqual([]);
  });
});

const importing = (path: string, name: string): Source => ({
  path,
  source: `import { x } from "${name}";\n`,
});

describe("importsOf()", () => {
  it("sees every form of import, over several lines too, and none in a comment", () => {
    const source = `import a, { type B } from "a";
import type { C } from 'c';
import {
  d,
  e,
} from "d";
import "side-effect";
export * from "f";
export { g } from "./g.ts";
export type { H } from "h";
const later = await import("later");
const old = require("old");
// import { x } from "line";
/** import { x } from "block"; */
const url = "https://example.com"; const i = await import("after-a-url");
export const from = "no import";
`;
    expect([...importsOf(source)].sort()).toEqual(
      ["./g.ts", "a", "after-a-url", "c", "d", "f", "h", "later", "old", "side-effect"].sort(),
    );
  });
});

describe("checkImports()", () => {
  it.each([
    ["src/policy/decide.ts", "node:fs"],
    ["src/policy/decide.ts", "p-limit"],
    ["src/policy/limits/stats.ts", "../../watchdog/ports.ts"],
    ["src/policy/decide.ts", "../adapters/system.ts"],
    ["src/watchdog/tick.ts", "../adapters/memory/stores.ts"],
    ["src/watchdog/tick.ts", "../policy/decide.ts"],
    ["src/watchdog/tick.ts", "@aws-sdk/client-dynamodb"],
    ["src/watchdog/tick.ts", "node:fs"],
    ["src/watchdog/tick.ts", "../../test/support/builders.ts"],
    ["src/watchdog/tick.ts", "../../functions/contract.ts"],
    ["src/adapters/memory/stores.ts", "../dynamodb/stores.ts"],
    ["src/adapters/apify/apify.ts", "../system.ts"],
    ["src/adapters/apify/apify.ts", "../../policy/money.ts"],
    ["src/adapters/apify/apify.ts", "apify-client"],
    ["src/adapters/dynamodb/stores.ts", "../../../emulator/index.ts"],
    ["src/adapters/system.ts", "./token/index.ts"],
    ["functions/watchdog.ts", "../cli/compose.ts"],
    ["functions/runtime.ts", "../emulator/index.ts"],
    ["functions/runtime.ts", "fast-check"],
    ["cli/start.ts", "../test/support/world.ts"],
    ["cli/start.ts", "../infra/stack.ts"],
    ["infra/stack.ts", "../functions/runtime.ts"],
    ["infra/stack.ts", "../src/adapters/dynamodb/stores.ts"],
    ["infra/stack.ts", "../src/policy/parse.ts"],
    ["infra/stack.ts", "../src/watchdog/operate.ts"],
    ["console/server.ts", "../src/adapters/memory/stores.ts"],
    ["emulator/run.ts", "../src/policy/index.ts"],
    ["emulator/run.ts", "valibot"],
    ["emulator/run.ts", "../test/emulator/support.ts"],
  ])("refuses that %s imports %j, and says what to do", (path, name) => {
    expect(checkImports([importing(path, name)])).toEqual([
      expect.stringMatching(
        new RegExp(`^${path} imports "${name.replaceAll(".", "\\.")}", which .+ may not: .+\\.$`),
      ),
    ]);
  });

  it.each([
    ["src/policy/schema.ts", "valibot"],
    ["src/policy/limits/stats.ts", "../bytes.ts"],
    ["src/watchdog/entry.ts", "node:crypto"],
    ["src/watchdog/tick.ts", "../policy/index.ts"],
    ["src/adapters/dynamodb/stores.ts", "@aws-sdk/client-dynamodb"],
    ["src/adapters/memory/stores.ts", "../../watchdog/ports.ts"],
    ["functions/runtime.ts", "../src/adapters/system.ts"],
    ["cli/compose.ts", "../functions/contract.ts"],
    ["cli/scene.ts", "../emulator/index.ts"],
    ["infra/stack.ts", "../functions/contract.ts"],
    ["infra/stack.ts", "../src/adapters/dynamodb/table.ts"],
    ["infra/policy-variable.ts", "../src/policy/index.ts"],
    ["infra/stack.ts", "aws-cdk-lib/aws-dynamodb"],
    ["emulator/main.ts", "node:http"],
  ])("allows that %s imports %j", (path, name) => {
    expect(checkImports([importing(path, name)])).toEqual([]);
  });

  it("refuses a folder that the layout does not know", () => {
    expect(checkImports([importing("src/utils/time.ts", "node:fs")])).toEqual([
      "src/utils/time.ts is in no folder that the layout knows; move it to one, or add its folder to the table of layers.",
    ]);
  });
});

describe("checkAbortSites()", () => {
  const site: Source = { path: ABORT_SITE, source: "return ports.apify.abortRun(call, signal);\n" };
  const definition: Source = {
    path: "src/adapters/apify/apify.ts",
    source: "abortRun: (call, signal) => abortRun(connection, call, signal),\n",
  };

  it("takes the one call site and the definition", () => {
    expect(checkAbortSites([site, definition])).toEqual([]);
  });

  it.each([
    "await apify.abortRun({ runId }, signal);",
    "const stop = apify.abortRun;",
    "const { abortRun } = apify;",
    'await apify["abortRun"]({ runId }, signal);',
  ])("refuses another one: %s", (source) => {
    expect(checkAbortSites([site, { path: "cli/abort.ts", source }])).toEqual([
      `cli/abort.ts calls or takes abortRun; abort is called in ${ABORT_SITE} alone: go through pursue().`,
    ]);
  });

  it("refuses that the adapter calls itself through the port", () => {
    const source = "await this.abortRun(call, signal);";
    expect(checkAbortSites([site, { path: "src/adapters/apify/apify.ts", source }])).toHaveLength(1);
  });

  it("refuses a second call in the same file, and none at all", () => {
    expect(checkAbortSites([{ ...site, source: site.source.repeat(2) }])).toEqual([
      `${ABORT_SITE} has 2 call sites of abortRun; there must be exactly one.`,
    ]);
    expect(checkAbortSites([definition])).toEqual([
      `${ABORT_SITE} has 0 call sites of abortRun; there must be exactly one.`,
    ]);
  });
});

describe("checkAmbient()", () => {
  it.each([
    ["const now = Date.now();", "Date.now()"],
    ["const clock = Date.now;", "Date.now()"],
    ["const now = new Date();", "new Date()"],
    ["const now = new Date;", "new Date()"],
    ["const jitter = Math.random() * 5;", "Math.random()"],
    ["setTimeout(wake, 5);", "a timer"],
    ['import { setTimeout as delay } from "node:timers/promises";', "a timer"],
    ["const signal = AbortSignal.timeout(5);", "a timer"],
    ["const id = crypto.randomUUID();", "a random id"],
    ["const id = randomBytes(8);", "a random id"],
    ["const since = performance.now();", "the machine's clock"],
  ])("refuses %s", (source, what) => {
    const path = "src/watchdog/tick.ts";
    expect(checkAmbient([{ path, source }], [])).toEqual([
      `${path} uses ${what}; take it from a port, whose one real form is in ${SYSTEM}.`,
    ]);
  });

  it.each([
    "const at = new Date(ms);",
    "const at = new Date(now.getTime() + 5);",
    "// never Date.now() here",
    "/** Math.random() is in system.ts */",
  ])("allows %s", (source) => {
    expect(checkAmbient([{ path: "src/watchdog/tick.ts", source }], [])).toEqual([]);
  });

  it("allows the one real form, and all of it outside src", () => {
    const source = "export const now = () => new Date();";
    expect(
      checkAmbient(
        [
          { path: SYSTEM, source },
          { path: "cli/start.ts", source },
        ],
        [],
      ),
    ).toEqual([]);
  });

  it("refuses an exception that is no longer needed", () => {
    const allowed = [{ path: "src/adapters/x.ts", what: "a timer", why: "once" }];
    expect(checkAmbient([], allowed)).toEqual([
      "src/adapters/x.ts no longer uses a timer; strike it from the exceptions.",
    ]);
  });
});

describe("checkDefaultExports()", () => {
  it.each(["export default function x() {}", "const x = 1;\nexport { x as default };"])(
    "refuses %j",
    (source) => {
      expect(checkDefaultExports([{ path: "src/x.ts", source }])).toEqual([
        "src/x.ts has a default export; give what it exports the name of the file.",
      ]);
    },
  );

  it("allows what is named", () => {
    expect(checkDefaultExports([{ path: "src/x.ts", source: "export const byDefault = 1;" }])).toEqual([]);
  });
});

describe("checkPaths()", () => {
  it("refuses the path of a URL that is a file's", () => {
    const source = `const root = new URL("..", ${"import.meta.url"}).pathname;`;
    expect(checkPaths([{ path: "cli/start.ts", source }])).toEqual([
      "cli/start.ts takes a file's path from a URL as it is; use fileURLToPath of node:url.",
    ]);
  });

  it.each([
    'const root = fileURLToPath(new URL("..", import.meta.url));',
    "const { pathname } = new URL(link);",
  ])("allows %j", (source) => {
    expect(checkPaths([{ path: "cli/start.ts", source }])).toEqual([]);
  });
});

describe("checkHandlers()", () => {
  const long = "await work();\n".repeat(41);

  it("refuses a handler of 41 lines", () => {
    expect(checkHandlers([{ path: "functions/notifier.ts", source: long }])).toEqual([
      "functions/notifier.ts has 41 lines, a handler has at most 40: move wiring to functions/runtime.ts and work to src/watchdog/.",
    ]);
  });

  it("allows 40 lines, and longer files that are no handlers", () => {
    const sources = [
      { path: "functions/notifier.ts", source: "await work();\n".repeat(40) },
      ...NOT_HANDLERS.map((path) => ({ path, source: long })),
      { path: "src/watchdog/tick.ts", source: long },
    ];
    expect(checkHandlers(sources)).toEqual([]);
  });
});
