import { describe, expect, it } from "vitest";
import { NOON } from "../samples.ts";
import type { Suite } from "../suite.ts";

/** Exemptions as read, however they came to be there. */
export function describeExemptions(suite: Suite): void {
  describe("exemptions", () => {
    const VALID = JSON.stringify({ until: NOON.toISOString(), owner: "ops", reason: "import" });

    it("are read with control, their subjects taken from their keys", async () => {
      await suite.plantExemption("run#run-1", VALID);
      await suite.plantExemption(
        "actor#acme#x",
        JSON.stringify({ ...JSON.parse(VALID), ceilingMicroUsd: 5 }),
      );
      const { exemptions } = await suite.state.readControl();
      expect(exemptions).toEqual([
        {
          kind: "valid",
          subject: { kind: "actor", id: "acme#x" },
          until: NOON,
          ceilingMicroUsd: 5,
          owner: "ops",
          reason: "import",
        },
        {
          kind: "valid",
          subject: { kind: "run", id: "run-1" },
          until: NOON,
          owner: "ops",
          reason: "import",
        },
      ]);
    });

    it.each([
      ["no JSON", "{"],
      ["another kind of JSON", "null"],
      ["no end", JSON.stringify({ owner: "ops", reason: "import" })],
      ["an end in words", VALID.replace(NOON.toISOString(), "tomorrow")],
      ["an end that only looks like a date", VALID.replace(NOON.toISOString(), "1")],
      ["a ceiling in words", VALID.replace("}", ',"ceilingMicroUsd":"5 USD"}')],
    ])("are malformed with %s, and keep their subject", async (_what, text) => {
      await suite.plantExemption("rule#rule-1", text);
      const { exemptions } = await suite.state.readControl();
      expect(exemptions).toEqual([
        { kind: "malformed", subject: { kind: "rule", id: "rule-1" }, problem: expect.any(String) },
      ]);
    });

    it("of one rule alone have it in their key, whatever the other id is", async () => {
      await suite.plantExemption("under#rule-1#actor#acme#x", VALID);
      await suite.plantExemption("under#rule-2#run#run-1", "{");
      const { exemptions } = await suite.state.readControl();
      expect(exemptions).toMatchObject([
        { kind: "valid", subject: { kind: "actor", id: "acme#x", ruleId: "rule-1" } },
        { kind: "malformed", subject: { kind: "run", id: "run-1", ruleId: "rule-2" } },
      ]);
    });

    it.each(["ruin#run-1", "run#", "run", "actor", "under#rule-1", "under#a#rule#b", "under#a#run#"])(
      "without a subject in their key, as in %s, are malformed and protect every run",
      async (key) => {
        await suite.plantExemption(key, VALID);
        const { exemptions } = await suite.state.readControl();
        expect(exemptions).toEqual([{ kind: "malformed", problem: expect.stringContaining(key) }]);
      },
    );
  });
}
