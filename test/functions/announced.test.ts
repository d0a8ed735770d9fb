import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ANNOUNCED, kindsOf, ROUTED_KINDS } from "../../functions/notifier-contract.ts";

const page = readFileSync(new URL("../../docs/notifications.md", import.meta.url), "utf8");

/** The row of the table of kinds that names a kind. */
const rowOf = (kind: string): readonly string[] =>
  page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .find(([, kinds = "", ...cells]) => cells.length === 4 && kinds.split(", ").includes(`\`${kind}\``)) ??
  [];

describe("docs/notifications.md", () => {
  it.each(ROUTED_KINDS)("says of %s how soon it is sent, and whether people get it", (kind) => {
    const { when, toPeople } = ANNOUNCED[kind];
    const [, , , sent, people] = rowOf(kind);
    expect(sent).toBe(kind === "digest" ? "on schedule" : when);
    expect(people).toBe(toPeople ? "yes" : "no");
  });
});

describe("kindsOf()", () => {
  it("gives programs everything, and people what they should know", () => {
    expect(kindsOf("eventbridge")).toEqual(ROUTED_KINDS);
    expect(kindsOf("webhook")).toEqual(ROUTED_KINDS);
    expect(kindsOf("sns")).toEqual(kindsOf("slack"));
    expect(kindsOf("sns")).not.toContain("abort.intended");
  });

  it("goes by patterns where there are some", () => {
    expect(kindsOf("sns", ["policy.*", "digest"])).toEqual(["policy.pushed", "policy.fell-back", "digest"]);
    expect(kindsOf("slack", ["*"])).toEqual(ROUTED_KINDS);
  });
});
