import { describe, expect, it } from "vitest";
import { PolicyError } from "../../../src/policy/language/errors.ts";
import { parseNewPolicy } from "../../../src/policy/language/new-policy.ts";
import { parsePolicy } from "../../../src/policy/language/parse.ts";
import { fiveUsd } from "../../support/policies.ts";

const rule = { ...(fiveUsd().rules as readonly object[])[0], owner: "b\u202e" };

describe("parseNewPolicy()", () => {
  it("refuses an owner that would act on who reads it, with its place, the policy's and a rule's", () => {
    const document = fiveUsd({ owner: "a\u001b[2J", rules: [rule] });
    expect(() => parseNewPolicy(document)).toThrow(PolicyError);
    expect(() => parseNewPolicy(document)).toThrow(
      'owner: got "a\\u001b[2J" with U+001B at character 2, wanted one line without control or invisible characters\n' +
        'rules[0].owner: got "b\\u202e" with U+202E at character 2, wanted one line',
    );
  });

  it("leaves what is stored already in force", () => {
    expect(parsePolicy(fiveUsd({ rules: [rule] })).rules).toHaveLength(1);
  });

  it("refuses all that a policy in force may not say, and takes the rest", () => {
    expect(() => parseNewPolicy({})).toThrow(PolicyError);
    expect(parseNewPolicy(fiveUsd({ owner: "shop-team" })).owner).toBe("shop-team");
  });
});
