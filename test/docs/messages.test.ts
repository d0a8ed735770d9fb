import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const PAGES = ["docs/troubleshooting.md", "docs/attention.md"];

/** Every text of the code, each figure or name in it as `…`; texts that are joined by `+` as one. */
const said = ["cli", "src", "functions"]
  .flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(`${root}${folder}/${name}`, "utf8")),
  )
  .map((code) => code.replaceAll(/(["`])\s*\+\s*["`]/g, "").replaceAll(/\$\{[^{}]*\}/g, "…"))
  .join("\n");

/** What is quoted in the first column of a page's tables. */
const quoted = PAGES.flatMap((page) =>
  [...readFileSync(root + page, "utf8").matchAll(/^\| (`.*?) \| /gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, message = ""]) => ({ page, message })),
  ),
);

/** The longest stretch of a message without a name or a figure, and the others that are longer than a word. */
const stretchesOf = (message: string): readonly string[] => {
  const all = message.split("…").map((each) => each.replace(/^[\s;:,.()"]+|[\s;:,.()"]+$/g, ""));
  const longest = Math.max(...all.map(({ length }) => length));
  return all.filter((each) => each.length === longest || / \S+ /.test(each));
};

/** In one text of the code, or at the joint of two: an id and its reason, a piece of work and `failed`. */
function isSaid(stretch: string): boolean {
  if (said.includes(stretch)) return true;
  const words = stretch.split(" ");
  return words.some((_, at) => {
    const halves = [words.slice(0, at).join(" ").replace(/:$/, ""), words.slice(at).join(" ")];
    return at > 0 && halves.every((half) => said.includes(half));
  });
}

describe("the messages that the documents explain", () => {
  it("are many", () => expect(quoted.length).toBeGreaterThan(80));

  it.each(quoted)("are what the code says: $message ($page)", ({ message }) => {
    for (const stretch of stretchesOf(message)) expect(isSaid(stretch), stretch).toBe(true);
  });
});
