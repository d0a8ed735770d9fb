import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { createBrotliDecompress, createGunzip } from "node:zlib";
import type { EmulatorRequest, EmulatorResponse } from "./message.ts";

/**
 * How long a read with `waitForFinish` is held before it is answered. Apify waits up to a minute; clients ask again at
 * once when the run has not ended, so no pause at all would make them spin.
 */
const WAIT_FOR_FINISH_MS = 50;

/** Serves `handle` over HTTP on 127.0.0.1 until `close()`, which also cuts what is still under way. */
export async function listen(
  handle: (request: EmulatorRequest) => EmulatorResponse,
  port: number,
): Promise<{ readonly url: string; readonly port: number; close(): Promise<void> }> {
  const closing = new AbortController();
  const server = createServer((incoming, outgoing) => {
    respond(handle, incoming, outgoing, closing.signal).catch((error: unknown) => {
      // A client that hung up, or close(): nobody is left to answer. Anything else is a mistake in the emulator.
      if (!closing.signal.aborted && !incoming.destroyed) console.error(error);
      outgoing.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const taken = typeof address === "object" && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(
  handle: (request: EmulatorRequest) => EmulatorResponse,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const body = await read(incoming);
  const { method = "GET", url = "/" } = incoming;
  if (/[?&]waitForFinish=[1-9]/.test(url)) await sleep(WAIT_FOR_FINISH_MS, undefined, { signal });
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  const answer = handle({ method, url, headers, ...(body === "" ? {} : { body }) });
  if (answer.delayMs > 0) await sleep(answer.delayMs, undefined, { signal });
  // Node.js would add a date of the machine's own.
  outgoing.sendDate = false;
  if (answer.kind === "reset") incoming.socket.destroy();
  else outgoing.writeHead(answer.status, answer.headers).end(answer.body);
}

/** Apify's client compresses bodies of a kilobyte and more. */
function read(incoming: IncomingMessage): Promise<string> {
  const encoding = incoming.headers["content-encoding"];
  if (encoding === "br") return text(incoming.pipe(createBrotliDecompress()));
  if (encoding === "gzip") return text(incoming.pipe(createGunzip()));
  return text(incoming);
}
