import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fiveUsd } from "../../../support/policies.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { watch } from "../../../support/watch.ts";
import { worldOf } from "../../../support/world.ts";
import { cli } from "../../support.ts";

describe("a policy file that can't be used", () => {
  it.each([["validate"], ["push"]])(
    "is answered by policy %s with 1, in JSON with its problems",
    async (verb) => {
      const watched = await watch(worldOf(), { policy: fiveUsd() });
      const file = join(await tempFolder(), "typo.yaml");
      await writeFile(file, "version: 1\nmode: enforced\nrules: []\n");
      const plain = await cli(watched, ["policy", verb, file]);
      expect(plain).toMatchObject({ code: 1, out: "", err: expect.stringContaining("typo.yaml:2:7") });
      const json = await cli(watched, ["policy", verb, file, "--json"]);
      expect(JSON.parse(json.out)).toMatchObject({
        valid: false,
        problems: [{ line: 2, column: 7 }, { line: 3 }],
      });
      expect(json).toMatchObject({ code: 1, err: "" });
      expect((await cli(watched, ["policy", verb, "no-such.yaml"])).code).toBe(2);
    },
  );
});

describe("watchdog policy", () => {
  it("validates without any tables", async () => {
    const watched = await watch(worldOf());
    const { code, out } = await cli(watched, ["policy", "validate", "policy.yaml"]);
    expect(out).toMatch(/^valid {2}policy\.yaml, observe mode\nRULE/);
    expect(code).toBe(0);
  });

  it("says that there is none yet, and how to push one", async () => {
    const { code, err } = await cli(await watch(worldOf()), ["policy", "show"]);
    expect(err).toContain("npm run watchdog -- policy push policy.yaml --local");
    expect(code).toBe(1);
  });
});
