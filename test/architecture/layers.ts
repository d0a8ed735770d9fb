import { importsOf, type Source, targetOf } from "./sources.ts";

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

/** The folder that a path begins with is its layer. */
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
    folder: "src/adapters/logs/",
    packages: ["@aws-sdk/client-cloudwatch-logs"],
    files: ["src/adapters/logs/"],
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
  { folder: "src/adapters/aws/", packages: ["@aws-sdk/*"], files: ["src/adapters/aws/"], otherwise: ADAPTER },
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
    folder: "page/",
    packages: ["preact", "preact-render-to-string"],
    files: ["page/", "src/policy/index.ts", "src/watchdog/notify/place.ts"],
    otherwise:
      "parts of pages are pure functions of plain data, which a browser runs too: move what reads or reckons to cli/ or src/watchdog/",
  },
  {
    folder: "cli/",
    packages: ["yaml", "yargs", "yargs/helpers", "@aws-sdk/*", "node:*"],
    files: ["cli/", "console/server/", "console/api.ts", "page/", "src/", "functions/", "emulator/index.ts"],
    otherwise: "move what the tests need to test/, and what the infrastructure needs to infra/",
  },
  {
    folder: "console/web/",
    packages: ["preact", "preact/hooks", "@preact/signals"],
    // The words of the audit are said in one way, wherever they are read.
    files: [
      "console/web/",
      "console/api.ts",
      "page/",
      "src/policy/index.ts",
      "src/watchdog/audit/describe.ts",
      "src/watchdog/audit/describe-budget.ts",
      "src/watchdog/notify/place.ts",
    ],
    otherwise:
      "the page runs in a browser, on what the server tells it: move what reads or reckons behind it",
  },
  {
    folder: "console/",
    packages: ["esbuild", "node:*"],
    files: ["console/", "page/", "src/watchdog/", "src/policy/index.ts"],
    otherwise:
      "the console asks the same commands as people do, by a port: hand it in from cli/commands/console.ts",
  },
  {
    folder: "infra/",
    packages: ["aws-cdk-lib", "aws-cdk-lib/*", "constructs", "cdk-nag", "node:*"],
    // Policy is pure: with it a policy that can't be used fails at synth, before anything is deployed, and not in a log.
    files: [
      "infra/",
      "functions/contract.ts",
      "functions/pointer.ts",
      "functions/notifier-contract.ts",
      "src/adapters/dynamodb/table.ts",
      "src/policy/index.ts",
    ],
    otherwise:
      "infrastructure imports names, and the pure policy that it checks: declare names in functions/contract.ts, functions/notifier-contract.ts or src/adapters/dynamodb/table.ts",
  },
  {
    folder: "build/",
    packages: ["esbuild", "node:*"],
    files: ["build/", "console/build.ts", "functions/build.ts", "functions/slim.ts", "cli/oldest-node.ts"],
    otherwise:
      "building knows what to bundle and where to, not what is in it: move the rest to the room that it is of",
  },
  {
    folder: "emulator/",
    packages: ["node:*"],
    files: ["emulator/"],
    otherwise:
      "the emulator shares nothing with us, so that it can't share our misunderstandings: write one of its own there",
  },
];

/** Adapters may all import these besides: ports and what they are made of, what is stored and in which form, and policy's types. */
const SEEN_BY_ADAPTERS = ["src/watchdog/model/", "src/watchdog/stored/", "src/policy/index.ts"];

const layerOf = (path: string): Layer | undefined => LAYERS.find(({ folder }) => path.startsWith(folder));

const isNamed = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );

function mayImport({ folder, packages, files }: Layer, path: string, name: string): boolean {
  if (!name.startsWith(".")) return isNamed(name, packages);
  const target = targetOf(path, name);
  const adapters = folder.startsWith("src/adapters/") ? SEEN_BY_ADAPTERS : [];
  return [...files, ...adapters].some((allowed) => target.startsWith(allowed));
}

/** Every import that its layer does not allow, as a sentence. */
export const checkLayers = (sources: readonly Source[]): readonly string[] =>
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
