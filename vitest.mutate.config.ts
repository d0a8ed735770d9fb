import { defineConfig } from "vitest/config";

/** The tests that mutants of src/policy must not survive; Stryker can't choose among the projects of vitest.config.ts. */
export default defineConfig({
  test: {
    include: ["test/policy/**/*.test.ts"],
    setupFiles: ["test/support/fresh-modules.ts", "test/support/fast-check.ts"],
    testTimeout: 30_000,
    // Hundreds of mutants, each against every property: fewer examples of each.
    env: { FC_RUNS: "40" },
    isolate: false,
  },
});
