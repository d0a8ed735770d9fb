import { type Source, stripComments } from "./sources.ts";

export const checkDefaultExports = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ source }) =>
      /^\s*export\s+default\b|^\s*export\s*\{[^}]*\bas\s+default\b/m.test(stripComments(source)),
    )
    .map(({ path }) => `${path} has a default export; give what it exports the name of the file.`);

/** A URL's path is encoded: where the checkout's own path has a space, no file is found by it. */
export const checkPaths = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ source }) => /import\.meta\.url\s*\)\s*\.pathname\b/.test(stripComments(source)))
    .map(({ path }) => `${path} takes a file's path from a URL as it is; use fileURLToPath of node:url.`);
