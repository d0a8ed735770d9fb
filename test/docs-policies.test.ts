import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readPolicyText } from "../cli/policy/policy-file.ts";
import { PolicyFileError } from "../cli/policy/policy-file-error.ts";
import { parsePolicy, policyJsonSchema, warningsOf } from "../src/policy/index.ts";
import type { Limit, Needs, Unit } from "../src/policy/limits/limit.ts";
import { findLimit, KNOWN_KEYS, knownKeys, LIMITS } from "../src/policy/limits/registry.ts";

/** The pages on the policy language: one teaches, the others are to look things up in. */
const PAGES = ["policies", "policy-reference", "limits", "budgets", "policy-recipes", "testing-policies"];
const textOf = (page: string): string => readFileSync(new URL(`../docs/${page}.md`, import.meta.url), "utf8");
const limits = textOf("limits");
const pages = PAGES.map(textOf).join("\n");
const policiesIn = (text: string): readonly string[] =>
  [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = ""]) => yaml);

const TOLD_BY: Readonly<Record<Needs, string>> = {
  list: "the list",
  detail: "the detail",
  settings: "the detail, once",
};
const UNITS: Readonly<Record<Unit, string>> = {
  USD: "USD",
  "USD/h": "USD an hour",
  secs: "time",
  bytes: "bytes",
  count: "a number",
  times: "times",
  flag: "yes or no",
};

const unique = (texts: readonly string[]): string => [...new Set(texts)].sort().join(" or ");

/** The row of a limit, out of what the limit says of itself. */
function rowOf(limit: Limit): string {
  const { usage, about, needs } = limit;
  const keys = knownKeys(limit).length > 0 ? knownKeys(limit) : [usage];
  const units = unique(keys.map((key) => UNITS[limit.unit(key)]));
  const looks = unique(keys.map((key) => (limit.isGauge(key) ? "two looks" : "one look")));
  return `| \`${usage}\` | ${about.replace(/\.$/, "")} | ${TOLD_BY[needs]} | ${units} | ${looks} |`;
}

const sectionOf = (heading: string): string =>
  limits.split(/^(?=## )/m).find((section) => section.startsWith(`${heading}\n`)) ?? "";

/** Every key that a policy may have, but for those of limits. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties = {}, ...rest } = schema as { properties?: Record<string, unknown> };
  return [
    ...Object.keys(properties),
    ...Object.values(properties).flatMap(keysOf),
    ...Object.values(rest).flatMap(keysOf),
  ];
}

function answerTo(yaml: string): string {
  try {
    readPolicyText(yaml, "policy.yaml");
    return "It can be used.";
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyFileError);
    return (error as Error).message;
  }
}

describe("the pages on the policy language", () => {
  it("has the registry's own row for each limit", () => {
    const rows = sectionOf("# Limits")
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    expect(rows).toEqual(LIMITS.map(rowOf));
  });

  it.each(LIMITS)("teaches $usage by an example, how it is written and when it is unknown", ({ usage }) => {
    const section = sectionOf(`## \`${usage}\``);
    expect(section).toMatch(/\*\*Written\*\*/);
    expect(section).toMatch(/\*\*[Uu]nknown\*\*/);
    const used = policiesIn(section).flatMap((yaml) =>
      (parse(yaml).rules as { limit: object }[]).flatMap(({ limit }) => Object.keys(limit)),
    );
    expect(used.map((key) => findLimit(key)?.usage)).toContain(usage);
  });

  it("names every key of the language, every service and every known stat", () => {
    const keys = keysOf(policyJsonSchema()).filter((key) => findLimit(key) === undefined);
    const names = KNOWN_KEYS.map((key) => key.slice(key.indexOf(".") + 1));
    expect(keys).toEqual(
      expect.arrayContaining(["percentOfLive", "except", "cpuBelow", "basis", "timeZone"]),
    );
    for (const key of [...new Set([...keys, ...names])])
      expect(pages, key).toMatch(new RegExp(`\`[^\`\n]*\\b${key}\\b[^\`\n]*\``));
  });

  it("shows no policy that would be warned of", () => {
    for (const yaml of policiesIn(pages)) expect(warningsOf(parsePolicy(parse(yaml))), yaml).toEqual([]);
  });

  it("shows mistakes with the answer that they get", () => {
    const mistakes = [...pages.matchAll(/```yaml wrong\n(.*?)```\s*```text\n(.*?)```/gs)];
    expect(mistakes.length).toBeGreaterThan(0);
    for (const [, yaml = "", answer = ""] of mistakes) {
      expect(answerTo(yaml)).toBe(answer.trimEnd());
    }
  });
});
