import type { IncomingMessage, ServerResponse } from "node:http";
import type { Asset } from "./assets.ts";
import type { Refusal } from "./refusal.ts";

export function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "Content-Type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

export function sendAsset({ headers }: IncomingMessage, response: ServerResponse, asset: Asset): void {
  const isPacked = /\bgzip\b/.test(String(headers["accept-encoding"] ?? ""));
  response.writeHead(200, { "Content-Type": asset.type, ...(isPacked && { "Content-Encoding": "gzip" }) });
  response.end(isPacked ? asset.gzip : asset.body);
}

/** Says in plain text why not; what of the request is still on its way is not read. */
export function sendRefusal(response: ServerResponse, { status, message, headers }: Refusal): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", ...headers });
  response.end(`${message}\n`);
}
