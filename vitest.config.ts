import { defineConfig } from "vitest/config";

/** What takes long because it must: every single request of a tick killed in turn, and many simulated worlds. */
const slow = ["test/journeys/killed-anywhere.test.ts", "test/simulation/**/*.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: "quick", include: ["test/**/*.test.ts"], exclude: slow } },
      { extends: true, test: { name: "slow", include: slow, testTimeout: 300_000 } },
    ],
  },
});
