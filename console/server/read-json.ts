import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/** An order is small: its reason is the longest part. */
const MOST_BYTES = 16_384;

/** Reads a body as JSON. Throws `Refusal` for a long one, and for what is no JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const tooLong = new Refusal(413, `A body has ${MOST_BYTES} bytes at most.`, { Connection: "close" });
  if (Number(request.headers["content-length"] ?? 0) > MOST_BYTES) throw tooLong;
  if (request.headers["content-encoding"] !== undefined)
    throw new Refusal(415, "A body comes without Content-Encoding.");
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw tooLong;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new Refusal(400, "The body is no JSON.");
  }
}
