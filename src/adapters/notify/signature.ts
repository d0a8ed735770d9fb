import { createHmac } from "node:crypto";
import { ConfigError } from "../../watchdog/model/errors.ts";

const PREFIX = "whsec_";
/** Source: Standard Webhooks 1.0, "Signature scheme": between 24 and 64 bytes. */
const [LEAST_BYTES, MOST_BYTES] = [24, 64];

/** The key in a text such as `whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD`. Throws `ConfigError`, which never holds the text. */
export function signingKey(text: string, where: string): Buffer {
  const coded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : "";
  const key = Buffer.from(coded, "base64");
  const isWhole = /^[A-Za-z0-9+/]+={0,2}$/.test(coded);
  if (isWhole && key.length >= LEAST_BYTES && key.length <= MOST_BYTES) return key;
  throw new ConfigError(
    `${where} holds no key to sign with: wanted ${PREFIX} and ${LEAST_BYTES} to ${MOST_BYTES} bytes in base64; ` +
      `this makes one: echo "${PREFIX}$(openssl rand -base64 32)"`,
  );
}

/**
 * The headers by which a receiver knows who sent a body and when. Source: Standard Webhooks 1.0: HMAC-SHA256 over the id, the
 * time in whole seconds and the body, joined by dots.
 */
export function signatureHeaders(
  { id, body, now }: { readonly id: string; readonly body: string; readonly now: Date },
  key: Buffer,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`, "utf8").digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}
