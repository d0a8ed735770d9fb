import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Found = { readonly id: string; readonly nodes: readonly { readonly html: string }[] };

/** What axe-core finds wrong with a page as it is now, each with where. */
export async function findings(page: Page): Promise<readonly string[]> {
  // Through the debugger, which the page's own policy does not bind.
  await page.evaluate(await source);
  const found = (await page.evaluate("axe.run()")) as { readonly violations: readonly Found[] };
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
