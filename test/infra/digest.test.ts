import { describe, expect, it } from "vitest";
import { digestOf } from "./digest.ts";
import { watchdogWith } from "./support.ts";

describe("what RunWatchdog creates", () => {
  it("is this, with an e-mail for stops", async () => {
    const { template } = watchdogWith({ maxUsdPerRun: 5, stopEmail: "ops@example.com" });
    await expect(digestOf(template())).toMatchFileSnapshot("run-watchdog.digest.txt");
  });
});
