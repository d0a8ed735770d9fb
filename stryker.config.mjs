/**
 * `npm run mutate`: changes src/policy in small ways, one at a time, and asks whether a test notices.
 * One file alone: `npm run mutate -- --force --mutate src/policy/judge/judge.ts`.
 *
 * What survives in the judging files survives because nothing can tell it from the original:
 * - a check that only the types need, for what is undefined there has no effect behind it either (verdict, schedule,
 *   duration, guards, no-timeout, times-typical, parseBytes, parseDays);
 * - an element put into a list that is asked for keys which the element has not (selector, verdict);
 * - equality where nothing is ever equal: two runs of one id, a window from a minute to itself, an event that adds 0;
 * - a cache that is not filled (schedule), upper for lower case on both sides (selector), a star that is searched back to
 *   (selector).
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
