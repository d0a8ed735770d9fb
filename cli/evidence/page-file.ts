import { randomUUID } from "node:crypto";
import { rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import type { Option } from "../command.ts";
import type { Args } from "../options/args.ts";
import { UsageError } from "../options/usage-error.ts";

/** The option of what can be shown as a page, too. */
export const HTML: Readonly<Record<string, Option>> = {
  html: { value: "FILE", about: "Write it as one HTML page, which needs no network and no script" },
};

const statOf = (path: string) => stat(path).catch(() => undefined);

/** Where the page that `--html` asks for goes; `undefined` where none is asked for. Found out before anything is read. */
export async function pageFile(args: Args): Promise<string | undefined> {
  const file = args.text("html");
  if (file === undefined) return undefined;
  // A policy that stands by its name in the place of the page would be gone.
  if (!/^\.html?$/i.test(extname(file)))
    throw new UsageError(`--html: got "${file}", wanted a name that ends in .html.`);
  if ((await statOf(file))?.isDirectory())
    throw new UsageError(`--html: ${file} is a folder; name a file in it.`);
  const folder = dirname(resolve(file));
  if (!(await statOf(folder))?.isDirectory())
    throw new UsageError(`--html: there is no folder ${folder}; make it first.`);
  return file;
}

/** Writes a page whole, or not at all: what stood there stays until then. Throws `UsageError` where it can't be written. */
export async function writePage(file: string, html: string): Promise<void> {
  const whole = resolve(file);
  const beside = join(dirname(whole), `.${basename(whole)}.${randomUUID().slice(0, 8)}`);
  try {
    await writeFile(beside, html, { flag: "wx" });
    await rename(beside, whole);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new UsageError(`--html: ${file} can't be written: ${(cause as Error).message}`, { cause });
  }
}

/** What is said of it afterwards. */
export const pageWritten = (file: string): string => `Written to ${file}.`;
