import { describe, expect, it } from "vitest";
import { fiveUsd } from "../support/policies.ts";
import { type Watched, watch } from "../support/watch.ts";
import { HEALTHY, worldOf } from "../support/world.ts";
import { cli } from "./support.ts";

const RUN = "AAAAAAAAAAAAAAAAA";
const account = (policy?: object): Promise<Watched> =>
  watch(worldOf(HEALTHY), policy === undefined ? {} : { policy });

describe("what a command can't do", () => {
  it.each([
    ["exempt", "add", "--run", RUN, "--until", "1h", "--reason", "x"],
    ["audit", "show", RUN],
    ["policy", "show", "99"],
    ["policy", "rollback", "--reason", "x", "--yes"],
  ])("is said to programs on standard output: %s %s", async (...argv) => {
    const { code, out, err } = await cli(await account(fiveUsd()), [...argv, "--json"]);
    const { target, error, ...more } = JSON.parse(out);
    expect([code, more]).toEqual([1, {}]);
    expect(target).toMatchObject({ kind: "folder" });
    expect(error).toEqual({ code: "refused", message: err.trim() });
    expect(error.message).not.toBe("");
  });

  it.each([["show"], ["diff"], ["rollback", "--reason", "x", "--yes"]])(
    "is said where there is no policy: policy %s",
    async (...argv) => {
      const { code, out } = await cli(await account(), ["policy", ...argv, "--json"]);
      expect(JSON.parse(out).error).toMatchObject({
        code: "refused",
        message: expect.stringContaining("No policy was pushed yet"),
      });
      expect(code).toBe(1);
    },
  );

  it("adds nothing to an answer that there is", async () => {
    const { out } = await cli(await account(fiveUsd()), ["status", "--json"]);
    expect(JSON.parse(out)).not.toHaveProperty("error");
  });
});
