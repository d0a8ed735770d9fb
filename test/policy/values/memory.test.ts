import { describe, expect, it } from "vitest";
import { formatMemory, formatMemoryRange } from "../../../src/policy/values/memory.ts";

describe("formatMemory()", () => {
  it("tells whole gigabytes as such, of 1024 MB each, and all else in megabytes", () => {
    expect([512, 1000, 1024, 1536, 32_768].map(formatMemory)).toEqual([
      "512 MB",
      "1000 MB",
      "1 GB",
      "1536 MB",
      "32 GB",
    ]);
  });
});

describe("formatMemoryRange()", () => {
  it("leaves out that it must be equal", () => {
    expect(formatMemoryRange({ op: "=", mbytes: 512 })).toBe("512 MB");
    expect(formatMemoryRange({ op: ">=", mbytes: 4096 })).toBe(">=4 GB");
  });
});
