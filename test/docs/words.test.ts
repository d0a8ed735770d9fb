import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Words that readers stumble over, with what an engineer says to a colleague. */
const STUMBLES: Readonly<Record<string, string>> = {
  "tell|tells|told": "report, show, notify",
  "dear|dearer|dearest": "expensive",
  anew: "again, new",
  nobody: "no one, not known",
  "but for|all but|none but": "except",
  "as ever": "as always",
  likewise: "the same",
  "mend|mends|mended": "repair, correct",
  "spoilt|burnt": "corrupt, spent",
  "lest|thereby|whereby|heed": "so that",
  "such as": "for example",
};
const stumbles = new RegExp(`\\b(${Object.keys(STUMBLES).join("|")})\\b`, "gi");
const EVERY = 2_000;

const namesIn = (folder: string, end: string): readonly string[] =>
  readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(end))
    .map((name) => `${folder}/${name}`);
const read = (file: string): string => readFileSync(root + file, "utf8");

const pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", ...namesIn("docs", ".md")];
/** What stands in quotes and has a blank in it: messages, help, descriptions. */
const textsIn = (file: string): string =>
  read(file)
    .replaceAll(/\/\*.*?\*\/|^\s*\/\/[^\n]*$/gms, "")
    // Twice, for one may be within another.
    .replaceAll(/\$\{[^{}]*\}/g, "…")
    .replaceAll(/\$\{[^{}]*\}/g, "…")
    .match(/"(?:[^"\\\n]|\\.)*"|`[^`]*`/g)
    ?.filter((text) => text.includes(" "))
    .join("\n") ?? "";
const codes = ["cli", "src", "infra", "emulator", "functions"].flatMap((folder) => namesIn(folder, ".ts"));

const countOf = (text: string): number => text.match(/[A-Za-z]+/g)?.length ?? 0;

describe("what people read", () => {
  it.each([
    { what: "README and docs", texts: pages.map((page) => ({ file: page, text: read(page) })) },
    { what: "messages and help", texts: codes.map((file) => ({ file, text: textsIn(file) })) },
  ])("stumbles over at most one word in 2,000: $what", ({ texts }) => {
    const words = texts.reduce((sum, { text }) => sum + countOf(text), 0);
    const found = texts.flatMap(({ file, text }) =>
      [...text.matchAll(stumbles)].map((each) => {
        const word = each[0];
        const [, instead] =
          Object.entries(STUMBLES).find(([own]) => own.split("|").includes(word.toLowerCase())) ?? [];
        const around = text.slice(Math.max(0, each.index - 30), each.index + 30).replaceAll(/\s+/g, " ");
        return `${file}: "…${around}…" (${word}: ${instead})`;
      }),
    );
    expect(words).toBeGreaterThan(10_000);
    expect(found.length, found.join("\n")).toBeLessThanOrEqual(words / EVERY);
  });
});
