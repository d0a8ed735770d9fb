import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

/**
 * Text as Brotli packs it: the live index of a hundred runs is some 77 KB of JSON and 7 to 10 KB packed, and each KB that is written
 * each minute is paid for. A higher quality takes many times as long for a few percent.
 */
const QUALITY = 5;
/** More than any index that is met: what unpacks to more is no text of ours. */
const MOST_BYTES = 64 * 1024 * 1024;

export const pack = (text: string): Uint8Array =>
  brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
  });

/** `undefined` for what was not packed so. */
export function unpack(packed: unknown): string | undefined {
  if (!(packed instanceof Uint8Array)) return undefined;
  try {
    return brotliDecompressSync(packed, { maxOutputLength: MOST_BYTES }).toString("utf8");
  } catch {
    return undefined;
  }
}
