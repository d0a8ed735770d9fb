import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Metafile } from "esbuild";

type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name: string };
};

/** The folder of the package that a bundled file belongs to; `undefined` for our own. */
const packageOf = (input: string): string | undefined =>
  /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll("\\", "/"))?.[1];

const IS_NOTICE = /^(licen[cs]e|notice|copying)([.-][\w.-]+)?$/i;

async function noticeOf(folder: string): Promise<{ readonly head: string; readonly text: string }> {
  const { name, version, license, author } = JSON.parse(
    await readFile(join(folder, "package.json"), "utf8"),
  ) as Manifest;
  if (!license)
    throw new Error(`${name} ${version} is bundled and names no licence: leave it out, or find its licence`);
  const files = (await readdir(folder)).filter((file) => IS_NOTICE.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  const by = typeof author === "string" ? author : author?.name;
  return {
    head: `${name} ${version} (${license})`,
    // Where the package has no text, what there is to know of whose it is.
    text:
      texts.map((text) => text.trim()).join("\n\n") || `Licensed under ${license} by ${by ?? "its authors"}.`,
  };
}

/** What is bundled of others, each with its licence; the same text once, under all that it belongs to. */
export async function noticesOf(root: string, metafiles: readonly Metafile[]): Promise<string> {
  const folders = new Set(
    metafiles
      .flatMap(({ outputs }) => Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)))
      .flatMap((input) => packageOf(input) ?? []),
  );
  const notices = await Promise.all([...folders].map((folder) => noticeOf(join(root, folder))));
  const heads = new Map<string, string[]>();
  for (const { head, text } of notices.sort((a, b) => (a.head < b.head ? -1 : 1))) {
    const known = heads.get(text);
    if (!known) heads.set(text, [head]);
    else if (!known.includes(head)) known.push(head);
  }
  const parts = [...heads].map(([text, packages]) => `${packages.join("\n")}\n\n${text}`);
  const title = "The JavaScript of this package contains parts of the packages below, under these licences.";
  return `${[title, ...parts].join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}
