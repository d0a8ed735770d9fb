import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";

/** A file of the project, its path from the root. Every check is a function of these, so that it can be tried on made-up ones. */
export type Source = { readonly path: string; readonly source: string };

const STRING_OR_COMMENT = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\*[\s\S]*?\*\/|(^|[^:`\\])\/\/.*$/gm;

/** The code alone. What looks like a comment in a string, such as `"@aws-sdk/*"`, is none. */
export const stripComments = (source: string): string =>
  source.replace(STRING_OR_COMMENT, (_all, text = "", before = "") => `${text}${before}`);

/** What a module takes from another: symbols by the names that they have there, `*` for all of them. */
export type Taken = { readonly from: string; readonly symbols: readonly string[] };

const CLAUSE = /^\s*(?:import|export)\b([^;"'`]*?)\bfrom\s*["']([^"']+)["'];?/gm;

function symbolsOf(clause: string): readonly string[] {
  const [outside = "", inside = ""] = clause.split(/[{}]/);
  const listed = inside.split(",").flatMap((each) => {
    const [name] = each.trim().split(/\s+as\s+/);
    return name ? name.replace(/^type\s+/, "") : [];
  });
  return outside.includes("*") ? ["*", ...listed] : listed;
}

/** Every import of, and export from, another module that names what it takes. */
export const takenBy = (source: string): readonly Taken[] =>
  [...stripComments(source).matchAll(CLAUSE)].map(([, clause = "", from = ""]) => ({
    from,
    symbols: symbolsOf(clause),
  }));

/** The code without these, where a symbol is really used. */
export const withoutImports = (source: string): string => stripComments(source).replace(CLAUSE, "");

/** Everything that a module imports, types too, exports from elsewhere, loads later or requires. */
export function importsOf(source: string): readonly string[] {
  const code = stripComments(source);
  const forms = [
    /^\s*import\s*["']([^"']+)["']/gm,
    /\bimport\s*\(\s*["'`]([^"'`]+)["'`]/g,
    /\brequire\s*\(\s*["'`]([^"'`]+)["'`]/g,
  ];
  const others = forms.flatMap((form) => [...code.matchAll(form)].flatMap(([, name]) => name ?? []));
  return [...takenBy(source).map(({ from }) => from), ...others];
}

/** The file that a relative import of another file means. */
export const targetOf = (path: string, name: string): string => posix.join(posix.dirname(path), name);

/** The project's own files that a file imports. */
export const filesImportedBy = ({ path, source }: Source): readonly string[] =>
  importsOf(source)
    .filter((name) => name.startsWith("."))
    .map((name) => targetOf(path, name));

/** The path, once for each line of the code that has this in it. */
export const linesWith = ({ path, source }: Source, pattern: RegExp): readonly string[] =>
  stripComments(source)
    .split("\n")
    .filter((line) => pattern.test(line))
    .map(() => path);

export const lineCount = ({ source }: Source): number => source.trimEnd().split("\n").length;

const ROOT = new URL("../..", import.meta.url);

/** All code in a folder of the project, which may be missing. */
export function read(folder: string): readonly Source[] {
  try {
    return readdirSync(new URL(folder, ROOT), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.[cm]?[jt]sx?$/.test(name) && !name.includes("node_modules"))
      .map((name) => posix.join(folder, name))
      .map((path) => ({ path, source: readFileSync(new URL(path, ROOT), "utf8") }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
