import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readPolicyText } from "../cli/policy-file.ts";

const root = new URL("..", import.meta.url).pathname;
const pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].concat(
  readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
);
const textOf = (page: string): string => readFileSync(root + page, "utf8");
const scripts = Object.keys(JSON.parse(textOf("package.json")).scripts);

const blocks = pages.flatMap((page) =>
  [...textOf(page).matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = ""], index) => ({ page, index, yaml })),
);

describe("the documents", () => {
  it.each(blocks)("show a policy that can be used: $page, example $index", ({ page, yaml }) => {
    expect(() => readPolicyText(yaml, page)).not.toThrow();
  });

  it("show policies at all", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(4);
  });

  it.each(pages)("link only to what is there: %s", (page) => {
    const folder = page.includes("/") ? `${page.slice(0, page.lastIndexOf("/"))}/` : "";
    const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
      ([, link = ""]) => folder + link,
    );
    for (const link of links)
      expect(() => readdirOrRead(root + link), `${page} links to ${link}`).not.toThrow();
  });

  it.each(pages)("name only commands that exist: %s", (page) => {
    for (const [, script = ""] of textOf(page).matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
      expect(scripts, `${page} says npm run ${script}`).toContain(script);
    }
  });
});

/** Where a command line is told: the documents, and what the command line says of itself. */
const tellers = pages.concat("cli/start-options.ts", "cli/program.ts");

describe("what is told of --json through npm", () => {
  it.each(tellers)("silences npm, whose own lines would stand before the JSON: %s", (page) => {
    for (const [line] of textOf(page).matchAll(/npm (?:run|start)\b[^`\n]*--json/g)) {
      expect(line).toContain("--silent");
    }
  });
});

function readdirOrRead(path: string): void {
  try {
    readdirSync(path);
  } catch {
    readFileSync(path);
  }
}
