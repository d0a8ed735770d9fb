import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/**
 * What takes long because it must: a process for each command line, each built function and each killed tick; a whole
 * stack synthesized again and again; hundreds of simulated worlds.
 */
const slow = [
  "test/cli/{main,start/start}.test.ts",
  "test/emulator/main.test.ts",
  "test/functions/built-*.test.ts",
  "test/infra/**/*.test.ts",
  "test/journeys/stopping/killed-anywhere.test.ts",
  "test/package/*.test.ts",
  "test/pictures/*.test.ts",
  "test/simulation/**/*.test.ts",
];

/** Need a registry to install from. */
const installed = ["test/package/installed/*.test.ts"];
const runtime = ["test/runtime/*.test.ts"];
/** Needs Debian's chromium. */
const inBrowser = ["test/console/browser/*.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Many wait for other processes most of the time: one at a time, as on two cores by default, leaves the machine idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: ["test/support/fast-check.ts"],
    // Without a fresh module graph for each file: half the time, and no test leaves anything behind.
    isolate: false,
    // Node.js loads the tests as it loads the program: no mocks here need another way, which takes a quarter more time.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    projects: [
      {
        extends: true,
        test: {
          name: "quick",
          include: ["test/**/*.test.ts"],
          exclude: [...slow, ...installed, ...runtime, ...inBrowser],
        },
      },
      { extends: true, test: { name: "slow", include: slow, testTimeout: 300_000 } },
      // The console's page in a real browser: `npm run test:browser`.
      {
        extends: true,
        test: { name: "browser", include: inBrowser, testTimeout: 60_000, hookTimeout: 60_000 },
      },
      // Fetches Lambda's runtime on its first run: `npm run test:runtime`.
      {
        extends: true,
        test: {
          name: "runtime",
          include: runtime,
          globalSetup: ["test/support/lambda/fetch-ric.ts"],
          testTimeout: 120_000,
        },
      },
      // Installs the packed package, so it asks the registry: `npm run test:package`.
      {
        extends: true,
        test: {
          name: "package",
          include: installed,
          globalSetup: ["test/package/installed/pack.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
