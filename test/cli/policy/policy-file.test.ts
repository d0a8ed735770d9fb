import { describe, expect, it } from "vitest";
import { readPolicyFile, readPolicyText } from "../../../cli/policy/policy-file.ts";
import { PolicyFileError } from "../../../cli/policy/policy-file-error.ts";

const messageOf = (text: string): string => {
  try {
    readPolicyText(text, "policy.yaml");
    return "none";
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyFileError);
    return (error as Error).message;
  }
};

const RULE = `  - id: a
    limit: { usageTotalUsd: 5 }
    steps: [{ at: 100%, do: abort }]`;

describe("an alias", () => {
  it.each([
    ["leads nowhere", "version: *nope\n", "1:10", "Unresolved alias"],
    [
      "stands for more than memory would hold",
      `a: &a [${"1,".repeat(20)}]\nb: &b [${"*a,".repeat(20)}]\nc: [${"*b,".repeat(20)}]\n`,
      "2:8",
      "Excessive alias count",
    ],
  ])("that %s is told as any mistake of the file", (_what, yaml, place, says) => {
    expect(() => readPolicyText(yaml, "p.yaml")).toThrow(PolicyFileError);
    expect(() => readPolicyText(yaml, "p.yaml")).toThrow(`p.yaml:${place}  ${says}`);
  });
});

describe("readPolicyText()", () => {
  it("reads YAML and JSON alike", () => {
    const fromYaml = readPolicyText(`version: 1\nrules:\n${RULE}`, "policy.yaml");
    expect(readPolicyText(JSON.stringify(fromYaml), "policy.json")).toEqual(fromYaml);
  });

  it("points at the line and column of each mistake, and changes nothing", () => {
    expect(messageOf(`version: 1\nmode: enforced\nrules:\n${RULE.replace("abort", "kill")}`)).toBe(
      [
        "policy.yaml can't be used as a policy; nothing was changed:",
        '  policy.yaml:2:7  mode: got "enforced", wanted one of observe, enforce (did you mean enforce?)',
        '  policy.yaml:6:29  rules[0].steps[0].do: got "kill", wanted one of notify, abort, abort-now (did you mean abort-now?)',
      ].join("\n"),
    );
  });

  it.each([
    ["an empty file", ""],
    ["a file of comments", "# soon\n\n"],
  ])("says of %s that there is nothing in it", (_what, text) => {
    expect(messageOf(text)).toBe(
      "policy.yaml can't be used as a policy; nothing was changed:\n  policy.yaml:1:1  there is nothing in it",
    );
  });

  it("points at where a missing key should have been", () => {
    expect(messageOf(`version: 1\nrules:\n  - id: a\n    limit: { runTime: 6h }`)).toContain(
      "policy.yaml:3:5  rules[0].steps: got nothing, wanted this key; it is required",
    );
  });

  it("guesses the key that was meant", () => {
    expect(messageOf(`version: 1\nmoed: enforce\nrules:\n${RULE}`)).toContain(
      'wanted "mode", or another of the keys',
    );
    expect(messageOf(`version: 1\nrules:\n${RULE.replace("usageTotalUsd", "usageTotalUSD")}`)).toContain(
      'did you mean "usageTotalUsd"?',
    );
  });

  it("says where text is no YAML", () => {
    expect(messageOf("version: 1\nrules: [")).toContain(
      "policy.yaml is not readable as YAML:\n  policy.yaml:2:",
    );
  });

  it("refuses a key given twice", () => {
    expect(messageOf(`version: 1\nmode: observe\nmode: enforce\nrules:\n${RULE}`)).toContain(
      "policy.yaml:3:1",
    );
  });
});

describe("readPolicyFile()", () => {
  it("names the file that is not there, and what to do", async () => {
    await expect(readPolicyFile("no-such.yaml")).rejects.toThrow(
      /no-such\.yaml can't be read.*Is the path right/,
    );
  });
});
