import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readChecked, readPolicyText } from "../cli/policy/policy-file.ts";
import { parsePolicy } from "../src/policy/index.ts";
import { type CaseOutcome, parseCases, tryCase } from "../src/policy-test/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"].concat(
  readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
);
const textOf = (page: string): string => readFileSync(root + page, "utf8");
const scripts = Object.keys(JSON.parse(textOf("package.json")).scripts);

const blocksOf = (fence: string) =>
  pages.flatMap((page) =>
    [...textOf(page).matchAll(new RegExp(`\`\`\`${fence}\n(.*?)\`\`\``, "gs"))].map(
      ([, yaml = ""], index) => ({
        page,
        index,
        yaml,
      }),
    ),
  );

const blocks = blocksOf("yaml");

const policyIn = (yaml: string, name: string) => parsePolicy(readPolicyText(yaml, name));
const tried = (cases: string, name: string, policy: ReturnType<typeof policyIn>): readonly CaseOutcome[] =>
  readChecked(cases, name, "cases", parseCases).value.cases.map((each) => tryCase(policy, each));
const failures = (outcomes: readonly CaseOutcome[]) =>
  outcomes
    .filter(({ passed }) => !passed)
    .map(({ name, runs }) => ({ name, differences: runs.flatMap(({ differences }) => differences) }));

const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");

/** Where an example's cases are: by its page and the heading that it stands under, the second one there with a 2. */
function caseFiles(page: string): readonly string[] {
  const found: string[] = [];
  let [heading, underIt] = ["", 0];
  // A block first, so that a comment in it is no heading.
  for (const [block, title] of textOf(page).matchAll(/^```\w*.*?\n```$|^#+ ([^\n]+)$/gms)) {
    if (title !== undefined) [heading, underIt] = [slug(title), 0];
    else if (/^```yaml\n/.test(block)) {
      underIt += 1;
      const folder = slug(page.replace(/^docs\//, "").replace(/\.md$/, ""));
      found.push(`docs/cases/${folder}/${heading}${underIt > 1 ? `-${underIt}` : ""}.yaml`);
    }
  }
  return found;
}

/** Every example, and the file of its cases. */
const examples = pages.flatMap((page) => {
  const files = caseFiles(page);
  const own = blocks.filter((block) => block.page === page);
  return own.map(({ yaml }, at) => ({ page, yaml, file: files[at] ?? "" }));
});

describe("the documents", () => {
  it.each(blocks)("show a policy that can be used: $page, example $index", ({ page, yaml }) => {
    expect(() => readPolicyText(yaml, page)).not.toThrow();
  });

  it("show policies at all", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(4);
    expect(blocksOf("yaml cases")).not.toEqual([]);
  });

  it.each(examples)("decide as $file says, for the example of $page", ({ page, yaml, file }) => {
    const policy = policyIn(yaml, page);
    const outcomes = tried(textOf(file), file, policy);
    expect(failures(outcomes)).toEqual([]);
    const expected = outcomes.flatMap(({ runs }) => runs.map((run) => run.expected));
    for (const { id } of policy.rules) {
      const acts = expected.some((each) => each.rule === id);
      expect(acts, `${file} has a case in which ${id} acts`).toBe(true);
    }
    const spares = expected.some((each) => each.do === "nothing");
    expect(spares, `${file} has a case in which nothing is done`).toBe(true);
  });

  it("have cases for every example, and for nothing else", () => {
    const files = readdirSync(`${root}docs/cases`, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".yaml"))
      .map((name) => `docs/cases/${name}`);
    expect(files.sort()).toEqual(examples.map(({ file }) => file).sort());
  });

  it.each(blocksOf("yaml cases"))("show cases that pass: $page, example $index", ({ page, yaml }) => {
    const shipped = policyIn(textOf("policy.yaml"), "policy.yaml");
    expect(failures(tried(yaml, page, shipped))).toEqual([]);
  });

  it.each(pages)("link only to pages and headings that are there: %s", (page) => {
    const folder = page.includes("/") ? `${page.slice(0, page.lastIndexOf("/"))}/` : "";
    for (const [, link = "", anchor] of textOf(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)) {
      const linked = link === "" ? page : folder + link;
      expect(() => readdirOrRead(root + linked), `${page} links to ${linked}`).not.toThrow();
      if (anchor !== undefined) expect(anchorsOf(linked), `${page} links to ${linked}`).toContain(anchor);
    }
  });

  it("show the mail about a stop as it is written", () => {
    const [, shown = ""] = /```text mail\n(.*?)```/s.exec(textOf("docs/notifications.md")) ?? [];
    expect(shown).toBe(textOf("test/notices/stopped.mail.txt"));
  });

  it("name only tests that are there, for each promise", () => {
    const named = [...textOf("docs/safety.md").matchAll(/`([a-z]+\/[\w/-]+)(\.test\.ts)?`/g)].map(
      ([, path, ending]) => (ending ? `${path}${ending}` : `test/journeys/${path}.test.ts`),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(root + path))).toEqual([]);
  });

  it.each(pages)("name only commands that exist: %s", (page) => {
    for (const [, script = ""] of textOf(page).matchAll(/npm run (?:--silent )?([\w:-]+)/g)) {
      expect(scripts, `${page} says npm run ${script}`).toContain(script);
    }
  });
});

/** Where a command line is told: the documents, and what the command line says of itself. */
const tellers = pages.concat("cli/start/start-options.ts", "cli/package.ts");

describe("what is told of --json through npm", () => {
  it.each(tellers)("silences npm, whose own lines would stand before the JSON: %s", (page) => {
    for (const [line] of textOf(page).matchAll(/npm (?:run|start)\b[^`\n]*--json/g)) {
      expect(line).toContain("--silent");
    }
  });
});

/** By what the headings of a page are linked to, as GitHub and npm make them. */
const anchorsOf = (page: string): readonly string[] =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );

function readdirOrRead(path: string): void {
  try {
    readdirSync(path);
  } catch {
    readFileSync(path);
  }
}
