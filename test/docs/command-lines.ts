import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export type Shown = {
  readonly page: string;
  /** One command, as it is typed: without what is before `&&`, behind `|` or `>`, and without variables before it. */
  readonly command: string;
  /** In a line of its text, where it may be a part of one. */
  readonly inline: boolean;
};

const PROGRAMS = "npm|npx|watchdog|aws|read|export|unset|cdk";
const FENCED = /^ *```sh\n(.*?)^ *```$/gms;
const INDENTED = new RegExp(`^ {4,}((?:\\$ )?(?:${PROGRAMS}) .*)$`, "gm");
const INLINE = new RegExp(`\`((?:[A-Z_]+=\\S+ )?(?:${PROGRAMS}) [^\`\\n]+)\``, "g");

/** The commands of one line: without its comment. What is in quotes stays whole. */
function commandsOf(line: string): readonly string[] {
  const bare = line.replace(/\s+#\s.*$/, "").trim();
  return (bare.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'&|])+/g) ?? [])
    .map((each) => each.replace(/\s>\s*\S+\s*$/, "").trim())
    .map((each) => each.replace(/^(?:[A-Z_]+=\S* )+/, ""))
    .filter((each) => each !== "");
}

export const PAGES = ["README.md", "CONTRIBUTING.md"].concat(
  readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
);

/** Every command that the documents show, each once. */
export function shownCommands(): readonly Shown[] {
  const all = PAGES.flatMap((page) => {
    const text = readFileSync(root + page, "utf8");
    const bare = text.replaceAll(/^ *```.*?^ *```$/gms, "");
    const lines = [
      ...[...text.matchAll(FENCED)].flatMap(([, block = ""]) => block.trim().split("\n")),
      ...[...bare.matchAll(INDENTED)].map(([, line = ""]) => line),
    ];
    const inlines = [...bare.matchAll(INLINE)].map(([, line = ""]) => line);
    return [
      ...lines.flatMap(commandsOf).map((command) => ({ page, command, inline: false })),
      ...inlines.flatMap(commandsOf).map((command) => ({ page, command, inline: true })),
    ];
  });
  const wholeLast = all.toSorted((a, b) => Number(b.inline) - Number(a.inline));
  return [...new Map(wholeLast.map((each) => [each.command, each] as const)).values()];
}
