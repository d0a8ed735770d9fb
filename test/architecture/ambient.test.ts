import { describe, expect, it } from "vitest";
import { checkAmbient, SYSTEM } from "./ambient.ts";

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
