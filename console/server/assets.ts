import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { PAGE_ID, type Page } from "../api.ts";

export type Asset = { readonly type: string; readonly body: Buffer; readonly gzip: Buffer };

/** The files that the page loads, by their paths, and what they are. */
const FILES = {
  "/app.js": "text/javascript; charset=utf-8",
  "/app.css": "text/css; charset=utf-8",
} as const;

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#1a7f37"/><path d="M4 8.5l3 3 5-6" fill="none" stroke="#fff" stroke-width="2"/></svg>';

export const assetOf = (type: string, text: string | Buffer): Asset => {
  const body = Buffer.from(text);
  return { type, body, gzip: gzipSync(body) };
};

/** Reads them once from the folder that they are built into. Throws where one is not there. */
export async function readAssets(folder: string): Promise<ReadonlyMap<string, Asset>> {
  const files = Object.entries(FILES).map(
    async ([path, type]) => [path, assetOf(type, await readFile(join(folder, path)))] as const,
  );
  return new Map([...(await Promise.all(files)), ["/icon.svg", assetOf("image/svg+xml", ICON)]]);
}

/** The page itself, which the script draws. Nothing that is in it comes from elsewhere. */
export const pageHtml = ({ session, canAct }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Watchdog console</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/app.css">
<script type="module" src="/app.js"></script>
</head>
<body>
<div id="${PAGE_ID}" data-session="${session}" data-can-act="${canAct}"></div>
<noscript>The console needs JavaScript. On the command line: watchdog status</noscript>
</body>
</html>
`;
