/**
 * `npm run mutate`: changes src/policy in small ways, one at a time, and asks whether a test notices.
 * One file alone: `npm run mutate -- --mutate src/policy/verdict.ts`.
 */
export default {
  mutate: ["src/policy/**/*.ts", "!src/policy/index.ts"],
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutate.config.ts", related: false },
  // Stryker would read tsconfig.json by an API that TypeScript 7 no longer has; a sandbox has no need of it.
  tsconfigFile: "none",
  coverageAnalysis: "perTest",
  concurrency: 2,
  // Property tests on a busy machine: only what hangs is to be taken for hanging.
  timeoutMS: 30_000,
  incremental: true,
  incrementalFile: ".stryker/incremental.json",
  tempDirName: ".stryker/sandbox",
  ignorePatterns: ["/.watchdog", "/dist", "/cdk.out", "/docs", "/infra", "/emulator"],
  reporters: ["clear-text", "progress-append-only", "html", "json"],
  htmlReporter: { fileName: ".stryker/mutation.html" },
  jsonReporter: { fileName: ".stryker/mutation.json" },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
};
