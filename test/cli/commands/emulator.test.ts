import { describe, expect, it } from "vitest";
import { watch } from "../../support/watch.ts";
import { worldOf } from "../../support/world.ts";
import { cli } from "../support.ts";

describe("watchdog emulator", () => {
  it("guesses the world that was meant", async () => {
    const { code, err } = await cli(await watch(worldOf()), ["emulator", "--world", "runawya"]);
    expect(err).toContain('--world: got "runawya". Did you mean runaway?');
    expect(code).toBe(2);
  });
});
